/**
 * RFC 6962 section 2.1 Merkle tree: hashes, and the verification of inclusion and consistency proofs in the iterative
 * form of RFC 9162 (2.1.3.2, 2.1.4.2). The same rules as yiwang.tlog.merkle. Sizes may be numbers or BigInt.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, same } from "./encoding.js";
import { Problem } from "./problem.js";

const HASH_SIZE = 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Root of the tree without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array());

/** SHA-256(0x00 || data). */
export const leafHash = (data) => sha256(concat(LEAF, data));

/** SHA-256(0x01 || left || right). */
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/**
 * The leaf hash stands at `index` in the tree of `size` leaves with this root.
 * @throws {Problem} it does not, or the proof is too short, too long or malformed
 */
export function verifyInclusion(index, size, leaf, proof, root) {
  let [here, last, computed] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (here < 0n || here > last) throw new Problem(`没有第 ${index} 号叶子：树只有 ${size} 片`, `no leaf ${index} in a tree of ${size}`);
  checkHashes(leaf, root, ...proof);
  for (const sibling of proof) {
    if (last === 0n) throw wrongLength();
    if (here & 1n || here === last) {
      computed = nodeHash(sibling, computed);
      while (!(here & 1n) && here !== 0n) [here, last] = [here >> 1n, last >> 1n];
    } else {
      computed = nodeHash(computed, sibling);
    }
    [here, last] = [here >> 1n, last >> 1n];
  }
  if (last !== 0n) throw wrongLength();
  if (!same(computed, root)) throw new Problem("包含证明算出的根与检查点不符", "the inclusion proof leads to another root");
}

/**
 * The tree of `older` leaves is a prefix of the tree of `newer` leaves.
 * @throws {Problem} it is not, or the proof is too short, too long or malformed, or the older tree is empty
 */
export function verifyConsistency(older, newer, olderRoot, newerRoot, proof) {
  const [first, second] = [BigInt(older), BigInt(newer)];
  if (first < 0n || first > second) throw new Problem(`树不会从 ${older} 缩到 ${newer}`, `a tree does not shrink from ${older} to ${newer}`);
  if (first === second) {
    if (proof.length) throw wrongLength();
    requireRoot(olderRoot, newerRoot, "旧", "old");
    return;
  }
  if (first === 0n) throw new Problem("空树与任何树都一致，无可证明", "nothing can be proved from the empty tree");
  if (!proof.length) throw wrongLength();
  checkHashes(olderRoot, newerRoot, ...proof);
  const path = (first & (first - 1n)) === 0n ? [olderRoot, ...proof] : proof;
  const [one, two] = consistencyRoots(first - 1n, second - 1n, path);
  requireRoot(one, olderRoot, "旧", "old");
  requireRoot(two, newerRoot, "新", "new");
}

/** Steps 3 to 7 of RFC 9162 section 2.1.4.2: the two roots that the path leads to. */
function consistencyRoots(here, last, path) {
  while (here & 1n) [here, last] = [here >> 1n, last >> 1n];
  let [first, second] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0n) throw wrongLength();
    if (here & 1n || here === last) {
      [first, second] = [nodeHash(sibling, first), nodeHash(sibling, second)];
      while (!(here & 1n) && here !== 0n) [here, last] = [here >> 1n, last >> 1n];
    } else {
      second = nodeHash(second, sibling);
    }
    [here, last] = [here >> 1n, last >> 1n];
  }
  if (last !== 0n) throw wrongLength();
  return [first, second];
}

/** Root over complete subtrees of strictly falling size, largest first. */
export function foldPeaks(peaks) {
  return peaks.length ? peaks.reduceRight((root, peak) => nodeHash(peak, root)) : EMPTY_ROOT;
}

/** The complete subtrees `[level, index]` over leaves start..stop, largest first (start fits the largest of them). */
export function peakNodes(start, stop) {
  const nodes = [];
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (Math.floor((stop - start) / width) % 2 !== 1) continue;
    nodes.push([level, start / width]);
    start += width;
  }
  return nodes;
}

/** The spans `[start, stop]` of leaves whose hashes make up PROOF(older, D[newer]), in the order of the proof. */
export function consistencySpans(older, newer) {
  const spans = [];
  if (older <= 0 || older >= newer) return spans;
  let [low, high, whole] = [0, newer, true];
  while (older !== high) {
    const middle = low + split(high - low);
    if (older <= middle) {
      spans.push([middle, high]);
      high = middle;
    } else {
      spans.push([low, middle]);
      [low, whole] = [middle, false];
    }
  }
  if (!whole) spans.push([low, high]);
  return spans.reverse();
}

/** The largest power of two below `count` (count > 1). */
function split(count) {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}

function checkHashes(...hashes) {
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) throw new Problem("哈希不是 32 字节", "a hash is not 32 bytes long");
}

function requireRoot(computed, root, zh, en) {
  if (!same(computed, root)) throw new Problem(`一致性证明算出的${zh}根不符`, `the consistency proof leads to another ${en} root`);
}

function wrongLength() {
  return new Problem("证明的长度不对", "the proof has the wrong length");
}
