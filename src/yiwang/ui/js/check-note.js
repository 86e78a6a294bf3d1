/**
 * C2SP signed notes and checkpoints: strict reading, verifier keys, and Ed25519 signatures of logs (0x01) and
 * witnesses (0x04). ML-DSA-44 (0x06) is added by check-keys.js, so that small modules can do without it.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { EMPTY_ROOT } from "./check-merkle.js";
import { concat, same, strictBase64, toHex } from "./encoding.js";
import { Problem } from "./problem.js";

export const [ED25519, ED25519_COSIGNATURE, MLDSA44] = [0x01, 0x04, 0x06];
const KEY_BYTES = { [ED25519]: 32, [ED25519_COSIGNATURE]: 32, [MLDSA44]: 1312 };
const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @typedef {{name: string, kind: number, key: Uint8Array, id: string, text: string}} VKey id: 4 bytes in hex
 * @typedef {{name: string, id: string, blob: Uint8Array}} Signature
 * @typedef {{origin: string, size: number, root: Uint8Array, extensions: string[]}} Checkpoint
 */

/** Read `name+hex(id)+base64(type||key)`. @returns {VKey} */
export function parseVkey(text) {
  const [name, id, ...rest] = text.split("+");
  const material = base64(rest.join("+"), "公钥", "the verifier key");
  if (!validName(name) || !material.length) throw new Problem("公钥格式不对，应为 名称+编号+base64", "malformed verifier key; it has the form name+id+base64");
  const [kind, key] = [material[0], material.subarray(1)];
  if (!(kind in KEY_BYTES)) throw new Problem(`不支持 ${name} 的密钥类型`, `unsupported key type of ${name}`);
  if (key.length !== KEY_BYTES[kind]) throw new Problem(`${name} 的公钥长度不对`, `the public key of ${name} has the wrong length`);
  if (toHex(sha256(concat(encoder.encode(`${name}\n`), material))).slice(0, 8) !== id) {
    throw new Problem(`${name} 的密钥编号与公钥不符`, `the key id of ${name} does not fit its key`);
  }
  return { name, kind, key, id, text };
}

/**
 * Split a note into text and signatures, strictly, WITHOUT checking any signature.
 * @param {Uint8Array} note
 * @returns {{text: Uint8Array, signatures: Signature[]}}
 */
export function parseNote(note) {
  if (note.length > MOST_BYTES) throw new Problem("签名文本过长", "the note is too long");
  const whole = utf8(note);
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw new Problem("签名文本含有控制字符", "the note has a control character");
  const border = whole.lastIndexOf("\n\n");
  const lines = whole.slice(border + 2, -1).split("\n");
  if (border < 0 || !whole.endsWith("\n") || border + 2 === whole.length) throw new Problem("没有签名行", "no signature lines");
  if (lines.length > MOST_SIGNATURES) throw new Problem("签名过多", "too many signatures");
  return { text: encoder.encode(whole.slice(0, border + 1)), signatures: lines.map(parseLine) };
}

function parseLine(line, at) {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  if (!name || !validName(name)) throw new Problem(`第 ${at + 1} 行签名格式不对`, `signature line ${at + 1} is malformed`);
  const blob = base64(encoded, `第 ${at + 1} 行签名`, `signature line ${at + 1}`);
  if (blob.length < 5) throw new Problem(`第 ${at + 1} 行签名太短`, `signature line ${at + 1} is too short`);
  return { name, id: toHex(blob.subarray(0, 4)), blob: blob.subarray(4) };
}

/** Read a checkpoint's text: origin, size, root, extension lines. @returns {Checkpoint} */
export function parseCheckpoint(text) {
  const lines = utf8(text).split("\n");
  if (lines.length < 4 || lines.pop() !== "") throw new Problem("检查点至少三行", "a checkpoint has at least three lines");
  const [origin, size, root, ...extensions] = lines;
  if (!origin || extensions.some((line) => !line)) throw new Problem("检查点含有空行", "the checkpoint has an empty line");
  const [count, hash] = [decimal(size), base64(root, "根", "the root")];
  if (hash.length !== 32) throw new Problem("根不是 32 字节", "the root is not 32 bytes long");
  if (count === 0 && !same(hash, EMPTY_ROOT)) throw new Problem("空树的根不对", "not the root of the empty tree");
  return { origin, size: count, root: hash, extensions };
}

