/**
 * Seal a bid in the browser: the same envelope as yiwang.seal.envelope writes in Python.
 *
 *   yiwang-seal/v1
 *   {"client":...,"context":...,"custodians":[...],"k":3,"keybox":{"0-1-2":"<base64>",...}}
 *   <age file to a one-time identity: u64 length, signed manifest, documents, zero padding>
 *
 * Documents are read twice (hash, then encryption) in blocks, and the envelope goes block by block to a sink: memory is
 * the same for a letter and for 4 GB. Runs in the sealing worker (seal-worker.js) and, where there is none, in the page.
 */

import { Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { sha256 } from "@noble/hashes/sha2.js";
import { AgeStream, beginAge } from "./age-stream.js";
import { BLOCK, blobBlocks, hashed } from "./blocks.js";
import { canonical } from "./canonical.js";
import { concat, toBase64, toHex } from "./encoding.js";
import { paddedSize } from "./padme.js";
import { Problem } from "./problem.js";
import { plainEngine } from "./seal-engine.js";
import { signStatement } from "./signing.js";

/** Name and version of this sealing program; pages add the hash of the script that seals. */
export const CLIENT = "yiwang-web/0.1.0";
export const MAGIC = "yiwang-seal/v1\n";

const encoder = new TextEncoder();

/**
 * @typedef {object} Sink where an envelope goes
 * @property {(bytes: Uint8Array) => unknown} write takes the bytes before it is done; when it keeps their buffer, it gives
 *     another one of that size
 * @property {() => unknown} close gives {digest, envelope}
 */

/** A Blob, which the browser may keep on disk. */
export function blobSink() {
  const parts = [];
  return {
    write: (bytes) => { parts.push(bytes.slice()); },
    close: () => new Blob(parts, { type: "application/octet-stream" }),
  };
}

/** A sink that hashes what goes into another one. @returns {Sink} */
export function hashingSink(hash, sink) {
  return {
    write(bytes) {
      hash.update(bytes);
      sink.write(bytes);
    },
    close: () => ({ digest: hash.digest(), envelope: sink.close() }),
  };
}

/**
 * @param {object} bid
 * @param {{tenderer: string, price: number | null, answers?: object, currency?: string, at?: string, joint?: object}}
 *     bid.manifest price in fen; at: moment like 2027-01-31T08:00:00Z, now when absent; joint: the members' consents
 * @param {(File | {name: string, type: string, blob: Blob, known?: object})[]} bid.files in the order in which they shall
 *     be listed; known: what `hashed` gave for it before, so that it need not be read for that again
 * @param {string[]} bid.custodians recipients (age1...) in their published order
 * @param {number} bid.k how many of them open
 * @param {import("./signing.js").SigningKey} bid.signingKey
 * @param {{tender: string, lot: string, round: number, part?: string}} bid.context
 * @param {string} [bid.ownRecipient] the tenderer's own age key, to read her copy
 * @param {string} [bid.client] name, version and hash of the sealing program
 * @param {(done: number, total: number) => void} [bid.reading] bytes of the documents read for their hashes so far
 * @param {(done: number, total: number) => void} [bid.progress] bytes of the payload encrypted so far
 * @param {AbortSignal} [bid.signal] stops it
 * @param {import("./seal-engine.js").Engine} [bid.engine]
 * @param {Sink} [bid.sink]
 * @returns {Promise<{envelope: unknown, sha256: string, size: number, manifestSha256: string, identity: string}>}
 *     envelope: what the sink's `close` gave, a Blob by default; identity: the one-time key, for spoil-and-check: it
 *     opens this envelope, so whoever gets it must not keep it when the bid is sent
 */
export async function sealBid(bid) {
  const { custodians, k, signingKey, ownRecipient, progress, signal, client = CLIENT } = bid;
  const { engine = plainEngine } = bid;
  const { sink = hashingSink(engine.hash(), blobSink()) } = bid;
  const documents = bid.files.map(({ name, type, blob, known }, at) => ({ name, type, blob: blob ?? bid.files[at], known }));
  const { content, marks } = await fullManifest({ ...bid, documents, client, engine });
  const signature = await signStatement(signingKey, "bid", content);
  const head = canonical({ manifest: content, signature });

  const identity = await generateX25519Identity();
  const keybox = await makeKeybox(identity, custodians, k);
  const header = canonical({ context: content.context, custodians, k, keybox, client });
  const recipients = [await identityToRecipient(identity), ...(ownRecipient ? [ownRecipient] : [])];
  const age = await beginAge(recipients);

  let size = 0;
  const emit = (bytes) => {
    size += bytes.length;
    return sink.write(bytes);
  };
  await emit(concat(encoder.encode(MAGIC), header, encoder.encode("\n"), age.head));
  const stream = new AgeStream(await engine.cipher(age.key), emit);
  for await (const block of payloadBlocks({ head, documents, entries: content.documents, marks, progress, engine })) {
    signal?.throwIfAborted();
    await stream.write(block);
  }
  await stream.end();
  age.key.fill(0);
  const manifestSha256 = toHex(sha256(canonical(content)));
  const { digest, envelope } = await sink.close();
  return { envelope, sha256: toHex(digest), size, manifestSha256, identity };
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

async function fullManifest({ manifest, documents, custodians, k, signingKey, context, client, engine, reading, signal }) {
  if (new Set(custodians).size !== custodians.length) {
    throw new Problem("保管人公钥重复", "two custodians have the same public key");
  }
  if (new Set(documents.map((document) => document.name)).size !== documents.length) {
    throw new Problem("两个文件同名", "two documents have the same name");
  }
  const { entries, marks } = await listed(documents, { engine, reading, signal });
  const content = {
    v: 1,
    context: { tender: context.tender, lot: context.lot, round: context.round, ...(context.part ? { part: context.part } : {}) },
    tenderer: manifest.tenderer,
    custodians,
    k,
    client,
    price: manifest.price,
    currency: manifest.currency ?? "CNY",
    answers: manifest.answers ?? {},
    documents: entries,
    at: manifest.at ?? `${new Date().toISOString().slice(0, 19)}Z`,
    signer: signingKey.publicKey,
    // Without it, who sees the manifest's hash could try out prices until one fits.
    salt: toBase64(crypto.getRandomValues(new Uint8Array(32))),
    ...(manifest.joint ? { joint: manifest.joint } : {}),
  };
  return { content, marks };
}

/** What the manifest says of each document, and marks by which a change until it is encrypted shows. */
async function listed(documents, { engine, reading, signal }) {
  const entries = [];
  const marks = [];
  const total = documents.reduce((sum, { blob }) => sum + blob.size, 0);
  let before = 0;
  for (const { name, type, blob, known } of documents) {
    const tell = (done) => {
      signal?.throwIfAborted();
      reading?.(before + done, total);
    };
    const found = known ?? (await hashed(blob, engine, tell));
    before += blob.size;
    entries.push({ name, size: blob.size, sha256: found.sha256, type: type || "application/octet-stream" });
    marks.push(found.marks);
  }
  return { entries, marks };
}

async function* payloadBlocks({ head, documents, entries, marks, progress, engine }) {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length));
  const content = 8 + head.length + entries.reduce((sum, entry) => sum + entry.size, 0);
  const total = paddedSize(content);
  let done = 0;
  for await (const block of plainBlocks(concat(length, head), { documents, marks, padding: total - content, engine })) {
    yield block;
    done += block.length;
    progress?.(done, total);
  }
}

async function* plainBlocks(start, { documents, marks, padding, engine }) {
  yield start;
  for (const [number, { name, blob }] of documents.entries()) {
    for await (const [at, block] of blobBlocks(blob)) {
      if ((await engine.mark(block)) !== marks[number][at]) {
        throw new Problem(`文件 ${name} 在加密过程中被改动`, `the file ${name} changed while it was sealed`);
      }
      yield block;
    }
  }
  const zeros = new Uint8Array(Math.min(padding, BLOCK));
  for (let left = padding; left > 0; left -= BLOCK) yield zeros.subarray(0, Math.min(left, BLOCK));
}
