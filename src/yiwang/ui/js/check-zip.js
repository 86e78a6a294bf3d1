/**
 * The dossier's archive: a zip file with one form only (stored, sorted by name, no dates, no gaps), of which every byte
 * is compared with what its contents give. The same rules as yiwang.verifier.archive.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, same, toHex } from "./encoding.js";
import { Problem } from "./problem.js";

const BLOCK = 1 << 20;
const MOST_AT_ONCE = 256 * BLOCK;
const FULL = 0xffffffff;
const UTF8 = 0x0800;
const DATE = 0x0021;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @typedef {{name: string, start: number, size: number, crc: number, sha256: string, read: () => Promise<Uint8Array>}} Entry
 */

/** Whether a file begins like a zip archive. */
export async function isArchive(blob) {
  return same(await part(blob, 0, 4), Uint8Array.of(0x50, 0x4b, 3, 4));
}

/**
 * Read an archive and compare all its bytes with those that its contents give.
 * @param {Blob} blob
 * @param {(done: number, all: number) => void} progress bytes read
 * @returns {Promise<Map<string, Entry>>} by name
 * @throws {Problem} names the first place that differs
 */
export async function readArchive(blob, progress = () => {}) {
  const entries = new Map();
  let [at, before] = [0, null];
  while (same(await part(blob, at, 4), Uint8Array.of(0x50, 0x4b, 3, 4))) {
    const entry = await readEntry(blob, at, (done) => progress(done, blob.size));
    const encoded = encoder.encode(entry.name);
    if (before && order(before, encoded) >= 0) throw wrong(entry.name, "次序不对或重复", "is out of order, or stands twice");
    before = encoded;
    entries.set(entry.name, entry);
    at = entry.start + entry.size;
  }
  if (!entries.size) throw new Problem("不是案卷包（zip 文件）", "not a dossier (zip file)");
  const tail = tailOf([...entries.values()], at);
  if (blob.size - at > tail.length) throw wrong("zip", "文件末尾多出字节", "has bytes after its end");
  if (!same(await part(blob, at, tail.length), tail)) throw wrong("zip", "目录与内容不符", "has a directory that does not fit the contents");
  return entries;
}

async function readEntry(blob, at, progress) {
  const head = await part(blob, at, 30);
  if (head.length < 30) throw wrong("zip", "文件被截断", "is cut off");
  const view = new DataView(head.buffer);
  const [size, length] = [view.getUint32(18, true), view.getUint16(26, true)];
  const encoded = await part(blob, at + 30, length);
  const name = nameOf(encoded);
  const start = at + 30 + length;
  if (start + size > blob.size) throw wrong(name, "被截断", "is cut off");
  const [digest, crc] = await measure(blob, start, size, progress);
  if (!same(concat(head, encoded), localHeader(encoded, size, crc))) {
    throw wrong(name, "文件头或校验和与内容不符", "has a header or checksum that does not fit its content");
  }
  return { name, start, size, crc, sha256: digest, read: () => part(blob, start, size) };
}

/** SHA-256 and CRC-32 of a part. The browser's own SHA-256 is several times faster, but wants everything at once. */
async function measure(blob, start, size, progress) {
  const native = globalThis.crypto?.subtle;
  if (!native || size < BLOCK || size > MOST_AT_ONCE) return measureInBlocks(blob, start, size, progress);
  const whole = await part(blob, start, size);
  const digest = native.digest("SHA-256", whole);
  let crc = 0xffffffff;
  for (let at = 0; at < size; at += 8 * BLOCK) {
    crc = crc32(crc, whole.subarray(at, at + 8 * BLOCK));
    progress(start + Math.min(size, at + 8 * BLOCK));
    // The page is drawn between two blocks.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return [toHex(new Uint8Array(await digest)), (crc ^ 0xffffffff) >>> 0];
}

async function measureInBlocks(blob, start, size, progress) {
  const hash = sha256.create();
  let [crc, done] = [0xffffffff, 0];
  while (done < size) {
    const block = await part(blob, start + done, Math.min(BLOCK, size - done));
    hash.update(block);
    crc = crc32(crc, block);
    done += block.length;
    progress(start + done);
  }
  return [toHex(hash.digest()), (crc ^ 0xffffffff) >>> 0];
}

function nameOf(encoded) {
  try {
    return decoder.decode(encoded);
  } catch {
    throw wrong("zip", "有文件名不是 UTF-8", "has a name that is not UTF-8");
  }
}

async function part(blob, from, length) {
  return new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
}

/** Numbers of 2, 4 or 8 bytes, least byte first. */
function pack(...pairs) {
  const bytes = [];
  for (const [width, value] of pairs) for (let n = 0n; n < width; n++) bytes.push(Number((BigInt(value) >> (8n * n)) & 0xffn));
  return Uint8Array.from(bytes);
}

const twos = (...values) => values.map((value) => [2, value]);
const fours = (...values) => values.map((value) => [4, value]);

function localHeader(encoded, size, crc) {
  return concat(pack([4, 0x04034b50], ...twos(20, UTF8, 0, 0, DATE), ...fours(crc, size, size), ...twos(encoded.length, 0)), encoded);
}

function centralHeader({ name, start, size, crc }) {
  const encoded = encoder.encode(name);
  const offset = start - 30 - encoded.length;
  const extra = offset >= FULL ? pack(...twos(1, 8), [8, offset]) : new Uint8Array();
  const needs = extra.length ? 45 : 20;
  const head = pack([4, 0x02014b50], ...twos(needs, needs, UTF8, 0, 0, DATE), ...fours(crc, size, size),
    ...twos(encoded.length, extra.length, 0, 0, 0), ...fours(0, extra.length ? FULL : offset));
  return concat(head, encoded, extra);
}

/** The central directory and what ends the archive, for entries that end at `at`. */
function tailOf(entries, at) {
  const directory = concat(...entries.map(centralHeader));
  const [count, size] = [entries.length, directory.length];
  const large = at >= FULL || count >= 0xffff || size >= FULL;
  const end64 = large
    ? pack([4, 0x06064b50], [8, 44], ...twos(45, 45), ...fours(0, 0), ...[count, count, size, at].map((value) => [8, value]),
        [4, 0x07064b50], [4, 0], [8, at + size], [4, 1])
    : new Uint8Array();
  const few = Math.min(count, 0xffff);
  return concat(directory, end64, pack([4, 0x06054b50], ...twos(0, 0, few, few), ...fours(Math.min(size, FULL), Math.min(at, FULL)), [2, 0]));
}

function order(a, b) {
  const at = a.findIndex((byte, n) => byte !== b[n]);
  return at < 0 ? a.length - b.length : b.length <= at ? 1 : a[at] - b[at];
}

function wrong(name, zh, en) {
  return new Problem(`${name}：${zh}`, `${name} ${en}`);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(crc, bytes) {
  for (let at = 0; at < bytes.length; at++) crc = CRC[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return crc;
}
