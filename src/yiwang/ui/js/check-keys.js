/**
 * Whom the reader trusts: verifier keys or a C2SP tlog-policy, and every kind of signature that they make.
 */

import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";
import { ED25519, ED25519_COSIGNATURE, MLDSA44, parseCheckpoint, parseVkey, timestamp, verifyEd25519 } from "./check-note.js";
import { concat } from "./encoding.js";
import { Problem } from "./problem.js";

const LABEL = "subtree/v1\n\0";
const encoder = new TextEncoder();

/** Whether a key of any kind signed the checkpoint's text. */
export function verify(vkey, text, blob) {
  return vkey.kind === MLDSA44 ? verifyMldsa44(vkey, text, blob) : verifyEd25519(vkey, text, blob);
}

/** Type 0x06: ML-DSA-44 over the `cosigned_message` structure of C2SP tlog-cosignature. */
function verifyMldsa44(vkey, text, blob) {
  if (blob.length !== 8 + 2420) return false;
  try {
    const { origin, size, root } = parseCheckpoint(text);
    const numbers = new DataView(new ArrayBuffer(24));
    [timestamp(blob), 0n, BigInt(size)].forEach((value, at) => numbers.setBigUint64(8 * at, value));
    const [time, range] = [new Uint8Array(numbers.buffer, 0, 8), new Uint8Array(numbers.buffer, 8)];
    const message = concat(encoder.encode(LABEL), short(vkey.name), time, short(origin), range, root);
    return ml_dsa44.verify(blob.slice(8), message, vkey.key.slice());
  } catch {
    return false;
  }
}

function short(text) {
  const bytes = encoder.encode(text);
  if (!bytes.length || bytes.length > 255) throw new TypeError("1 to 255 bytes");
  return concat(Uint8Array.of(bytes.length), bytes);
}

/**
 * @typedef {{logs: VKey[], witnesses: Map<string, VKey>, groups: Map<string, {least: number, members: string[]}>, quorum: string}} Policy
 */

/**
 * Read what a reader pasted: a tlog-policy, or verifier keys alone, one a line (then no witness is asked for).
 * @returns {Policy | null} null for nothing but spaces
 */
export function parseTrust(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  if (!lines.length) return null;
  const plain = lines.every((line) => !line.includes(" "));
  return parsePolicy(plain ? [...lines.map((line) => `log ${line}`), "quorum none"].join("\n") : text);
}

/** Read a C2SP tlog-policy. @returns {Policy} */
export function parsePolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  text.replaceAll("\r\n", "\n").split("\n").forEach((line, at) => {
    const items = line.trim().split(/[ \t]+/);
    if (items[0] && !items[0].startsWith("#")) readLine(policy, items, at + 1);
  });
  if (!policy.quorum) throw new Problem("信任策略没有 quorum 行", "the policy has no quorum line");
  return policy;
}

function readLine(policy, [word, ...items], number) {
  const known = (name) => policy.witnesses.has(name) || policy.groups.has(name);
  const need = (right, zh, en) => {
    if (!right) throw new Problem(`信任策略第 ${number} 行：${zh}`, `policy, line ${number}: ${en}`);
  };
  const fresh = (name) => need(name && name !== "none" && !known(name), `名称 ${name} 不能用`, `the name ${name} cannot be used`);
  if (word === "log") {
    const vkey = keyOf(items[0] ?? "", number);
    need(vkey.kind !== ED25519_COSIGNATURE, "见证方的密钥不能作日志密钥", "a witness's key cannot be a log's");
    policy.logs.push(vkey);
  } else if (word === "witness") {
    fresh(items[0]);
    const vkey = keyOf(items[1] ?? "", number);
    need(vkey.kind !== ED25519, "日志的密钥不能作见证密钥", "a log's key cannot be a witness's");
    policy.witnesses.set(items[0], vkey);
  } else if (word === "group") {
    const [name, wanted, ...members] = items;
    fresh(name);
    need(members.length && members.every(known), "组员须在前面定义", "its members must be defined above");
    const least = { any: 1, all: members.length }[wanted] ?? Number(wanted);
    need(Number.isInteger(least) && least >= 1 && least <= members.length, "门槛不对", "the threshold does not fit");
    policy.groups.set(name, { least, members });
  } else {
    need(word === "quorum" && items.length === 1 && !policy.quorum, "无法识别", "is not understood");
    need(items[0] === "none" || known(items[0]), `没有定义 ${items[0]}`, `${items[0]} is not defined`);
    policy.quorum = items[0];
  }
}

function keyOf(text, number) {
  try {
    return parseVkey(text);
  } catch (error) {
    throw new Problem(`信任策略第 ${number} 行：${error.zh ?? error.message}`, `policy, line ${number}: ${error.en ?? error.message}`);
  }
}

/** The policy's names of those who cosigned an opened checkpoint. */
export function cosignersOf(policy, opened) {
  const keys = new Set(opened.cosigned.map(({ vkey }) => vkey.text));
  return [...policy.witnesses].filter(([, vkey]) => keys.has(vkey.text)).map(([name]) => name);
}

/** Whether these witnesses make up the policy's quorum. */
export function satisfied(policy, cosigners) {
  const holds = (name) => {
    const group = policy.groups.get(name);
    return group ? group.members.filter(holds).length >= group.least : cosigners.includes(name);
  };
  return policy.quorum === "none" || holds(policy.quorum);
}
