/**
 * A receipt (C2SP tlog-proof) checked in the visitor's own browser: the entry follows from the act in it, stands in the
 * log at its index, and the log signed the checkpoint.
 */

import { verify } from "./check-keys.js";
import { leafHash, verifyInclusion } from "./check-merkle.js";
import { decimal, openCheckpoint, parseCheckpoint, parseNote } from "./check-note.js";
import { attempt, FAILED, LATER, line, OK, text, textOf, UNSURE } from "./check-report.js";
import { actContent, entryOf, fields, readCanonical } from "./check-shapes.js";
import { moment, standing, WORDS } from "./check-witnessed.js";
import { fromHex, strictBase64 } from "./encoding.js";
import { Problem } from "./problem.js";

const HEADER = "c2sp.org/tlog-proof@v1";
const MOST_BYTES = 2_000_000;
const MOST_HASHES = 63;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const READABLE = [text("回执可读", "the receipt can be read"), text("由文件的形式（C2SP tlog-proof）", "from the file's form (C2SP tlog-proof)")];
const ENTRY = [text("条目就是这个行为的指纹", "the entry is the hash of this act"), text("由回执里的盐值和内容重算条目（SHA-256 与 SM3）", "from salt and content in the receipt: the entry (SHA-256 and SM3)")];
const INCLUDED = [text("条目在日志里", "the entry is in the log"), text("由条目和包含证明重算检查点的根（RFC 6962）", "from the entry and the inclusion proof: the checkpoint's root (RFC 6962)")];
const SIGNED = [text("日志检查点的签名", "the log's checkpoint is signed"), text("由您给定的公钥核对检查点", "from the keys that you gave: the checkpoint's signatures")];

const NO_KEY = text("检查点由谁签名：回执里没有公钥，您也没有给定。请粘贴日志的公钥再核验。", "who signed the checkpoint: the receipt holds no key, and you gave none. Paste the log's keys and check again");
const STAYS = text("这个条目以后仍在日志里：回执证明它当时在；拿它与以后的日志对照，就知道有没有被删。", "that the entry stays in the log: the receipt proves that it was there; hold it against the later log to see whether it was taken out");
const WHO = text("行为由谁所做：回执只证明内容和位置。", "who acted: the receipt proves content and place only");
const CONTENT = text("这份证明不含行为的内容，只证明这个条目在日志里。", "what the entry stands for: this proof holds no act, only the entry");

/** Whether bytes begin like a receipt. */
export function isReceipt(bytes) {
  return new TextDecoder().decode(bytes.subarray(0, HEADER.length)) === HEADER;
}

/** Read a tlog-proof strictly. @param {Uint8Array} bytes */
export function parseProof(bytes) {
  const whole = decoder.decode(bytes);
  const border = whole.indexOf("\n\n");
  if (bytes.length > MOST_BYTES || border < 0) throw new Problem("没有检查点，或文件过长", "no checkpoint, or too long");
  const [header, ...lines] = whole.slice(0, border).split("\n");
  if (header !== HEADER) throw new Problem(`第 1 行须为 ${HEADER}`, `line 1 must be ${HEADER}`);
  const extra = lines[0]?.startsWith("extra ") ? strictBase64(lines.shift().slice(6)) : null;
  if (!lines[0]?.startsWith("index ")) throw new Problem("缺少 index 行", "the line index is missing");
  const index = decimal(lines.shift().slice(6));
  const hashes = lines.map(strictBase64);
  if (hashes.length > MOST_HASHES || hashes.some((hash) => hash.length !== 32)) throw new Problem("证明中的哈希不对", "the proof's hashes are malformed");
  const note = new TextEncoder().encode(whole.slice(border + 2));
  return { extra, index, hashes, note, checkpoint: parseCheckpoint(parseNote(note).text) };
}

