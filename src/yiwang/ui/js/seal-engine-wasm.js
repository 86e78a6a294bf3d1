/**
 * The fast engine of the sealing worker: libsodium and hash-wasm, both compiled to WebAssembly and part of the bundle.
 * Pages forbid WebAssembly by their content policy; the worker's script has a policy of its own that allows it.
 * Where the browser itself has the cipher (Web Cryptography, since 2026 in some), that is several times as fast.
 */

import { createSHA256, createXXHash64 } from "hash-wasm";
import loadSodium from "libsodium";

const CHUNK = 65536;
const TAG = 16;

/**
 * @param {{native?: boolean}} [options] native: use the browser's own cipher where it has one
 * @returns {Promise<import("./seal-engine.js").Engine>}
 * @throws where WebAssembly is forbidden or absent
 */
export async function wasmEngine({ native = true } = {}) {
  const sodium = await loadSodium();
  const spare = [];
  const marker = await createXXHash64();
  const [plain, cipher, key, nonce] = [CHUNK, CHUNK + TAG, 32, 12].map((size) => sodium._malloc(size));
  // Both hashes that run at once are made beforehand: making one is asynchronous, using it is not.
  for (let count = 0; count < 2; count++) spare.push(await createSHA256());
  return {
    name: "wasm",
    hash() {
      const hasher = spare.pop();
      if (!hasher) throw new RangeError("more than two hashes at once");
      hasher.init();
      return {
        update: (bytes) => hasher.update(bytes),
        digest() {
          spare.push(hasher);
          return hasher.digest("binary");
        },
      };
    },
    mark: (block) => marker.init().update(block).digest(),
    cipher: async (secret) => (native && (await nativeCipher(secret, compiled(secret)))) || compiled(secret),
  };

  function compiled(secret) {
    return (counter, bytes, out) => {
      sodium.HEAPU8.set(secret, key);
      sodium.HEAPU8.set(counter, nonce);
      sodium.HEAPU8.set(bytes, plain);
      sodium._crypto_aead_chacha20poly1305_ietf_encrypt(cipher, 0, plain, bytes.length, 0, 0, 0, 0, 0, nonce, key);
      out.set(sodium.HEAPU8.subarray(cipher, cipher + bytes.length + TAG));
    };
  }
}

/** The browser's own cipher, if it has one and that gives the same as this one; its nonce of all ones is never used here. */
async function nativeCipher(secret, other) {
  const name = "ChaCha20-Poly1305";
  try {
    const imported = await crypto.subtle.importKey("raw-secret", secret, { name }, false, ["encrypt"]);
    const own = async (nonce, bytes, out) =>
      out.set(new Uint8Array(await crypto.subtle.encrypt({ name, iv: nonce.slice() }, imported, bytes)));
    const [probe, nonce, outs] = [new Uint8Array(100), new Uint8Array(12).fill(255), [new Uint8Array(116), new Uint8Array(116)]];
    await own(nonce, probe, outs[0]);
    other(nonce, probe, outs[1]);
    return outs[0].every((byte, at) => byte === outs[1][at]) ? own : undefined;
  } catch {
    return undefined;
  }
}
