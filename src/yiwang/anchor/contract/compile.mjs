// Compile Anchor.sol to the artefact that is kept beside it: node compile.mjs [folder that holds node_modules/solc]
// Target: the instruction set of 2019 (istanbul), which consortium chains of every kind run.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const require = createRequire(join(resolve(process.argv[2] ?? "."), "package.json"));
const solc = require("solc");
const source = readFileSync(new URL("Anchor.sol", import.meta.url), "utf8");
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "istanbul",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "Anchor.sol": { Anchor: ["abi", "evm.bytecode.object"] } },
};
const input = { language: "Solidity", sources: { "Anchor.sol": { content: source } }, settings };
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const errors = (output.errors ?? []).filter((each) => each.severity === "error");
if (errors.length) {
  console.error(errors.map((each) => each.formattedMessage).join("\n"));
  process.exit(1);
}
const { abi, evm } = output.contracts["Anchor.sol"].Anchor;
const artefact = {
  contract: "Anchor",
  compiler: solc.version().replace(/\.Emscripten.*$/, ""),
  evmVersion: settings.evmVersion,
  source_sha256: createHash("sha256").update(source).digest("hex"),
  abi,
  bytecode: "0x" + evm.bytecode.object,
};
console.log(JSON.stringify(artefact, null, 1));
