/**
 * Personal Ed25519 signing keys in the browser: not extractable, kept in IndexedDB, never sent anywhere.
 * Statements are signed as in yiwang.seal.signing: "yiwang/" + kind + "/v1\n" + canonical JSON.
 */

import { canonical } from "./canonical.js";
import { concat, fromBase64, toBase64 } from "./encoding.js";
import { inStore } from "./database.js";

const DATABASE = "yiwang-keys";
const STORE = "signing";
const ED25519 = { name: "Ed25519" };

/**
 * @typedef {{privateKey: CryptoKey, publicKey: string}} SigningKey publicKey: base64 of 32 bytes, to be registered
 */

/** Whether this browser can sign with Ed25519. */
export async function canSign() {
  try {
    await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Make a key whose private half never leaves the browser.
 * @returns {Promise<SigningKey>}
 */
export async function createSigningKey() {
  const pair = await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"]);
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: toBase64(new Uint8Array(raw)) };
}

/**
 * Read an existing key from PKCS8 bytes (a PEM file's content, decoded).
 * @param {Uint8Array} pkcs8
 * @param {string} publicKey base64
 * @returns {Promise<SigningKey>}
 */
export async function importSigningKey(pkcs8, publicKey) {
  return { privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, ["sign"]), publicKey };
}

/** Keep a key in this browser under a name (the account's id). */
export async function keepSigningKey(name, key) {
  await inStore(DATABASE, STORE, "readwrite", (store) => store.put(key, name));
}

/**
 * The key kept under a name.
 * @returns {Promise<SigningKey | undefined>}
 */
export function keptSigningKey(name) {
  return inStore(DATABASE, STORE, "readonly", (store) => store.get(name));
}

/** Forget the key kept under a name. */
export async function forgetSigningKey(name) {
  await inStore(DATABASE, STORE, "readwrite", (store) => store.delete(name));
}

/** The bytes that are signed for a statement. */
export function statementMessage(kind, content) {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(kind)) throw new TypeError(`${kind} is not a kind of statement`);
  return concat(new TextEncoder().encode(`yiwang/${kind}/v1\n`), canonical(content));
}

/**
 * @param {SigningKey} key
 * @param {string} kind e.g. "bid", "score-sheet"
 * @param {unknown} content plain JSON
 * @returns {Promise<string>} base64 signature
 */
export async function signStatement(key, kind, content) {
  const signature = await crypto.subtle.sign(ED25519, key.privateKey, statementMessage(kind, content));
  return toBase64(new Uint8Array(signature));
}

/** Whether a base64 signature of a base64 public key over a statement holds; false when malformed. */
export async function verifyStatement(publicKey, kind, content, signature) {
  const message = statementMessage(kind, content);
  try {
    const key = await crypto.subtle.importKey("raw", fromBase64(publicKey), ED25519, false, ["verify"]);
    return await crypto.subtle.verify(ED25519, key, fromBase64(signature), message);
  } catch {
    return false;
  }
}
