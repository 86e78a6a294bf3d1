/**
 * Checks of a dossier's documents, of the closing and of the opening record. Opening the sealed bids again with the
 * released keys is left to the command line.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { canonical } from "./canonical.js";
import { nameOf } from "./check-acts.js";
import { begun, grace, listed as listedIn } from "./check-grace.js";
import { judged, later, text } from "./check-report.js";
import { digest } from "./check-shapes.js";
import { concat, fromHex, toHex } from "./encoding.js";

export const WORDS = {
  documents: [text("文件就是行为所载的文件", "the files are those that the acts name"),
    text("由每个文件重算 SHA-256", "from each file: its SHA-256")],
  closing: [text("每份投标都在截止之前", "every bid came before the closing"),
    text("由投标承诺重算截止根，由日志序号判断先后", "from the bids' commitments: the closing root; from log indexes: which came first")],
  record: [text("开标记录与截止时收到的投标一致", "the opening record lists the bids that were in at closing"),
    text("由每份投标的内容摘要重算其承诺，由开标记录重算其摘要", "from each bid's parts: its commitment; from the opening record: its digest")],
};
const DOCUMENTS = "documents/";
const BIDS = "bids/";
const encoder = new TextEncoder();
/** What an act of submission and the opening record both say of a bid. */
const FACTS = ["tender", "lot", "round", "tenderer", "envelope_sha256", "envelope_size", "manifest_sha256", "commit_salt", "commitment", "client"];

/** Disclosed acts of a name, by index. */
export const all = ({ shown }, name) => shown.filter(({ act }) => act.act === name);
/** The last disclosed act of a name, or undefined. */
export const last = (dossier, name) => all(dossier, name).at(-1);
/** The opening record, or undefined before the opening. */
export const recordOf = (dossier) => last(dossier, "opening.open")?.act.public.record;

/** Documents and sealed bids are those that the acts name by hash and size, all of them and no other. */
export function documents(dossier) {
  const wanted = wantedFiles(dossier);
  const have = [...dossier.archive.values()].filter(({ name }) => name.startsWith(DOCUMENTS) || name.startsWith(BIDS));
  const faults = [...wanted.keys()].filter((name) => !dossier.archive.has(name)).map((name) => text(`缺少 ${name}`, `${name} is missing`));
  for (const { name, size, sha256: found } of have) {
    if (!wanted.has(name)) faults.push(text(`${name} 没有任何行为提到`, `no act names ${name}`));
    else if (found !== name.split("/")[1] || size !== wanted.get(name)) faults.push(text(`${name}：内容的 SHA-256 或大小与行为所载不符`, `${name}: SHA-256 or size is not what the act says`));
  }
  const listed = new Map(documentsOf(dossier).map((item) => [item.sha256, item]));
  for (const row of all(dossier, "tender.attach_document")) {
    const said = row.act.public.document;
    if (digest(listed.get(said.sha256) ?? null) !== digest(said)) faults.push(text(`${nameOf(row)}：公告没有列出这份文件`, `${nameOf(row)}: the notice does not list this document`));
  }
  const bids = [...wanted.keys()].filter((name) => name.startsWith(BIDS)).length;
  return judged("documents", WORDS.documents, faults, text(`${listed.size} 份招标文件、${bids} 份密封投标文件`, `${listed.size} documents, ${bids} sealed bids`));
}

function wantedFiles(dossier) {
  const wanted = new Map(documentsOf(dossier).map(({ sha256: hash, size }) => [DOCUMENTS + hash, size]));
  for (const bid of recordOf(dossier)?.bids ?? []) {
    const name = BIDS + bid.envelope_sha256;
    // A sealed file that the center itself lost or damaged may be missing; the record says so.
    if (bid.fault?.whose !== "center" || dossier.archive.has(name)) wanted.set(name, bid.envelope_size);
  }
  return wanted;
}

function documentsOf(dossier) {
  const notice = last(dossier, "tender.publish") ?? last(dossier, "tender.invite");
  return notice ? notice.act.public.documents : all(dossier, "tender.attach_document").map(({ act }) => act.public.document);
}

