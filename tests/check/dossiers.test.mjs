/**
 * The browser's checks of dossiers and receipts, run by node over files that Python made:
 *   node dossiers.test.mjs FOLDER
 * reads FOLDER/cases.json ([{file, trust, entry}]) and writes FOLDER/found.json ([{outcome, failed, lines}]).
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
const load = (name) => import(join(folder, "js", name));
const { checkDossier } = await load("check-dossier.js");
const { checkReceipt, isReceipt } = await load("check-receipt.js");
const { checkRefusal, isRefusal } = await load("check-refusal.js");
const { parseTrust } = await load("check-keys.js");
const { outcome, verdict } = await load("check-report.js");

const found = [];
for (const { file, trust = "", entry = "" } of JSON.parse(await readFile(join(folder, "cases.json"), "utf8"))) {
  const bytes = new Uint8Array(await readFile(file));
  const options = { trust: parseTrust(trust), entry };
  const report = isRefusal(bytes) ? checkRefusal(bytes, options) : isReceipt(bytes) ? await checkReceipt(bytes, options) : await checkDossier(new Blob([bytes]), options);
  const lines = Object.fromEntries(report.lines.map(({ id, status }) => [id, status]));
  found.push({ outcome: outcome(report), verdict: verdict(report), lines, details: report.lines.flatMap(({ details }) => details.map(({ en }) => en)) });
}
await writeFile(join(folder, "found.json"), JSON.stringify(found));
