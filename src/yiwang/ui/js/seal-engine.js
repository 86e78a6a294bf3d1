/**
 * What sealing needs to compute fast: SHA-256 piece by piece, and ChaCha20-Poly1305 of one chunk. This one is plain
 * JavaScript and works everywhere; the sealing worker brings a faster one (seal-engine-wasm.js) of the same shape.
 *
 * @typedef {{update(bytes: Uint8Array): unknown, digest(): Uint8Array}} Hash
 * @typedef {{name: string, hash(): Hash, mark(block: Uint8Array): unknown, cipher(key: Uint8Array): Cipher | Promise<Cipher>}} Engine
 *     `mark`: text by which a block that changed on the disk meanwhile is told; against accidents, not against attackers
 * @typedef {(nonce: Uint8Array, plain: Uint8Array, out: Uint8Array) => unknown} Cipher
 *     writes the ciphertext and its tag of 16 bytes into `out`, at the latest when what it gives is awaited; `plain` must
 *     stay as it is until then, `nonce` need not
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./encoding.js";

/** @type {Engine} */
export const plainEngine = {
  name: "js",
  hash: () => sha256.create(),
  mark: async (block) => toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", block))),
  cipher: (key) => (nonce, plain, out) => { chacha20poly1305(key, nonce).encrypt(plain, out); },
};
