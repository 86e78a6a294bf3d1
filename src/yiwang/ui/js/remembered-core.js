/**
 * Compares a log's checkpoint with the one that this browser saw before. An operator who shows two faces must keep them
 * apart for ever: whoever has seen one of them notices the other.
 */

import { verifyConsistency } from "./check-merkle.js";
import { ED25519, openCheckpoint, parseCheckpoint, parseNote, parseVkey } from "./check-note.js";
import { growthProof, TileMissing } from "./check-tiles.js";
import { fromHex, toBase64, toHex } from "./encoding.js";

const encoder = new TextEncoder();

/** Visits in a row on which no proof could be had before that is told. */
export const PATIENCE = 3;

/**
 * @typedef {{note: string, origin: string, size: number, root: string, at: number}} Sight root: hex; at: ms, by this
 *     device's clock, when it was first seen
 * @typedef {Sight & {v: 1, vkeys: string[], unproved: number, checked: number, finding: Finding | null}} Memory
 * @typedef {{kind: "forked" | "shrunk" | "inconsistent" | "unsigned" | "other" | "unproved", old: Sight, now: Sight, proof: string[]}} Finding
 */

/** Findings that mean that somebody rewrote the record, or shows others another one. */
export const GRAVE = ["forked", "shrunk", "inconsistent", "unsigned"];

/**
 * Compare, and give what to remember from now on. With a finding the old sight is kept.
 * @param {Memory | null} memory
 * @param {string} note the checkpoint that the log shows now
 * @param {{keys: () => Promise<string | null>, tile: (path: string) => Promise<Uint8Array | null>, now: number}} world keys:
 *     the log's verifier keys, one a line, asked for only at first sight and when the remembered key did not sign
 * @returns {Promise<Memory | null>} null: nothing can be remembered, it is no checkpoint or nobody signed it
 */
export async function compare(memory, note, { keys, tile, now }) {
  const sight = sightOf(note, now);
  if (!sight) return memory;
  if (!memory) return firstSight(sight, (await keys()) ?? "");
  const found = (kind, proof = []) => ({ ...memory, finding: { kind, old: sightIn(memory), now: sight, proof } });
  if (!signedBy(memory.vkeys, note)) {
    const published = await keys();
    const vkeys = ed25519Lines(published ?? "");
    if (published !== null && !signedBy(vkeys, note)) return found("unsigned");
    return succeeded(memory, sight, vkeys, tile, found);
  }
  if (sight.size < memory.size) return found("shrunk");
  if (sight.size === memory.size) return sight.root === memory.root ? { ...memory, finding: null, unproved: 0 } : found("forked");
  return grown(memory, sight, tile, found);
}

async function grown(memory, sight, tile, found) {
  let proof = [];
  try {
    proof = await growthProof(memory.size, sight.size, tile);
    if (memory.size > 0) verifyConsistency(memory.size, sight.size, fromHex(memory.root), fromHex(sight.root), proof);
  } catch (error) {
    if (!(error instanceof TileMissing)) return found("inconsistent", proof.map(toBase64));
    const unproved = memory.unproved + 1;
    return { ...(unproved < PATIENCE ? { ...memory, finding: null } : found("unproved")), unproved };
  }
  return { ...memory, ...sight, finding: null, unproved: 0 };
}

/** A new year or new keys: the tree goes on under another name or key. If it holds all that was seen, it is followed. */
async function succeeded(memory, sight, vkeys, tile, found) {
  if (!vkeys.length || sight.size < memory.size) return found("other");
  try {
    const proof = await growthProof(memory.size, sight.size, tile);
    if (memory.size > 0) verifyConsistency(memory.size, sight.size, fromHex(memory.root), fromHex(sight.root), proof);
  } catch {
    return found("other");
  }
  return { ...memory, ...sight, vkeys, finding: null, unproved: 0 };
}

/** Remember a log from now on, by the Ed25519 keys that it names itself: trust on first use. */
export function firstSight(sight, keys) {
  const vkeys = ed25519Lines(keys);
  return signedBy(vkeys, sight.note) ? { v: 1, ...sight, vkeys, unproved: 0, checked: sight.at, finding: null } : null;
}

/** The file that proves what was seen: both checkpoints as they were signed. */
export function evidence({ finding, vkeys }) {
  const { old, now, kind, proof } = finding;
  return { format: "yiwang-two-checkpoints/v1", kind, vkeys, before: plain(old), now: plain(now), proof };
}

function plain({ note, size, root, at }) {
  return { seen: new Date(at).toISOString(), size, root, note };
}

/** What a note says, unchecked; null when it is no checkpoint at all (a network's log-in page, say). */
function sightOf(note, at) {
  try {
    const { origin, size, root } = parseCheckpoint(parseNote(encoder.encode(note)).text);
    return { note, origin, size, root: toHex(root), at };
  } catch {
    return null;
  }
}

function sightIn({ note, origin, size, root, at }) {
  return { note, origin, size, root, at };
}

function signedBy(vkeys, note) {
  try {
    return Boolean(openCheckpoint(encoder.encode(note), { logs: vkeys.map(parseVkey) }));
  } catch {
    return false;
  }
}

function ed25519Lines(keys) {
  return keys.split("\n").filter((line) => {
    try {
      return parseVkey(line).kind === ED25519;
    } catch {
      return false;
    }
  });
}