/** Every bid was in the log before the closing entry; the closing root follows from the commitments. */
export function closing(dossier) {
  const close = closingOf(dossier);
  if (!close) return later("closing", WORDS.closing, "投标尚未截止", "bidding is not closed yet");
  const { commitments, bids_root: root, count } = close.act.public;
  const faults = [];
  if (commitmentsRoot(commitments) !== root || commitments.length !== count) {
    faults.push(text(`${nameOf(close)}：承诺清单与根或份数不符`, `${nameOf(close)}: its list of commitments does not give its root or count`));
  }
  const known = new Set(commitments);
  for (const row of begun(dossier)) {
    if (row.index >= close.index) faults.push(text(`${nameOf(row)}：第 ${row.index} 号，在截止条目（第 ${close.index} 号）之后`, `${nameOf(row)}: entry ${row.index}, after the closing entry ${close.index}`));
    if (!known.has(row.act.public.commitment)) faults.push(text(`${nameOf(row)}：不在截止根之下`, `${nameOf(row)}: is not under the closing root`));
  }
  const bids = begun(dossier).length;
  return judged("closing", WORDS.closing, faults, bids
    ? text(`${bids} 份投标在截止条目（第 ${close.index} 号）之前且都在截止根之下`, `${bids} bids stand before the closing entry (${close.index}) and under its root`)
    : text(`${count} 份承诺与截止根一致；投标自开标起公开`, `${count} commitments give the closing root; bids are public from the opening`));
}

function closingOf(dossier) {
  return last(dossier, "opening.close") ?? all(dossier, "tender.fail").findLast(({ act }) => "commitments" in act.public);
}

/** The opening record lists every bid under the closing root and no other, each as its act of submission says. */
export function record(dossier) {
  const opened = last(dossier, "opening.open");
  if (!opened) return later("record", WORDS.record, "尚未开标", "bids are not opened yet");
  const [close, said] = [closingOf(dossier), opened.act.public.record];
  const faults = [];
  if (digest(said) !== opened.act.public.record_sha256) faults.push(text("开标记录与其摘要不符", "the opening record does not give its digest"));
  if (said.bids_root !== close.act.public.bids_root) faults.push(text("开标记录的根不是截止根", "the opening record's root is not the closing root"));
  const entered = listedIn(said);
  const listed = entered.map(({ commitment }) => commitment);
  if (new Set(listed).size !== listed.length) faults.push(text("同一投标列了两次", "a bid is listed twice"));
  faults.push(...differences(close.act.public.commitments, listed));
  const submitted = new Map(begun(dossier).map((row) => [row.act.subject, row]));
  for (const [subject, row] of submitted) {
    if (!entered.some(({ bid }) => bid === subject)) faults.push(text(`${nameOf(row)}：开标记录没有这份投标`, `${nameOf(row)}: the opening record does not list it`));
  }
  for (const bid of entered) faults.push(...asSubmitted(dossier, bid, submitted.get(bid.bid)));
  faults.push(...grace(dossier, said, close));
  const sound = said.bids.filter(({ fault }) => fault === null).length;
  return judged("record", WORDS.record, faults, text(`开标记录所列 ${said.bids.length} 份投标都是截止前收到的，其中 ${sound} 份有效`,
    `all ${said.bids.length} bids of the record were in before closing; ${sound} of them are sound`));
}

function* differences(closed, opened) {
  for (const each of closed.filter((one) => !opened.includes(one))) yield text(`截止根下的投标 ${each.slice(0, 16)}… 没有开标`, `bid ${each.slice(0, 16)}… under the closing root was not opened`);
  for (const each of opened.filter((one) => !closed.includes(one))) yield text(`投标 ${each.slice(0, 16)}… 不在截止根之下：迟到或事后加入`, `bid ${each.slice(0, 16)}… is not under the closing root: late, or slipped in`);
}

function* asSubmitted(dossier, bid, row) {
  if (!row) {
    yield text(`${bid.bid}：缺少投标行为`, `${bid.bid}: its act of submission is missing`);
    return;
  }
  const said = row.act.public;
  if (FACTS.some((key) => said[key] !== bid[key]) || said.tender !== dossier.tender || row.act.actor.party !== bid.tenderer) {
    yield text(`${nameOf(row)}：与开标记录不一致`, `${nameOf(row)}: differs from the opening record`);
  }
  const parts = { salt: bid.commit_salt, lot: bid.lot, tenderer: bid.tenderer, envelope: bid.envelope_sha256, manifest: bid.manifest_sha256 };
  if (toHex(sha256(concat(encoder.encode("bid/v1\n"), canonical(parts)))) !== bid.commitment) {
    yield text(`${nameOf(row)}：承诺不是由其内容算出的`, `${nameOf(row)}: its commitment does not follow from its parts`);
  }
}

/** SHA-256("bids/v1\n" || u64 count || commitments in ascending order). */
export function commitmentsRoot(commitments) {
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(commitments.length));
  if (new Set(commitments).size !== commitments.length) throw new TypeError("a commitment stands twice");
  return toHex(sha256(concat(encoder.encode("bids/v1\n"), count, ...[...commitments].sort().map(fromHex))));
}
