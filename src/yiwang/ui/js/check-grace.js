/**
 * Checks of what came after the closing: bytes of bids that were committed to before it, bids that they replaced, and
 * those whose bytes never came. The same rules as verifier/checks/closing.py.
 */

import { nameOf } from "./check-acts.js";
import { text } from "./check-report.js";

/** Where the opening record lists bids: opened; committed to and never delivered; replaced after the closing; returned unopened. */
const LISTS = ["bids", "undelivered", "replaced", "returned"];
/** What an act of delivery repeats of the commitment. */
const DELIVERED = ["tender", "lot", "tenderer", "envelope_sha256", "envelope_size", "commitment", "client"];

const named = ({ shown }, ...names) => shown.filter(({ act }) => names.includes(act.act));

/** All bids of the opening record, opened or not. */
export const listed = (record) => LISTS.flatMap((name) => record[name] ?? []);
/** The acts that began a bid: submission, or commitment. */
export const begun = (dossier) => named(dossier, "bid.submit", "bid.commit");
/** Who, for which lot: at most one bid of a place is opened. */
const placeOf = ({ tenderer, lot }) => `${tenderer} ${lot}`;

/** Until when bytes of committed bids might come, in milliseconds; NaN where no deadline is told. */
export function bytesUntil(dossier) {
  const notice = named(dossier, "tender.publish", "tender.invite").at(-1)?.act.public;
  const deadline = named(dossier, "clarification.answer").at(-1)?.act.public.deadline ?? notice?.deadline;
  return Date.parse(deadline) + 60_000 * (notice?.upload_grace_minutes ?? 0);
}

/** Bytes came before keys were known and within the grace; who replaced whom, and what never came, follows from that. */
export function* grace(dossier, record, close) {
  const until = bytesUntil(dossier);
  const began = new Map(begun(dossier).map((row) => [row.act.subject, row]));
  const came = new Map(named(dossier, "bid.deliver").map((row) => [row.act.subject, row]));
  const released = named(dossier, "opening.release_key");
  for (const row of [...released, ...named(dossier, "opening.open")]) {
    if (Date.parse(row.act.at) < until) yield text(`${nameOf(row)}：早于宽限结束`, `${nameOf(row)}: before the grace for uploads was over`);
  }
  if (came.size !== named(dossier, "bid.deliver").length) yield text("同一投标有两次送达", "a bid was delivered twice");
  for (const [subject, row] of came) yield* delivery(row, began.get(subject), until, released);
  yield* opened(record, began, came);
  const stands = new Map(record.bids.map((bid) => [placeOf(bid), bid.bid]));
  const index = (subject) => began.get(subject)?.index ?? -1;
  for (const bid of record.undelivered ?? []) {
    const { cause, whose } = bid.fault ?? {};
    if (cause !== "not_delivered" || whose !== "tenderer" || bid.price !== null) yield text(`${bid.bid}：没有写明文件未送达`, `${bid.bid}: does not say that its file never came`);
    if (came.has(bid.bid) || began.get(bid.bid)?.act.act !== "bid.commit") yield text(`${bid.bid}：文件已经送达，却没有打开`, `${bid.bid}: its file came, and it was not opened`);
    if (index(stands.get(placeOf(bid))) > index(bid.bid)) yield text(`${bid.bid}：已被较晚的投标替换`, `${bid.bid}: a later bid had replaced it`);
  }
  for (const bid of record.replaced ?? []) {
    const newer = stands.get(placeOf(bid));
    if (newer === undefined || newer !== bid.by || !(came.get(newer)?.index >= close.index) || index(newer) < index(bid.bid)) {
      yield text(`${bid.bid}：没有在宽限内被同一投标人较晚的投标替换`, `${bid.bid}: was not replaced, in the grace, by a later bid of the same tenderer`);
    }
  }
}

function* delivery(row, began, until, released) {
  if (!began || began.act.act !== "bid.commit" || began.index > row.index) {
    yield text(`${nameOf(row)}：此前没有登记`, `${nameOf(row)}: nothing was committed to before`);
    return;
  }
  if (DELIVERED.some((key) => row.act.public[key] !== began.act.public[key]) || row.act.actor.party !== began.act.actor.party) {
    yield text(`${nameOf(row)}：送达的不是登记的文件`, `${nameOf(row)}: another file came than was committed to`);
  }
  if (Date.parse(row.act.at) >= until) yield text(`${nameOf(row)}：晚于公告的宽限`, `${nameOf(row)}: came after the grace that the notice gave`);
  if (released.some(({ index }) => index < row.index)) yield text(`${nameOf(row)}：在密钥公布之后`, `${nameOf(row)}: came after a key was released`);
}

function* opened(record, began, came) {
  const places = record.bids.map((bid) => `${placeOf(bid)} ${bid.round}`);
  if (new Set(places).size !== places.length) yield text("同一投标人有两份投标被打开", "two bids of one tenderer were opened");
  for (const { bid } of record.bids) {
    if (began.get(bid)?.act.act === "bid.commit" && !came.has(bid)) yield text(`${bid}：文件没有送达却被打开`, `${bid}: was opened though its file never came`);
  }
}
