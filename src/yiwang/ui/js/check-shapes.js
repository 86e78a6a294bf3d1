/**
 * Strict reading of what dossiers and receipts hold: canonical JSON with exactly the named keys and types.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { sm3 } from "sm-crypto-v2";
import { canonical } from "./canonical.js";
import { concat, fromHex, same, toHex } from "./encoding.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Parse JSON that must be canonical byte for byte. */
export function readCanonical(bytes, name) {
  const value = JSON.parse(decoder.decode(bytes));
  if (!same(canonical(value), bytes)) throw new TypeError(`${name}: not canonical JSON (RFC 8785)`);
  return value;
}

/**
 * The value when it is an object with exactly these keys, each of its type.
 * @param {Record<string, "string" | "object" | "array" | "count" | "hash" | "any">} types hash: SHA-256 in lower-case hex
 */
export function fields(value, path, types) {
  if (!is.object(value)) throw new TypeError(`${path} is not an object`);
  const [have, want] = [Object.keys(value), Object.keys(types)];
  const odd = have.find((key) => !want.includes(key)) ?? want.find((key) => !have.includes(key));
  if (odd !== undefined) throw new TypeError(`${path}: the key ${odd} is missing or unknown`);
  for (const key of want) if (!is[types[key]](value[key])) throw new TypeError(`${path}.${key} has the wrong type`);
  return value;
}

const is = {
  any: () => true,
  string: (value) => typeof value === "string",
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  count: (value) => Number.isSafeInteger(value) && value >= 0,
  hash: (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
};

/** Hex SHA-256 of canonical JSON. */
export const digest = (value) => toHex(sha256(canonical(value)));

/** The log entry of an act in hex: SHA-256(salt || content) || SM3(salt || content). */
export function entryOf(salt, content) {
  const committed = concat(fromHex(salt), canonical(content));
  return toHex(sha256(committed)) + sm3(committed);
}

const ACT = { v: "count", act: "string", actor: "object", at: "string", subject: "string", seq: "count", prev: "string", public: "object", private_digest: "string" };

/** An act's content in the one form that acts have. */
export function actContent(value, path) {
  fields(value, path, ACT);
  fields(value.actor, `${path}.actor`, { role: "string", party: "string", person: "string" });
  if (value.v !== 1) throw new TypeError(`${path}.v is not 1`);
  return value;
}
