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
const MANY = 16; // chunks that are encrypted side by side

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
   * @param {import("./seal-engine.js").Cipher} cipher with the payload's key
   * @param {(bytes: Uint8Array) => unknown} emit takes them; gives another buffer when it keeps theirs
   */
  constructor(cipher, emit) {
    Object.assign(this, { cipher, emit });
    this.nonce = new Uint8Array(12);
    this.plain = new Uint8Array(MANY * CHUNK);
    this.used = 0;
    this.out = new Uint8Array(MANY * (CHUNK + TAG));
  }

  /** @param {Uint8Array} bytes */
  async write(bytes) {
    for (let at = 0; at < bytes.length;) {
      // Full chunks wait until more comes: only then it is known that the last of them is not the file's last one.
      if (this.used === this.plain.length) await this.#flush();
      const size = Math.min(this.plain.length - this.used, bytes.length - at);
      this.plain.set(bytes.subarray(at, at + size), this.used);
      this.used += size;
      at += size;
    }
  }

  /** The last chunk. */
  async end() {
    await this.#flush(true);
  }

  /** Chunks side by side, where the cipher can. */
  async #flush(last = false) {
    const [pending, count] = [[], Math.max(1, Math.ceil(this.used / CHUNK))];
    let filled = 0;
    for (let number = 0; number < count; number++) {
      const chunk = this.plain.subarray(number * CHUNK, Math.min(this.used, (number + 1) * CHUNK));
      if (last && number === count - 1) this.nonce[11] = 1;
      pending.push(this.cipher(this.nonce, chunk, this.out.subarray(filled, filled + chunk.length + TAG)));
      filled += chunk.length + TAG;
      this.#count();
    }
    await Promise.all(pending);
    this.used = 0;
    this.out = (await this.emit(this.out.subarray(0, filled))) ?? this.out;
  }

  /** The counter of 88 bits in the nonce. */
  #count() {
    for (let at = 10; at >= 0; at--) {
      this.nonce[at]++;
      if (this.nonce[at] !== 0) return;
    }
  }
}