/** A decimal number without sign or leading zeroes, below 2**53. */
export function decimal(text) {
  const value = Number(text);
  if (!/^(0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(value)) throw new Problem(`“${text.slice(0, 30)}”不是可用的整数`, `“${text.slice(0, 30)}” is not a usable number`);
  return value;
}

/** The time inside a timestamped signature (0x04, 0x06), in seconds since 1970. */
export function timeOf(blob) {
  return Number(timestamp(blob));
}

/** The same exactly, as it is signed. */
export function timestamp(blob) {
  return new DataView(blob.buffer, blob.byteOffset).getBigUint64(0);
}

/** Whether this Ed25519 key signed (0x01) or cosigned (0x04) the text; undefined for a key of another kind. */
export function verifyEd25519(vkey, text, blob) {
  if (vkey.kind === ED25519) return right(blob, text, vkey.key, 0);
  if (vkey.kind === ED25519_COSIGNATURE) {
    if (blob.length !== 72) return false;
    return right(blob, concat(encoder.encode(`cosignature/v1\ntime ${timestamp(blob)}\n`), text), vkey.key, 8);
  }
  return undefined;
}

function right(blob, message, key, from) {
  try {
    return blob.length === from + 64 && ed25519.verify(blob.subarray(from), message, key, { zip215: false });
  } catch {
    return false;
  }
}

/**
 * Check a checkpoint: every signature of a known key must be right, and a key of the log itself must have signed.
 * @param {Uint8Array} note
 * @param {{logs: VKey[], witnesses?: VKey[]}} known
 * @param {(vkey: VKey, text: Uint8Array, blob: Uint8Array) => boolean | undefined} verify
 * @returns {Checkpoint & {signed: VKey[], foreign: VKey[], cosigned: {vkey: VKey, time: number}[], unknown: Signature[], unchecked: VKey[]}}
 *     foreign: keys of another log than the checkpoint's, whose signatures are right but say nothing of it;
 *     unknown: signatures of keys that are not known; unchecked: known keys of a kind that `verify` cannot check
 */
export function openCheckpoint(note, { logs, witnesses = [] }, verify = verifyEd25519) {
  const { text, signatures } = parseNote(note);
  const found = { ...parseCheckpoint(text), signed: [], foreign: [], cosigned: [], unknown: [], unchecked: [] };
  const find = (keys, { name, id }) => keys.find((vkey) => vkey.name === name && vkey.id === id);
  for (const signature of signatures) {
    const [log, witness] = [find(logs, signature), find(witnesses, signature)];
    const vkey = log ?? witness;
    const good = vkey && verify(vkey, text, signature.blob);
    if (!vkey) found.unknown.push(signature);
    else if (good === undefined) found.unchecked.push(vkey);
    else if (!good) throw new Problem(`${vkey.name} 的签名不对`, `the signature of ${vkey.name} is wrong`);
    else if (log && log.name !== found.origin) found.foreign.push(vkey);
    else if (log) found.signed.push(vkey);
    else found.cosigned.push({ vkey, time: timeOf(signature.blob) });
  }
  if (!found.signed.length) throw new Problem(`日志 ${found.origin} 的可信密钥没有签名`, `no trusted key of the log ${found.origin} signed`);
  return found;
}

function validName(name) {
  return Boolean(name) && !/[\s+\x00-\x1f\x85]/u.test(name);
}

function base64(text, zh, en) {
  try {
    return strictBase64(text);
  } catch {
    throw new Problem(`${zh}不是标准 base64`, `${en} is not standard base64`);
  }
}

function utf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Problem("不是 UTF-8 文本", "not UTF-8 text");
  }
}