/**
 * Check a receipt.
 * @param {Uint8Array} bytes
 * @param {{trust?: import("./check-keys.js").Policy | null, entry?: string}} options trust: whose keys; entry: in hex,
 *     for a proof that does not hold the act itself
 * @returns {Promise<import("./check-report.js").Report>}
 */
export async function checkReceipt(bytes, { trust = null, entry = "" } = {}) {
  const report = { kind: "receipt", title: text("回执", "Receipt"), facts: [], lines: [], trust: [...(trust ? [] : [NO_KEY]), STAYS] };
  let proof;
  try {
    proof = parseProof(bytes);
  } catch (error) {
    report.lines.push(line("receipt", READABLE, FAILED, [textOf(error)]));
    return report;
  }
  const { value, found } = await entryIn(proof, entry, report);
  report.needsEntry = !value && !proof.extra;
  report.lines.push(found, await attempt("included", INCLUDED, () => included(proof, value)));
  report.lines.push(...(await signatures(proof, trust)));
  return report;
}

/** The entry that the receipt's act gives, or that the reader typed; '' when neither is there. */
async function entryIn(proof, typed, report) {
  const fact = (zh, en, value) => ({ name: text(zh, en), value: text(value, value) });
  report.facts.push(fact("日志序号", "Log index", String(proof.index)), fact("日志", "Log", proof.checkpoint.origin));
  if (!proof.extra) {
    report.trust.push(CONTENT);
    const given = typed.replace(/\s/g, "").toLowerCase();
    if (!given) return { value: "", found: line("entry", ENTRY, UNSURE, [text("这份证明不含行为；请填入条目指纹", "this proof holds no act; fill in the entry's hash")]) };
    if (!/^[0-9a-f]{128}$/.test(given)) return { value: "", found: line("entry", ENTRY, FAILED, [text("条目指纹应为 128 位十六进制数字（SHA-256 接 SM3）", "an entry has 128 hexadecimal digits (SHA-256, then SM3)")]) };
    return { value: given, found: line("entry", ENTRY, LATER, [text("用的是您填入的条目指纹", "the entry that you typed")]) };
  }
  report.trust.push(WHO);
  try {
    const { salt, act } = fields(readCanonical(proof.extra, "extra"), "extra", { salt: "hash", act: "object" });
    actContent(act, "act");
    const value = entryOf(salt, act);
    report.facts.push(fact("行为", "Act", act.act), fact("证据主题", "Subject", `${act.subject}#${act.seq}`), fact("时间", "When", moment(Date.parse(act.at) / 1000)));
    return { value, found: line("entry", ENTRY, OK, [text(`${act.subject}#${act.seq} ${act.act}`, `${act.subject}#${act.seq} ${act.act}`), text(value, value)]) };
  } catch (error) {
    return { value: "", found: line("entry", ENTRY, FAILED, [textOf(error)]) };
  }
}

function included({ index, hashes, checkpoint }, value) {
  if (!value) return line("included", INCLUDED, UNSURE, [text("没有条目，无法核对", "without an entry nothing can be checked")]);
  verifyInclusion(index, checkpoint.size, leafHash(fromHex(value)), hashes, checkpoint.root);
  return line("included", INCLUDED, OK, [text(`第 ${index} 号，在 ${checkpoint.size} 条的日志中`, `entry ${index} in the log of ${checkpoint.size}`)]);
}

async function signatures({ note }, trust) {
  if (!trust) return [line("checkpoint", SIGNED, UNSURE, [NO_KEY])];
  try {
    const opened = openCheckpoint(note, { logs: trust.logs, witnesses: [...trust.witnesses.values()] }, verify);
    const said = text(`${opened.signed.length} 个日志签名有效`, `${opened.signed.length} valid signatures of the log`);
    return [line("checkpoint", SIGNED, OK, [said]), standing(opened, trust, true)];
  } catch (error) {
    return [line("checkpoint", SIGNED, FAILED, [textOf(error)])];
  }
}
