/**
 * Open an envelope in the browser: with custodians' published keys (anyone may redo an opening), or with the tenderer's
 * own key. Judges as yiwang.seal.opening does.
 */

import { Decrypter } from "age-encryption";
import { sha256 } from "@noble/hashes/sha2.js";
import { canonical } from "./canonical.js";
import { identityMatches } from "./custodian.js";
import { fromBase64, same, toHex } from "./encoding.js";
import { readJointAndPart, unsignedMembers } from "./joint.js";
import { paddedSize } from "./padme.js";
import { Problem } from "./problem.js";
import { MAGIC, subsets } from "./seal.js";
import { verifyStatement } from "./signing.js";

const MOST_HEADER = 1024 * 1024;

const TEXTS = {
  not_sealed: ["这不是加密的投标文件", "this is not a sealed bid"],
  bad_header: ["投标文件的文件头有误", "the header of the sealed bid is wrong"],
  context_differs: ["投标文件属于另一个项目、标段、轮次、分册或密封程序", "the bid was sealed for another tender, lot, round or part, or by another program"],
  custodians_differ: ["投标文件加密给了其他密钥保管人", "the bid was sealed to other custodians"],
  not_enough_keys: ["公布的密钥数量不足，尚不能开标", "too few keys have been published to open"],
  wrong_key: ["公布的密钥与登记的公钥不符", "a published key does not belong to the registered public key"],
  damaged: ["投标文件已损坏，无法解密", "the sealed bid is damaged and cannot be decrypted"],
  bad_manifest: ["投标函数据格式有误", "the bid's manifest is malformed"],
  signature_invalid: ["投标人的电子签名无效", "the tenderer's signature is invalid"],
  member_signature: ["联合体成员的电子签名无效", "the signature of a member of the joint bid is invalid"],
  document_differs: ["投标附件与投标函所列摘要不符", "a document does not match the hash in the manifest"],
};

/** A failure to open; `code` is the cause's code in yiwang.seal.causes, `detail` is for the technical log. */
export class SealError extends Problem {
  /**
   * @param {keyof TEXTS} code
   * @param {string} detail
   */
  constructor(code, detail = "") {
    super(...TEXTS[code]);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * @param {Blob} envelope
 * @returns {Promise<{context: object, custodians: string[], k: number, keybox: object, client: string, payload: Blob}>}
 */
export async function readHeader(envelope) {
  const start = new Uint8Array(await envelope.slice(0, MAGIC.length + MOST_HEADER).arrayBuffer());
  if (new TextDecoder().decode(start.subarray(0, MAGIC.length)) !== MAGIC) throw new SealError("not_sealed");
  const end = start.indexOf(10, MAGIC.length);
  if (end < 0) throw new SealError("bad_header", "the header has no end");
  const line = start.subarray(MAGIC.length, end);
  const header = parse(line, "bad_header");
  if (!same(canonical(header), line)) throw new SealError("bad_header", "not canonical JSON");
  return { ...header, payload: envelope.slice(end + 1) };
}

/**
 * @param {Blob} envelope
 * @param {Record<number, string>} identities custodian index to secret key, at least k
 * @returns {Promise<{manifest: object, documents: Map<string, Uint8Array>, manifestSha256: string}>}
 */
export async function openEnvelope(envelope, identities) {
  const header = await readHeader(envelope);
  const right = [];
  for (const index of Object.keys(identities).map(Number).sort((a, b) => a - b)) {
    if (await identityMatches(identities[index], header.custodians[index] ?? "")) right.push(index);
  }
  if (right.length < header.k) {
    const wrong = right.length < Object.keys(identities).length;
    throw new SealError(wrong ? "wrong_key" : "not_enough_keys", `${right.length} of ${header.k}`);
  }
  const subset = subsets(header.custodians.length, header.k).find((some) => some.every((i) => right.includes(i)));
  let box = fromBase64(header.keybox[subset.join("-")] ?? "");
  for (const index of subset) box = await decrypt(box, identities[index]);
  return openPayload(header, new TextDecoder().decode(box).trim());
}

/** Open the tenderer's own copy with the key that it was sealed to as well. */
export async function openOwn(envelope, identity) {
  return openPayload(await readHeader(envelope), identity);
}

async function openPayload(header, identity) {
  const plain = await decrypt(new Uint8Array(await header.payload.arrayBuffer()), identity);
  const length = Number(new DataView(plain.buffer, plain.byteOffset).getBigUint64(0));
  const head = plain.subarray(8, 8 + length);
  const signed = parse(head, "bad_manifest");
  if (!same(canonical(signed), head)) throw new SealError("bad_manifest", "not canonical JSON");
  const { manifest, signature } = signed;
  await judge(manifest, signature, header);
  let at = 8 + length;
  const documents = new Map();
  for (const { name, size, sha256: listed } of manifest.documents) {
    const content = plain.slice(at, at + size);
    at += size;
    if (content.length !== size || toHex(sha256(content)) !== listed) throw new SealError("document_differs", name);
    documents.set(name, content);
  }
  if (plain.length !== paddedSize(at) || plain.subarray(at).some((byte) => byte !== 0)) {
    throw new SealError("bad_manifest", "wrong padding");
  }
  return { manifest, documents, manifestSha256: toHex(sha256(canonical(manifest))) };
}

async function judge(manifest, signature, header) {
  if (!same(canonical([manifest.context, manifest.client]), canonical([header.context, header.client]))) throw new SealError("context_differs");
  const inside = canonical([manifest.custodians, manifest.k]);
  if (!same(inside, canonical([header.custodians, header.k]))) throw new SealError("custodians_differ");
  await judgeManifest(manifest, signature);
}

/** Context, part, members and signatures of a manifest; throws a SealError when one of them is not right. */
export async function judgeManifest(manifest, signature) {
  try {
    readJointAndPart(manifest);
  } catch (error) {
    throw new SealError("bad_manifest", error.message);
  }
  if (!(await verifyStatement(manifest.signer, "bid", manifest, signature))) throw new SealError("signature_invalid");
  const strangers = await unsignedMembers(manifest);
  if (strangers.length) throw new SealError("member_signature", strangers.join(", "));
}

async function decrypt(data, identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(data);
  } catch (error) {
    throw new SealError("damaged", error.message);
  }
}

function parse(bytes, code) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw new SealError(code, error.message);
  }
}
