// Bundles the browser modules in js/ that need libraries, one file each, into static/build/.
import { build } from "esbuild";
import { existsSync } from "node:fs";

const libraries = ["seal", "signing", "custodian"];
const pages = ["sign-form", "keys", "draw-share", "bid-seal", "custody-key", "score-sheet"];
const entryPoints = [...libraries, ...pages].map((name) => `js/${name}.js`).filter((path) => existsSync(path));

if (entryPoints.length === 0) {
  console.log("no browser modules to bundle");
} else {
  await build({
    entryPoints,
    outdir: "static/build",
    bundle: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "linked",
    logLevel: "info",
  });
}
