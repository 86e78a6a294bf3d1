/**
 * Both engines of the browser's sealing: node engines.test.mjs FOLDER reads FOLDER/case.json, writes FOLDER/<engine>.seal
 * and FOLDER/engines.json. One document is longer than 256 chunks of age, so that the nonce's counter carries.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
const load = (name) => import(join(folder, "js", name));
const { sealBid } = await load("seal.js");
const { plainEngine } = await load("seal-engine.js");
const { wasmEngine } = await load("seal-engine-wasm.js");
const { hashed } = await load("blocks.js");
const { createSigningKey } = await load("signing.js");

const given = JSON.parse(await readFile(join(folder, "case.json"), "utf8"));
const content = new Uint8Array(given.size).map((_, at) => (at * 31 + (at >> 8)) & 255);
const blob = new Blob([content]);
const files = [{ name: "large.bin", type: "", blob }, { name: "small.txt", type: "text/plain", blob: new Blob(["甲"]) }];
const signingKey = await createSigningKey();
const result = { sha256: createHash("sha256").update(content).digest("hex") };

// Known answer: RFC 8439 section 2.8.2 without associated data differs, so both engines are compared with each other here,
// and with Python by opening what they sealed.
const [key, nonce] = [new Uint8Array(32).fill(3), new Uint8Array(12).fill(9)];
const fast = await wasmEngine();
const ciphers = await Promise.all([plainEngine, fast, await wasmEngine({ native: false })].map((engine) => engine.cipher(key)));
for (const size of [0, 1, 15, 16, 65535, 65536]) {
  const outs = await Promise.all(ciphers.map(async (cipher) => {
    const out = new Uint8Array(size + 16);
    await cipher(nonce, content.subarray(0, size), out);
    return out;
  }));
  assert.deepEqual(outs[0], outs[1]);
  assert.deepEqual(outs[0], outs[2]);
}

for (const engine of [plainEngine, fast]) {
  const told = { reading: 0, progress: 0 };
  const tell = (name) => (done, total) => {
    assert.ok(done > told[name] && done <= total);
    told[name] = done;
  };
  const sealed = await sealBid({
    manifest: { tenderer: given.tenderer, price: 5 }, files, custodians: given.custodians, k: 3, signingKey, context: given.context,
    client: `test/1 sha256:${"0".repeat(64)}`, engine, reading: tell("reading"), progress: tell("progress"),
  });
  const bytes = new Uint8Array(await sealed.envelope.arrayBuffer());
  assert.equal(sealed.size, bytes.length);
  assert.equal(sealed.sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(told.reading, given.size + 3);
  await writeFile(join(folder, `${engine.name}.seal`), bytes);
  result[engine.name] = { sha256: sealed.sha256, manifestSha256: sealed.manifestSha256, identity: sealed.identity };
}

// A document that changes between reading and sealing is noticed, by either engine; a stop stops.
const bid = { manifest: { tenderer: given.tenderer, price: 5 }, custodians: given.custodians, k: 3, signingKey, context: given.context };
const changed = content.slice();
changed[given.size - 1] ^= 1;
for (const engine of [plainEngine, await wasmEngine()]) {
  const known = await hashed(blob, engine);
  const other = [{ name: "large.bin", type: "", blob: new Blob([changed]), known }];
  await assert.rejects(sealBid({ ...bid, files: other, engine }), { en: /changed while it was sealed/ });
}
const stop = new AbortController();
const stopped = sealBid({ ...bid, files, signal: stop.signal, progress: () => stop.abort(new Error("stopped")) });
await assert.rejects(stopped, /stopped/);

await writeFile(join(folder, "engines.json"), JSON.stringify(result));
