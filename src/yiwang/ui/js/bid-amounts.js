/** Amounts, sizes and moments of a bid, in the forms that people type and read. */

import { say } from "./page.js";

const MOST_FEN = 10 ** 15;

/** Fen of a yuan amount as typed; null when it is none. */
export function fenOf(text) {
  const clean = text.trim().replace(/[,，\s]/g, "");
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(clean);
  if (!found) return null;
  const fen = Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return fen > 0 && fen <= MOST_FEN ? fen : null;
}

/** 1,234,567.89 */
export function yuanOf(fen) {
  const cents = String(fen % 100).padStart(2, "0");
  return `${Math.floor(fen / 100).toLocaleString("en-US")}.${cents}`;
}

/** 3 KB, 12.5 MB, 1.20 GB */
export function sizeWords(bytes) {
  if (bytes < 2 ** 20) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${(bytes / 2 ** 30).toFixed(2)} GB`;
}

/** Date and time in Beijing, to the second: 2027-03-01 16:59:31. */
export function momentWords(stamp) {
  const parts = { dateStyle: "short", timeStyle: "medium", hourCycle: "h23", timeZone: "Asia/Shanghai" };
  return new Intl.DateTimeFormat("sv-SE", parts).format(new Date(stamp));
}

/** 20 seconds, 3 minutes, 2 hours, 4 days, without sign. */
export function spanWords(seconds) {
  const size = Math.abs(seconds);
  if (size < 120) return say(`${Math.round(size)} 秒`, `${Math.round(size)} s`);
  if (size < 7200) return say(`${Math.round(size / 60)} 分钟`, `${Math.round(size / 60)} min`);
  if (size >= 172_800) return say(`${Math.round(size / 86_400)} 天`, `${Math.round(size / 86_400)} days`);
  return say(`${Math.round(size / 3600)} 小时`, `${Math.round(size / 3600)} h`);
}
