/**
 * The signed refusal of a late bid, checked in the visitor's own browser: the log's key signed it, and it came after the
 * deadline. The file is a C2SP signed note; its lines are those of yiwang/seal/refusal.py.
 */

import { decimal, parseNote, parseVkey, verifyEd25519 } from "./check-note.js";
import { FAILED, line, OK, text, textOf, UNSURE } from "./check-report.js";
import { strictBase64 } from "./encoding.js";
import { Problem } from "./problem.js";

const HEADER = "yiwang refusal v1";
const NAMES = ["reason", "act", "tender", "lot", "tenderer", "envelope", "received", "deadline", "closing", "checkpoint", "key"];
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const WORD = /^[^\s\x00-\x1f\x7f]{1,300}$/;
const FORMS = {
  reason: /^late$/, act: /^[a-z_]+\.[a-z_]+$/, tender: WORD, lot: WORD, tenderer: WORD, envelope: /^(-|[0-9a-f]{64})$/,
  received: STAMP, deadline: STAMP, closing: /^(-|0|[1-9]\d{0,15})$/, checkpoint: /^(-|\S+ \d+ \S+)$/, key: WORD,
};

const SIGNED = [text("日志的密钥签了这份拒收回执", "the log's key signed this refusal"), text("由公钥核对签名（C2SP signed-note，Ed25519）", "from the key: the signature (C2SP signed-note, Ed25519)")];
const LATE = [text("确在截止之后送达", "it came after the deadline"), text("由回执所载的送达时刻与截止时刻比较", "from the moments of arrival and deadline in it")];
const OWN_KEY = text("签名所用的公钥取自回执本身：请与交易中心公布的公钥比对，或在上面填入您信任的公钥。", "that the key is the center's: it was taken from the refusal; compare it with the published one, or fill in the keys that you trust");
const CLOCK = text("中心的时钟是准的：送达时刻由中心写明。见证方的时钟公布在“见证方”页，与两家以上相差超过 2 秒时中心不能截标，也不以迟到为由拒收。", "that the center's clock was right: it wrote the moment. The witnesses' clocks are public on the page “Witnesses”; while two of them are more than 2 s away from it, the center can neither close bidding nor refuse a bid as late");
const ONLY = text("中心不保存拒收回执，日志里也没有；这个文件就是唯一的凭据，请妥善保管。", "that there is another copy: the center keeps none and the log does not tell; this file is the only one, so keep it");

/** Whether bytes begin like a signed refusal. */
export function isRefusal(bytes) {
  return new TextDecoder().decode(bytes.subarray(0, HEADER.length + 1)) === `${HEADER}\n`;
}

/**
 * Read the text of a refusal strictly: every line, in its order and form.
 * @param {Uint8Array} bytes the note's text
 */
export function parseRefusal(bytes) {
  const [header, ...lines] = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\n");
  const wrong = (name) => new Problem(`拒收回执的“${name}”不合格式`, `“${name}” of the refusal is malformed`);
  if (header !== HEADER || lines.length !== NAMES.length + 1 || lines.pop() !== "") throw wrong("text");
  const said = {};
  NAMES.forEach((name, at) => {
    const value = lines[at].slice(name.length + 1);
    if (!lines[at].startsWith(`${name} `) || !FORMS[name].test(value)) throw wrong(name);
    said[name] = value === "-" ? "" : value;
  });
  for (const name of ["received", "deadline"]) {
    const seconds = Date.parse(said[name]) / 1000;
    if (!(new Date(seconds * 1000).toISOString() === said[name].replace("Z", ".000Z"))) throw wrong(name);
    said[name] = seconds;
  }
  if (said.checkpoint) {
    const [, size, root] = said.checkpoint.split(" ");
    if (String(decimal(size)) !== size || strictBase64(root).length !== 32) throw wrong("checkpoint");
  }
  return said;
}

/**
 * Check a refusal.
 * @param {Uint8Array} bytes
 * @param {{trust?: import("./check-keys.js").Policy | null}} options whose keys; without, the key in the file
 * @returns {import("./check-report.js").Report & {proves: import("./check-report.js").Text}}
 */
export function checkRefusal(bytes, { trust = null } = {}) {
  const report = { kind: "refusal", title: text("拒收回执", "Signed refusal"), facts: [], lines: [], trust: [...(trust ? [] : [OWN_KEY]), CLOCK, ONLY], proves: text("这份文件什么也不证明。", "This file proves nothing.") };
  let said;
  try {
    const note = parseNote(bytes);
    said = parseRefusal(note.text);
    report.lines.push(signed(note, trust ? trust.logs : [parseVkey(said.key)]));
  } catch (error) {
    report.lines.push(line("signed", SIGNED, FAILED, [textOf(error)]));
    return report;
  }
  if (report.lines[0].status !== OK) return report;
  const late = said.received - said.deadline;
  report.lines.push(line("late", LATE, late >= 0 ? OK : FAILED, [late >= 0 ? text(`晚 ${late} 秒`, `${late} s late`) : text(`早 ${-late} 秒`, `${-late} s early`)]));
  report.proves = late >= 0 ? proves(said) : text("日志签了一份自相矛盾的拒收回执：所载送达时刻早于截止时刻。请交给行政监督部门。", "The log signed a refusal that contradicts itself: by its own words it came before the deadline. Hand it to the supervisor.");
  report.facts = factsOf(said);
  return report;
}

/** A signature of a known key must be right, and there must be one. */
function signed({ text: content, signatures }, keys) {
  const names = [];
  for (const { name, id, blob } of signatures) {
    const key = keys.find((vkey) => vkey.name === name && vkey.id === id);
    if (!key) continue;
    if (verifyEd25519(key, content, blob) !== true) throw new Problem(`${name} 的签名不对`, `the signature of ${name} is wrong`);
    names.push(name);
  }
  if (!names.length) return line("signed", SIGNED, UNSURE, [text("您信任的密钥没有签这份文件", "no key that you trust signed this file")]);
  return line("signed", SIGNED, OK, [text(names.join("、"), names.join(", "))]);
}

function factsOf(said) {
  const fact = (zh, en, value) => ({ name: text(zh, en), value: typeof value === "string" ? text(value, value) : value });
  const rows = [fact("项目", "Tender", said.tender + (said.lot ? ` / ${said.lot}` : "")), fact("投标人", "Tenderer", said.tenderer)];
  if (said.envelope) rows.push(fact("密封文件 SHA-256", "SHA-256 of the sealed file", said.envelope));
  rows.push(fact("送达时刻（北京时间）", "Received (Beijing time)", local(said.received)), fact("截止时刻（北京时间）", "Deadline (Beijing time)", local(said.deadline)));
  if (said.closing) rows.push(fact("截标条目", "Closing entry", said.closing));
  if (said.checkpoint) rows.push(fact("当时的检查点", "Checkpoint at that time", said.checkpoint));
  return rows;
}

/** To the second: that is what the file is about. */
function local(seconds) {
  return new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function proves(said) {
  return text(
    `统一社会信用代码为 ${said.tenderer} 的单位向项目 ${said.tender} 的投标在截止之后送达，被中心拒收。中心不能否认收到过，也不能改说别的时刻。`,
    `The center refused a bid of the organisation ${said.tenderer} for tender ${said.tender}: it came after the deadline. The center cannot deny that it came, nor name another moment later.`,
  );
}
