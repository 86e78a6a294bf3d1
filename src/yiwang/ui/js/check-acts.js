/**
 * The acts of a dossier: reading them, and the checks of log entries, chain of acts, and private parts.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { canonical } from "./canonical.js";
import { leafHash, verifyInclusion } from "./check-merkle.js";
import { judged, later, text, textOf } from "./check-report.js";
import { actContent, entryOf, fields } from "./check-shapes.js";
import { concat, fromHex, strictBase64, toHex } from "./encoding.js";

/**
 * @typedef {{index: number, entry: string, salt?: string, act?: object, private?: object, private_salt?: string}} Row
 */

export const WORDS = {
  log: [text("行为都在日志中", "every act is in the log"),
    text("由盐值和内容重算每个日志条目（SHA-256 与 SM3），由包含证明重算检查点的根", "from salt and content: each log entry (SHA-256 and SM3); from the inclusion proofs: the checkpoint's root")],
  chain: [text("本项目的行为序号连续、没有缺失", "the tender's acts are complete in sequence"),
    text("由各行为的序号和前一行为的条目", "from each act's number and the entry of the act before")],
  private: [text("非公开部分未被改动", "private parts are unaltered"),
    text("由其内容重算加盐摘要", "from their content: the salted digests")],
};
/** First parts of the chains that acts of other chains than the tender's may stand on. */
const OTHER_CHAINS = ["bid", "person", "organisation"];
/** Acts of the earlier round of a chain that a later round rests on: whom it admitted, who sits in the committee, how it ended. */
const EARLIER = ["admission.decide", "draw.freeze_list", "draw.commit", "draw.reveal", "draw.forfeit", "draw.seat", "draw.decline",
  "framework.review", "tender.fail", "tender.terminate"];
const SAYS_STAGE = ["tender.publish", "tender.invite", "tender.enter"];

/** Rows of acts.json in the order of the log, each checked for its form. @returns {Row[]} */
export function readActs(rows) {
  let before = -1;
  return rows.map((row, at) => {
    const path = `acts[${at}]`;
    const plain = { index: "count", entry: "string" };
    const hidden = !("act" in row);
    const secret = "private" in row ? { private: "object", private_salt: "hash" } : {};
    fields(row, path, hidden ? plain : { ...plain, salt: "hash", act: "object", ...secret });
    if (!hidden) actContent(row.act, `${path}.act`);
    if (row.index <= before) throw new TypeError(`${path}.index is not above the one before`);
    if (!/^[0-9a-f]{128}$/.test(row.entry)) throw new TypeError(`${path}.entry is not 64 bytes in hex`);
    before = row.index;
    return row;
  });
}

/** An act's name for people: chain, number, noun.verb. */
export const nameOf = (row) => `${row.act.subject}#${row.act.seq} ${row.act.act}`;

/** Each disclosed act is what its entry commits to; each entry stands in the log under the checkpoint. */
export function log({ shown, hidden, rows, proofs, checkpoint }) {
  const faults = [];
  for (const row of shown) {
    if (entryOf(row.salt, row.act) !== row.entry) faults.push(text(`${nameOf(row)}：内容或盐值与日志条目不符`, `${nameOf(row)}: content or salt do not give its log entry`));
  }
  const known = new Set(rows.map(({ index }) => String(index)));
  for (const index of Object.keys(proofs.inclusion).filter((each) => !known.has(each))) {
    faults.push(text(`proofs.json 多出 ${index} 号条目的证明`, `proofs.json holds a proof of entry ${index} that is not here`));
  }
  for (const { index, entry } of rows) {
    try {
      const path = proofs.inclusion[index].map(strictBase64);
      verifyInclusion(index, checkpoint.size, leafHash(fromHex(entry)), path, checkpoint.root);
    } catch (error) {
      const { zh, en } = textOf(error);
      faults.push(text(`日志第 ${index} 号没有这个条目（${zh}）`, `entry ${index} of the log is another (${en})`));
    }
  }
  return judged("log", WORDS.log, faults, text(`${shown.length} 个行为和 ${hidden.length} 个未公开条目都在 ${checkpoint.size} 条的日志中`,
    `${shown.length} acts and ${hidden.length} undisclosed entries are in the log of ${checkpoint.size}`));
}

/** The tender's acts are complete in sequence; acts of other chains fit where two neighbours of one chain are here. */
export function chain({ shown, hidden, chain: subject }) {
  const faults = [];
  const [own, others] = [shown.filter(({ act }) => act.subject === subject), shown.filter(({ act }) => act.subject !== subject)];
  const stage = own.find(({ act }) => SAYS_STAGE.includes(act.act))?.act.public.stage_of;
  const earlier = ({ act }) => stage && act.subject === `tender/${stage}` && EARLIER.includes(act.act);
  for (const row of others.filter((each) => !OTHER_CHAINS.includes(each.act.subject.split("/")[0]) && !earlier(each))) {
    faults.push(text(`${nameOf(row)}：不属于本项目`, `${nameOf(row)}: is not of this tender`));
  }
  faults.push(...sequence(own, hidden));
  const known = new Map(others.map((row) => [`${row.act.subject}#${row.act.seq}`, row]));
  for (const row of others) {
    const before = known.get(`${row.act.subject}#${row.act.seq - 1}`);
    if (before && (before.entry !== row.act.prev || before.index >= row.index)) faults.push(text(`${nameOf(row)}：与前一行为不相连`, `${nameOf(row)}: does not follow the act before`));
  }
  const blind = hidden.length ? text(`，其中 ${hidden.length} 个依法尚未公开`, `; ${hidden.length} of them are not public yet`) : text("，全部公开", "; all are public");
  const fine = own.length
    ? text(`序号 0 至 ${own.at(-1).act.seq} 连续${blind.zh}`, `numbers 0 to ${own.at(-1).act.seq} are complete${blind.en}`)
    : text("没有已公开的行为", "no act is public");
  return judged("chain", WORDS.chain, faults, fine);
}

/** Walk down the sequence; gaps are filled by the hidden entries in the order of the log. */
function* sequence(own, hidden) {
  const rest = [...hidden];
  let [before, seq] = ["", 0];
  for (const row of own) {
    for (; seq < row.act.seq && rest.length; seq++) before = rest.shift().entry;
    if (row.act.seq !== seq) yield text(`${nameOf(row)}：序号应为 ${seq}`, `${nameOf(row)}: its number should be ${seq}`);
    else if (row.act.prev !== before) yield text(`${nameOf(row)}：与第 ${seq - 1} 号行为不相连`, `${nameOf(row)}: does not follow number ${seq - 1}`);
    [before, seq] = [row.entry, row.act.seq + 1];
  }
  if (rest.length) yield text(`多出 ${rest.length} 个未公开条目`, `${rest.length} undisclosed entries are too many`);
}

/** Each private part is what its act has the salted digest of. */
export function privateParts({ shown }) {
  const with_ = shown.filter((row) => row.private);
  if (!with_.length) return later("private", WORDS.private, "本包不含非公开部分", "this dossier holds no private parts");
  const wrong = with_.filter((row) => toHex(sha256(concat(fromHex(row.private_salt), canonical(row.private)))) !== row.act.private_digest);
  const faults = wrong.map((row) => text(`${nameOf(row)}：非公开部分与摘要不符`, `${nameOf(row)}: its private part does not give the digest`));
  return judged("private", WORDS.private, faults, text(`${with_.length} 个非公开部分相符`, `${with_.length} private parts agree`));
}
