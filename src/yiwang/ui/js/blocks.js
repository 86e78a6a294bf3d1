/**
 * Reading files in blocks of one size, with a mark for each block by which a later change shows.
 */

import { toHex } from "./encoding.js";

/** Bytes of a block. */
export const BLOCK = 2 ** 22;

/** The blocks of a Blob with their numbers; the next one is read while one is used. */
export async function* blobBlocks(blob) {
  const read = (at) => blob.slice(at * BLOCK, (at + 1) * BLOCK).arrayBuffer();
  const count = Math.ceil(blob.size / BLOCK);
  let next = count ? read(0) : undefined;
  for (let at = 0; at < count; at++) {
    const block = new Uint8Array(await next);
    if (at + 1 < count) {
      next = read(at + 1);
      next.catch(() => {}); // it is awaited in the next round, if there is one
    }
    yield [at, block];
  }
}

/**
 * SHA-256 of a whole Blob, and the marks of its blocks.
 * @param {Blob} blob
 * @param {import("./seal-engine.js").Engine} engine
 * @param {(done: number) => void} [tell] bytes read so far; may throw to stop
 * @returns {Promise<{sha256: string, marks: string[]}>}
 */
export async function hashed(blob, engine, tell) {
  const whole = engine.hash();
  const marks = [];
  let done = 0;
  for await (const [, block] of blobBlocks(blob)) {
    whole.update(block);
    marks.push(await engine.mark(block));
    done += block.length;
    tell?.(done);
  }
  return { sha256: toHex(whole.digest()), marks };
}
