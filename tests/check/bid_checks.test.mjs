/** The check before sealing, line by line: node bid_checks.test.mjs FOLDER, with the modules in FOLDER/js. */

import assert from "node:assert/strict";
import { join } from "node:path";

globalThis.document = { documentElement: { lang: "en" }, createElement: () => ({}) };
const load = (name) => import(join(process.argv[2], "js", name));
const checks = await load("bid-checks.js");
const { fenOf, sizeWords, spanWords, yuanOf } = await load("bid-amounts.js");
const { filesWrong, oddity } = await load("bid-files.js");

assert.deepEqual(["1,234.5", "0", "1.234", "", "10000000000000.01", "７"].map(fenOf), [123450, null, null, null, null, null]);
assert.equal(yuanOf(123456789), "1,234,567.89");
assert.deepEqual([sizeWords(1), sizeWords(5 * 2 ** 20), sizeWords(3 * 2 ** 30)], ["1 KB", "5.0 MB", "3.00 GB"]);
assert.deepEqual([30, -600, 10_800, 864_000].map(spanWords), ["30 s", "10 min", "3 h", "10 days"]);

const states = (lines) => lines.map(({ state }) => state);
const lot = { ceiling: 100, minimum: 50 };
assert.deepEqual(states([null, 101, 49, 75].map((fen) => checks.priceLine(fen, lot))), ["bad", "look", "look", "good"]);
assert.equal(checks.priceLine(1, { ceiling: null, minimum: null }).state, "good");
assert.equal(checks.unpricedLine().state, "good"); // a round that asks for no price

const file = (name, content) => new File([content], name);
const pdf = (content) => file("a.pdf", content);
assert.deepEqual(states([[], [pdf("")], [pdf("x"), pdf("y")], [file("a:b.pdf", "x")], [pdf("x")]].map((files) => checks.filesLine(files, 2 ** 32))), ["bad", "bad", "bad", "bad", "good"]);
assert.equal(checks.filesLine([pdf("x")], 1000).state, "bad");
assert.equal(filesWrong([file("好.pdf", "x")]).length, 0);

for (const [given, words] of [
  [pdf("%PDF-1.7\nx\n%%EOF"), ""], [pdf("%PDF-1.7\nx"), "cut off"], [pdf("%PDF-1.7\ntrailer /Encrypt 5 0 R\n%%EOF"), "password"],
  [pdf("PK\u0003\u0004"), "not pdf"], [file("a.exe", "MZ\u0000"), "is a program"], [file("a.pdf", "MZ"), "is a program"],
  [file("a.xyz", "x"), "unusual"], [file("a.txt", "x"), ""], [file("noending", "x"), "unusual"],
]) {
  const said = await oddity(given);
  assert.ok(words ? said.includes(words) : said === "", `${given.name}: ${said}`);
}
assert.deepEqual(states([checks.odditiesLine(["", undefined]), checks.odditiesLine(["", "odd"])]), ["good", "look"]);

const opens = "2027-03-01T09:00:00Z";
const certificates = (...until) => ({ opens, certificatesUrl: "/", certificates: until.map((each) => ({ name: "x", until: each })) });
assert.deepEqual(states([certificates(), certificates("2027-03-01T09:00:00Z"), certificates("2027-03-01T09:00:01Z")].map(checks.certificateLine)), ["look", "look", "good"]);
assert.deepEqual(states([0, 59, -61, 61].map(checks.clockLine)), ["good", "good", "look", "look"]);
assert.match(checks.clockLine(-600).words, /10 min slow/);
assert.deepEqual(states([undefined, { quota: 2 ** 20, usage: 0 }, { quota: 2 ** 30, usage: 0 }].map((room) => checks.roomLine([pdf("x")], room))), ["look", "look", "good"]);
assert.equal(checks.askedLine([], "/"), undefined);
assert.match(checks.askedLine([{ zh: "技术", en: "Technical" }], "/").words, /Technical/);
