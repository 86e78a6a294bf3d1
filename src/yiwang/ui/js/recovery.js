/**
 * The printed recovery sheet of a custodian's key: the secret key as 15 groups of five characters that are typed back by
 * hand. The format is told in yiwang/seal/recovery.py; both are tested on the same vectors.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { Problem } from "./problem.js";

const ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
const PREFIX = "AGE-SECRET-KEY-1";
const TAG = "yiwang/recovery/v1\n";
const GROUPS = 15;
const PAYLOAD = 4;
const SIZE = PAYLOAD + 1;
const KEY = 58;
const READ_AS = { B: "8", I: "L", O: "0", 1: "L" };

/** The groups that stand for a secret key. @param {string} identity AGE-SECRET-KEY-1... @returns {string[]} */
export function groupsOf(identity) {
  const key = identity.trim().toUpperCase();
  const text = key.slice(PREFIX.length) + whole(key);
  if (!key.startsWith(PREFIX) || text.length !== GROUPS * PAYLOAD) throw new Problem("这不是保管人密钥", "this is no custodian's key");
  return Array.from({ length: GROUPS }, (_, n) => {
    const part = text.slice(n * PAYLOAD, (n + 1) * PAYLOAD);
    return part + check(n + 1, part);
  });
}

/**
 * The secret key that typed groups stand for; blanks, lines, dashes, case and group numbers do not matter.
 * @throws {Problem} naming the groups that are mistyped; its `groups` lists their numbers
 */
export function identityOf(typed) {
  const found = split(typed);
  const wrong = found.flatMap((group, n) => (sound(n + 1, group) ? [] : [n + 1]));
  if (wrong.length) {
    throw problem(`第 ${wrong.join("、")} 组抄错了，请对照恢复单重新输入`, `${wrong.length > 1 ? "groups" : "group"} ${wrong.join(", ")} mistyped; type again from the sheet`, wrong);
  }
  const text = found.map((group) => group.slice(0, PAYLOAD)).join("");
  const key = PREFIX + text.slice(0, KEY);
  if (whole(key) !== text.slice(KEY)) {
    throw problem("各组单独看都对，合起来却不是一把密钥", "each group is sound, but together they are no key", []);
  }
  return key;
}

/** Whether a text is rather the groups of a sheet than a key file. */
export function looksTyped(text) {
  return !text.includes("#") && !text.toUpperCase().includes(PREFIX) && plain(text).length >= SIZE * 2;
}

function split(typed) {
  const text = typed.normalize("NFKC").replace(/(?<![\p{L}\p{N}])\d{1,2}\s*[.:)、]\s*/gu, " ");
  const words = text.split(/[\s,;/|·—–-]+/u).map(plain).filter(Boolean);
  if (words.length === GROUPS) return words;
  const all = [...words.join("")];
  const cut = Array.from({ length: Math.ceil(all.length / SIZE) }, (_, n) => all.slice(n * SIZE, (n + 1) * SIZE).join(""));
  if (all.length === GROUPS * SIZE) return cut;
  const first = cut.findIndex((group, n) => !sound(n + 1, group)) + 1 || cut.length + 1;
  const from = Math.min(first, GROUPS);
  throw problem(
    `恢复单有 ${GROUPS} 组、每组 ${SIZE} 个字符，共 ${GROUPS * SIZE} 个；现在是 ${all.length} 个，从第 ${from} 组起对不上`,
    `the sheet has ${GROUPS} groups of ${SIZE} characters, ${GROUPS * SIZE} in all; there are ${all.length}, and from group ${from} on they do not fit`,
    [from],
  );
}

function problem(zh, en, groups) {
  return Object.assign(new Problem(zh, en), { groups });
}

function plain(text) {
  return [...text.normalize("NFKC").toUpperCase()].filter((char) => /[\p{L}\p{N}]/u.test(char)).map((char) => READ_AS[char] ?? char).join("");
}

function sound(number, group) {
  const known = group.length === SIZE && [...group].every((char) => ALPHABET.includes(char));
  return known && number <= GROUPS && check(number, group.slice(0, PAYLOAD)) === group[PAYLOAD];
}

function check(number, part) {
  let total = number;
  let power = 1;
  for (const char of part) {
    power = times(power, 2);
    total ^= times(power, ALPHABET.indexOf(char));
  }
  return ALPHABET[total];
}

/** Product in GF(32) with x^5+x^2+1. */
function times(left, right) {
  let product = 0;
  let factor = left;
  for (let rest = right; rest; rest >>= 1) {
    if (rest & 1) product ^= factor;
    factor = (factor << 1) ^ (factor & 16 ? 0x25 : 0);
  }
  return product;
}

function whole(key) {
  const digest = sha256(new TextEncoder().encode(TAG + key));
  const bits = (digest[0] << 2) | (digest[1] >> 6);
  return ALPHABET[bits >> 5] + ALPHABET[bits & 31];
}
