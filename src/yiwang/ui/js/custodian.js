/**
 * A custodian's one-time key for a lot, made and kept on his own machine: made in the browser, downloaded as a file,
 * read back for the opening. The secret key goes to nobody before the opening.
 */

import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { same } from "./encoding.js";
import { Problem } from "./problem.js";

const POSSESSION = "yiwang/possession/v1\n";
const NONCE = 32;

/**
 * @returns {Promise<{identity: string, recipient: string}>} a fresh key pair; `recipient` is public
 */
export async function newCustodianKey() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The text of the key file: a standard age identity file. */
export function keyFileText(identity, recipient, lot) {
  const label = String(lot).replace(/[\r\n]+/g, " ");
  return `# 一网 保管人密钥 yiwang custodian key\n# ${label}\n# public key: ${recipient}\n${identity}\n`;
}

/** Offer the key as a download. */
export function downloadKey(identity, recipient, lot) {
  const url = URL.createObjectURL(new Blob([keyFileText(identity, recipient, lot)], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `custodian-${String(lot).replace(/[^\w.-]+/g, "-")}.key`;
  link.click();
  // The browser needs the address until it has begun to write the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Read a key file back.
 * @param {Blob} file
 * @returns {Promise<{identity: string, recipient: string}>}
 * @throws {Problem} it does not hold exactly one valid key
 */
export async function readKey(file) {
  const lines = (await file.text()).split(/\r?\n/).map((line) => line.trim());
  const keys = lines.filter((line) => line && !line.startsWith("#"));
  if (keys.length !== 1 || !keys[0].startsWith("AGE-SECRET-KEY-1")) {
    throw new Problem("密钥文件应恰好有一个密钥", "a key file holds exactly one key");
  }
  try {
    return { identity: keys[0], recipient: await identityToRecipient(keys[0]) };
  } catch {
    throw new Problem("这不是有效的密钥文件", "this is not a valid key file");
  }
}

/** Whether a secret key belongs to a public key. */
export async function identityMatches(identity, recipient) {
  try {
    return (await identityToRecipient(identity)) === recipient.trim();
  } catch {
    return false;
  }
}

/**
 * Prove possession: the nonce inside a challenge. Only what names itself a challenge for this key is answered, so that
 * nobody can pass off a part of a sealed bid as a challenge.
 * @param {string} identity
 * @param {Uint8Array} challenge
 * @returns {Promise<Uint8Array>} 32 bytes
 */
export async function answerChallenge(identity, challenge) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  let plain;
  try {
    plain = await decrypter.decrypt(challenge);
  } catch {
    throw new Problem("此验证题不是出给这把密钥的", "the challenge is not for this key");
  }
  const recipient = await identityToRecipient(identity);
  const prefix = new TextEncoder().encode(`${POSSESSION}${recipient}\n`);
  if (plain.length !== prefix.length + NONCE || !same(plain.subarray(0, prefix.length), prefix)) {
    throw new Problem("这不是验证题，已拒绝解密", "this is no challenge; it is not answered");
  }
  return plain.slice(prefix.length);
}
