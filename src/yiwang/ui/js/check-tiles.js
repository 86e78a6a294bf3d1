/**
 * A log's tree hashes from its public tiles (C2SP tlog-tiles), and the proof that it only grew. Nothing here is trusted:
 * whatever the tiles say, the proof either leads to both roots or it does not.
 */

import { consistencySpans, foldPeaks, nodeHash, peakNodes } from "./check-merkle.js";

const WIDTH = 256;
const HASH = 32;

/** A tile could not be had, or is malformed: nothing is proved, and nothing disproved. */
export class TileMissing extends Error {}

/** `tile/<L>/<N>[.p/<W>]`. */
export function tilePath(level, index, width = WIDTH) {
  const groups = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  return `tile/${level}/${groups.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}

/**
 * The consistency proof from `older` to `newer` leaves, put together from tiles.
 * @param {(path: string) => Promise<Uint8Array | null>} fetchTile null when there is no such tile
 * @returns {Promise<Uint8Array[]>}
 * @throws {TileMissing}
 */
export async function growthProof(older, newer, fetchTile) {
  const tiles = new Map();
  const hashes = (level, index, width) => {
    const key = `${level}/${index}`;
    if (!tiles.has(key)) tiles.set(key, load(level, index, width, fetchTile));
    return tiles.get(key);
  };
  return Promise.all(consistencySpans(older, newer).map(async ([start, stop]) =>
    foldPeaks(await Promise.all(peakNodes(start, stop).map(([level, index]) => hashAt(level, index, newer, hashes))))));
}

/** The hash of one complete subtree in a tree of `size` leaves. */
async function hashAt(level, index, size, hashes) {
  const [tileLevel, height] = [Math.floor(level / 8), level % 8];
  const first = index * 2 ** height;
  const tile = Math.floor(first / WIDTH);
  const width = Math.min(WIDTH, Math.floor(size / WIDTH ** tileLevel) - tile * WIDTH);
  const all = await hashes(tileLevel, tile, width);
  let row = all.slice(first % WIDTH, (first % WIDTH) + 2 ** height);
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, n) => nodeHash(row[2 * n], row[2 * n + 1]));
  return row[0];
}

async function load(level, index, width, fetchTile) {
  let data = await fetchTile(tilePath(level, index, width));
  // A partial tile may be gone once the full one is there.
  if (!data && width < WIDTH) data = await fetchTile(tilePath(level, index));
  if (!data || data.length < width * HASH || data.length % HASH) throw new TileMissing(tilePath(level, index, width));
  return Array.from({ length: width }, (_, n) => data.subarray(n * HASH, (n + 1) * HASH));
}
