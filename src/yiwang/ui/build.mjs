// Bundles the browser modules in js/ that need libraries, one file each, into static/build/; and makes the one file that
// checks dossiers without a network.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

const libraries = ["seal", "seal-worker", "signing", "custodian"];
const pages = ["sign-form", "keys", "draw-share", "bid-seal", "bid-local", "rehearsal", "custody-key", "score-sheet", "check-page", "remembered-check", "joint-page"];
const entryPoints = [...libraries, ...pages].map((name) => `js/${name}.js`).filter((path) => existsSync(path));
const shared = { bundle: true, target: ["es2022"], minify: true, logLevel: "info" };

if (entryPoints.length === 0) {
  console.log("no browser modules to bundle");
} else {
  await build({ ...shared, entryPoints, outdir: "static/build", format: "esm", legalComments: "linked" });
}
if (existsSync("js/check-offline.js")) await offlineCheck();

/** One HTML file with everything in it. Named .txt: on the center's own origin it must not run as a page. */
async function offlineCheck() {
  const made = await build({ ...shared, entryPoints: ["js/check-offline.js"], format: "iife", write: false, legalComments: "none" });
  const script = made.outputFiles[0].text.replaceAll("</script", "<\\/script");
  const sheets = ["tokens", "base", "components", "check"].map((name) => readFile(`static/ui/css/${name}.css`, "utf8"));
  const style = (await transform((await Promise.all(sheets)).join("\n"), { loader: "css", minify: true })).code;
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; form-action 'none'; base-uri 'none'`;
  const parts = { POLICY: policy, STYLE: style, SCRIPT: script };
  const page = await readFile("js/check-offline.html", "utf8");
  await writeFile("static/build/yiwang-check.html.txt", page.replace(/%(POLICY|STYLE|SCRIPT)%/g, (_, name) => parts[name]));
}
