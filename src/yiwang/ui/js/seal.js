/**
 * Seal a bid in the browser: the same envelope as yiwang.seal.envelope writes in Python.
 *
 *   yiwang-seal/v1
 *   {"client":...,"context":...,"custodians":[...],"k":3,"keybox":{"0-1-2":"<base64>",...}}
 *   <age file to a one-time identity: u64 length, signed manifest, documents, zero padding>
 *
 * Documents are read twice (hash, then encryption) in blocks, and the result is a Blob, so that the browser may keep it
 * on disk.
 */

import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { sha256 } from "@noble/hashes/sha2.js";
import { canonical } from "./canonical.js";
import { concat, toBase64, toHex } from "./encoding.js";
import { paddedSize } from "./padme.js";
import { Problem } from "./problem.js";
import { signStatement } from "./signing.js";

/** Name and version of this sealing program. */
export const CLIENT = "yiwang-web/0.1.0";
export const MAGIC = "yiwang-seal/v1\n";

const encoder = new TextEncoder();
const BLOCK = 65536;

/**
 * @param {object} bid
 * @param {{tenderer: string, price: number | null, answers?: object, currency?: string, at?: string}} bid.manifest
 *     price in fen; at: moment like 2027-01-31T08:00:00Z, now when absent
 * @param {(File | {name: string, type: string, blob: Blob})[]} bid.files in the order in which they shall be listed
 * @param {string[]} bid.custodians recipients (age1...) in their published order
 * @param {number} bid.k how many of them open
 * @param {import("./signing.js").SigningKey} bid.signingKey
 * @param {{tender: string, lot: string, round: number}} bid.context
 * @param {string} [bid.ownRecipient] the tenderer's own age key, to read her copy
 * @param {(done: number, total: number) => void} [bid.progress] bytes of the payload encrypted so far
 * @returns {Promise<{envelope: Blob, sha256: string, size: number, manifestSha256: string}>}
 */
export async function sealBid({ manifest, files, custodians, k, signingKey, context, ownRecipient, progress }) {
  const documents = files.map((file) => ({ name: file.name, type: file.type, blob: file.blob ?? file }));
  const content = await fullManifest({ manifest, documents, custodians, k, signingKey, context });
  const signature = await signStatement(signingKey, "bid", content);
  const head = canonical({ manifest: content, signature });

  const identity = await generateX25519Identity();
  const keybox = await makeKeybox(identity, custodians, k);
  const header = canonical({ context: content.context, custodians, k, keybox, client: CLIENT });
  const start = concat(encoder.encode(MAGIC), header, encoder.encode("\n"));

  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  if (ownRecipient) encrypter.addRecipient(ownRecipient);
  const encrypted = await encrypter.encrypt(streamOf(payloadBlocks(head, documents, content.documents, progress)));
  const { blob, hash } = await collect(start, encrypted);
  return { envelope: blob, sha256: hash, size: blob.size, manifestSha256: toHex(sha256(canonical(content))) };
}

/**
 * The one-time identity, encrypted for each subset of k custodians in layers, the subset's last custodian innermost.
 * @returns {Promise<Record<string, string>>} "0-1-2" to base64
 */
export async function makeKeybox(identity, custodians, k) {
  const keybox = {};
  for (const subset of subsets(custodians.length, k)) {
    let box = encoder.encode(`${identity}\n`);
    for (const index of [...subset].reverse()) {
      const encrypter = new Encrypter();
      encrypter.addRecipient(custodians[index]);
      box = await encrypter.encrypt(box);
    }
    keybox[subset.join("-")] = toBase64(box);
  }
  return keybox;
}

/** All subsets of k numbers out of 0 ... count-1, ascending. */
export function subsets(count, k) {
  if (!Number.isInteger(k) || k < 1 || k > count || count > 9) throw new RangeError(`${k} of ${count} is impossible`);
  const found = [];
  const extend = (subset, from) => {
    if (subset.length === k) found.push(subset);
    else for (let next = from; next < count; next++) extend([...subset, next], next + 1);
  };
  extend([], 0);
  return found;
}

async function fullManifest({ manifest, documents, custodians, k, signingKey, context }) {
  if (new Set(custodians).size !== custodians.length) {
    throw new Problem("保管人公钥重复", "two custodians have the same public key");
  }
  if (new Set(documents.map((document) => document.name)).size !== documents.length) {
    throw new Problem("两个文件同名", "two documents have the same name");
  }
  const entries = [];
  for (const { name, type, blob } of documents) {
    entries.push({ name, size: blob.size, sha256: await blobSha256(blob), type: type || "application/octet-stream" });
  }
  return {
    v: 1,
    context: { tender: context.tender, lot: context.lot, round: context.round },
    tenderer: manifest.tenderer,
    custodians,
    k,
    client: CLIENT,
    price: manifest.price,
    currency: manifest.currency ?? "CNY",
    answers: manifest.answers ?? {},
    documents: entries,
    at: manifest.at ?? `${new Date().toISOString().slice(0, 19)}Z`,
    signer: signingKey.publicKey,
    // Without it, who sees the manifest's hash could try out prices until one fits.
    salt: toBase64(crypto.getRandomValues(new Uint8Array(32))),
  };
}

async function* payloadBlocks(head, documents, entries, progress) {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length));
  const content = 8 + head.length + entries.reduce((sum, entry) => sum + entry.size, 0);
  const total = paddedSize(content);
  let done = 0;
  for await (const block of plainBlocks(concat(length, head), documents, entries, total - content)) {
    yield block;
    done += block.length;
    progress?.(done, total);
  }
}

async function* plainBlocks(start, documents, entries, padding) {
  yield start;
  for (const [number, { name, blob }] of documents.entries()) {
    const hash = sha256.create();
    for await (const block of blobBlocks(blob)) {
      hash.update(block);
      yield block;
    }
    if (toHex(hash.digest()) !== entries[number].sha256) {
      throw new Problem(`文件 ${name} 在加密过程中被改动`, `the file ${name} changed while it was sealed`);
    }
  }
  for (let left = padding; left > 0; left -= BLOCK) yield new Uint8Array(Math.min(left, BLOCK));
}

async function* blobBlocks(blob) {
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Hex SHA-256 of a Blob, read in blocks. */
export async function blobSha256(blob) {
  const hash = sha256.create();
  for await (const block of blobBlocks(blob)) hash.update(block);
  return toHex(hash.digest());
}

function streamOf(blocks) {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await blocks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

async function collect(start, stream) {
  const hash = sha256.create().update(start);
  const parts = [start];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    hash.update(value);
    parts.push(value);
  }
  return { blob: new Blob(parts, { type: "application/octet-stream" }), hash: toHex(hash.digest()) };
}
