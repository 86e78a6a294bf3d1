/**
 * Writing a large age file piece by piece in constant memory. The header is made by the age library; the payload is
 * age's STREAM (chunks of 64 KiB, a counter and a last-chunk flag in the nonce: https://age-encryption.org/v1), written
 * here because the library has only a slow cipher for it.
 */

import { Encrypter } from "age-encryption";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const CHUNK = 65536;
export const TAG = 16;
const OUT = 16 * (CHUNK + TAG);

/**
 * The header of an age file to these recipients, and the key of its payload.
 * @param {string[]} recipients age1...
 * @returns {Promise<{head: Uint8Array, key: Uint8Array}>} head: header and nonce, all that stands before the chunks
 */
export async function beginAge(recipients) {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  let fileKey;
  // One more "recipient" that gets the file's key to know and adds nothing to the header.
  encrypter.addRecipient({ wrapFileKey: (key) => { fileKey = key.slice(); return []; } });
  const empty = await encrypter.encrypt(new Uint8Array());
  const head = empty.slice(0, empty.length - TAG);
  const key = hkdf(sha256, fileKey, head.subarray(-16), new TextEncoder().encode("payload"), 32);
  return { head, key };
}

/** Encrypts what is written to it; gives finished pieces of ciphertext to `emit`. */
export class AgeStream {
  /**
   * @param {Uint8Array} key of the payload
   * @param {import("./seal-engine.js").Engine} engine
   * @param {(bytes: Uint8Array) => unknown} emit takes them; gives another buffer when it keeps theirs
   */
  constructor(key, engine, emit) {
    Object.assign(this, { key, engine, emit });
    this.nonce = new Uint8Array(12);
    this.plain = new Uint8Array(CHUNK);
    this.used = 0;
    this.out = new Uint8Array(OUT);
    this.filled = 0;
  }

  /** @param {Uint8Array} bytes */
  async write(bytes) {
    for (let at = 0; at < bytes.length;) {
      // A full chunk waits until more comes: only then it is known not to be the last one.
      if (this.used === CHUNK) await this.#chunk();
      const size = Math.min(CHUNK - this.used, bytes.length - at);
      this.plain.set(bytes.subarray(at, at + size), this.used);
      this.used += size;
      at += size;
    }
  }

  /** The last chunk. */
  async end() {
    this.nonce[11] = 1;
    await this.#chunk();
    await this.#flush();
    this.key.fill(0);
  }

  async #chunk() {
    const size = this.used + TAG;
    if (this.filled + size > OUT) await this.#flush();
    const plain = this.plain.subarray(0, this.used);
    this.engine.chunk(this.key, this.nonce, plain, this.out.subarray(this.filled, this.filled + size));
    this.filled += size;
    this.used = 0;
    this.#count();
  }

  /** The counter of 88 bits in the nonce. */
  #count() {
    for (let at = 10; at >= 0; at--) {
      this.nonce[at]++;
      if (this.nonce[at] !== 0) return;
    }
  }

  async #flush() {
    const full = this.out.subarray(0, this.filled);
    this.filled = 0;
    this.out = (await this.emit(full)) ?? this.out;
  }
}
