/**
 * Make a signing key in this browser and bind it to the account: the server gets the public half and a proof.
 */

import { post } from "./page.js";
import { Problem } from "./problem.js";
import { canSign, createSigningKey, forgetSigningKey, keepSigningKey, keptSigningKey, signStatement } from "./signing.js";

/**
 * @param {{url: string, token: string, person: string, device?: string}} where address of the page of keys, its token,
 *     the person's id, a name for this device
 * @returns {Promise<{key: import("./signing.js").SigningKey, next: string}>} the key, and the page that binding led to
 */
export async function bindNewKey({ url, token, person, device = deviceName() }) {
  if (!(await canSign())) {
    throw new Problem("这个浏览器不能生成签名密钥，请更新浏览器，或用命令行 yiwang sign", "this browser cannot make signing keys; update it, or use the command yiwang sign");
  }
  const before = await keptSigningKey(person);
  const key = await createSigningKey();
  const proof = await signStatement(key, "bind-key", { public: key.publicKey });
  // Kept before it is bound: a bound key that this browser lost would be of no use.
  await keepSigningKey(person, key);
  try {
    const next = await post(url, { csrfmiddlewaretoken: token, public: key.publicKey, proof, device });
    return { key, next };
  } catch (error) {
    await (before ? keepSigningKey(person, before) : forgetSigningKey(person));
    throw error;
  }
}

/** A short name for this device, so that its owner knows the key again: "Chrome · Windows". */
export function deviceName() {
  const agent = navigator.userAgent;
  const first = (names) => names.find(([, mark]) => mark.test(agent))?.[0] ?? "";
  const browser = first([["Edge", /Edg\//], ["Firefox", /Firefox\//], ["Chrome", /Chrome\//], ["Safari", /Safari\//]]);
  const system = first([["Android", /Android/], ["iOS", /iPhone|iPad/], ["Windows", /Windows/], ["macOS", /Mac OS/], ["Linux", /Linux/]]);
  return [browser, system].filter(Boolean).join(" · ");
}
