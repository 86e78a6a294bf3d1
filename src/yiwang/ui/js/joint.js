/**
 * Joint bids (联合体), as yiwang.seal.joint: the lead's proposal, each member's consent, and the key "joint" of a manifest.
 *
 *   proposal  {"v":1,"kind":"joint-bid-proposal","statement":S,"names":{"<credit code>":"<name>"}}
 *   consent   {"v":1,"kind":"joint-bid","statement":S,"tenderer":"<who consents>","signer":..,"signature":..}
 *   S         {"tender":..,"lot":..,"lead":"<credit code>","members":[{"tenderer":..,"work":..},..]}   lead first
 *   manifest.joint  {"members":[{"tenderer":..,"work":..,"signer":..,"signature":..},..]}
 *
 * Nothing here is sent anywhere: before the opening nobody may know who bids, and with whom.
 */

import { canonical } from "./canonical.js";
import { same, strictBase64 } from "./encoding.js";
import { Problem } from "./problem.js";
import { signStatement, verifyStatement } from "./signing.js";

export const STATEMENT = "joint-bid";
export const PROPOSAL = "joint-bid-proposal";
/** The greatest number of members: NL-17 of law/limits.yaml. */
export const MOST_MEMBERS = 10;
/** Parts that may be sealed apart; the price stands in the last one. */
export const PARTS = ["qualification", "technical", "price"];

const CODE = /^[0-9A-HJ-NP-RTUW-Y]{18}$/;
const DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** A unified social credit code with a right check digit (GB 32100-2015), upper case; throws a Problem otherwise. */
export function creditCode(text) {
  const code = String(text).trim().toUpperCase();
  const sum = [...code].slice(0, 17).reduce((total, digit, at) => total + DIGITS.indexOf(digit) * (3 ** at % 31), 0);
  if (!CODE.test(code) || DIGITS[(31 - (sum % 31)) % 31] !== code[17]) {
    throw new Problem(`“${text}”不是有效的统一社会信用代码`, `“${text}” is not a valid unified social credit code`);
  }
  return code;
}

/**
 * The lead's proposal to the other members.
 * @param {{tender: string, lot: string, members: {tenderer: string, name: string, work: string}[]}} agreed lead first
 */
export function makeProposal({ tender, lot, members }) {
  const shares = members.map(({ tenderer, work }) => ({ tenderer: creditCode(tenderer), work: work.trim() }));
  const statement = readStatement({ tender, lot, lead: shares[0]?.tenderer ?? "", members: shares });
  const names = Object.fromEntries(members.filter(({ name }) => name.trim()).map(({ tenderer, name }) => [creditCode(tenderer), name.trim()]));
  return readProposal({ v: 1, kind: PROPOSAL, statement, names });
}

/** A proposal read strictly, from its object or its text; throws a Problem when it is none. */
export function readProposal(given) {
  const value = exactly(parsed(given), "proposal", ["v", "kind", "statement", "names"]);
  ofKind(value, PROPOSAL);
  const names = object(value.names, "names");
  for (const [code, name] of Object.entries(names)) words(name, `names.${code}`);
  return { v: 1, kind: PROPOSAL, statement: readStatement(value.statement), names };
}

/**
 * Consent to a proposal with a member's own signing key.
 * @param {ReturnType<typeof readProposal>} proposal
 * @param {string} tenderer the member's credit code
 * @param {import("./signing.js").SigningKey} key bound to the account of somebody of that member
 * @returns {Promise<object>} the consent, to be saved as a file and passed on to the lead
 */
export async function signConsent(proposal, tenderer, key) {
  const statement = readStatement(proposal.statement);
  memberOf(statement, tenderer);
  const signature = await signStatement(key, STATEMENT, statement);
  return readConsent({ v: 1, kind: STATEMENT, statement, tenderer, signer: key.publicKey, signature });
}

/** A consent read strictly, from its object or its text, its signature verified; throws a Problem otherwise. */
export async function readConsent(given) {
  const value = exactly(parsed(given), "consent", ["v", "kind", "statement", "tenderer", "signer", "signature"]);
  ofKind(value, STATEMENT);
  const statement = readStatement(value.statement);
  memberOf(statement, value.tenderer);
  if (!(await verifyStatement(keyText(value.signer, "signer"), STATEMENT, statement, value.signature))) {
    throw new Problem(`${value.tenderer} 的签名与协议内容不符，请该成员重新签名`, `the signature of ${value.tenderer} is not over this agreement; let that member sign again`);
  }
  return value;
}

/**
 * The manifest's "joint" out of the consents of all members, the lead's among them.
 * @param {(object | string)[]} consents objects or texts of the consent files
 * @param {{tender: string, lot: string, lead?: string}} [wanted] what the bid is for; consents to anything else are refused
 * @returns {Promise<{members: {tenderer: string, work: string, signer: string, signature: string}[]}>}
 */
export async function joinConsents(consents, wanted) {
  const read = await Promise.all(consents.map(readConsent));
  if (!read.length) throw new Problem("没有成员同意书", "there is no consent");
  const { statement } = read[0];
  if (read.some((each) => !same(canonical(each.statement), canonical(statement)))) {
    throw new Problem("同意书针对的不是同一份协议，请全体成员对同一份提议签名", "the consents are not to the same agreement; all members sign one and the same proposal");
  }
  for (const name of Object.keys(wanted ?? {})) {
    if (statement[name] !== wanted[name]) throw new Problem(`同意书写的是 ${statement[name]}，不是 ${wanted[name]}`, `the consents are for ${statement[name]}, not for ${wanted[name]}`);
  }
  const given = new Map(read.map((each) => [each.tenderer, each]));
  if (given.size !== read.length) throw new Problem("同一成员的同意书给了两次", "a member's consent is given twice");
  const missing = statement.members.map(({ tenderer }) => tenderer).filter((code) => !given.has(code));
  if (missing.length) throw new Problem(`缺少成员 ${missing.join("、")} 的同意书`, `the consent of ${missing.join(", ")} is missing`);
  return { members: statement.members.map(({ tenderer, work }) => ({ tenderer, work, signer: given.get(tenderer).signer, signature: given.get(tenderer).signature })) };
}

// --- in a manifest -----------------------------------------------------------------------------------------------------

/** A manifest's context, part and members in the one form that they have; throws a TypeError that names what is wrong. */
export function readJointAndPart(manifest) {
  const { context } = manifest;
  exactly(context, "context", ["tender", "lot", "round", ...("part" in context ? ["part"] : [])]);
  if ("part" in context) {
    if (!PARTS.includes(context.part)) throw new TypeError(`context.part is ${JSON.stringify(context.part)}`);
    if ((manifest.price !== null) !== (context.part === "price")) throw new TypeError(`the ${context.part} part has a price where none belongs, or lacks it`);
  }
  if (!("joint" in manifest)) return [];
  const { members } = exactly(manifest.joint, "manifest.joint", ["members"]);
  if (!Array.isArray(members)) throw new TypeError("manifest.joint.members is not a list");
  for (const [at, member] of members.entries()) {
    exactly(member, `manifest.joint.members[${at}]`, ["tenderer", "work", "signer", "signature"]);
    keyText(member.signer, `manifest.joint.members[${at}].signer`);
    if (typeof member.signature !== "string") throw new TypeError(`manifest.joint.members[${at}].signature is not text`);
  }
  readStatement(statementOf(manifest));
  return members;
}

/** Credit codes of the members whose signature does not verify. */
export async function unsignedMembers(manifest) {
  const wrong = [];
  for (const { tenderer, signer, signature } of manifest.joint?.members ?? []) {
    if (!(await verifyStatement(signer, STATEMENT, statementOf(manifest), signature))) wrong.push(tenderer);
  }
  return wrong;
}

function statementOf({ context, tenderer, joint }) {
  const members = joint.members.map(({ tenderer: code, work }) => ({ tenderer: code, work }));
  return { tender: context.tender, lot: context.lot, lead: tenderer, members };
}

// --- strict reading ----------------------------------------------------------------------------------------------------

function readStatement(value) {
  exactly(value, "statement", ["tender", "lot", "lead", "members"]);
  for (const name of ["tender", "lot", "lead"]) words(value[name], `statement.${name}`);
  const { members } = value;
  if (!Array.isArray(members) || members.length < 2 || members.length > MOST_MEMBERS) {
    throw new Problem(`联合体应有 2 至 ${MOST_MEMBERS} 个成员`, `a joint bid has 2 to ${MOST_MEMBERS} members`);
  }
  for (const [at, member] of members.entries()) {
    exactly(member, `members[${at}]`, ["tenderer", "work"]);
    if (!CODE.test(member.tenderer)) throw new Problem(`第 ${at + 1} 个成员的信用代码有误`, `the credit code of member ${at + 1} is wrong`);
    words(member.work, `members[${at}].work`);
  }
  const codes = members.map(({ tenderer }) => tenderer);
  const twice = codes.find((code, at) => codes.indexOf(code) !== at);
  if (twice) throw new Problem(`成员 ${twice} 列了两次`, `member ${twice} is listed twice`);
  if (codes[0] !== value.lead) throw new Problem("第一个成员应是牵头人", "the first member must be the lead");
  return value;
}

function memberOf(statement, tenderer) {
  if (!statement.members.some((member) => member.tenderer === tenderer)) {
    throw new Problem(`${tenderer} 不是这个联合体的成员`, `${tenderer} is no member of this joint bid`);
  }
}

function parsed(given) {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    throw new Problem("这不是联合体文件", "this is no file of a joint bid");
  }
}

function ofKind(value, kind) {
  if (value.v !== 1 || value.kind !== kind) {
    throw kind === PROPOSAL ? new Problem("这不是联合体提议文件", "this is no proposal of a joint bid") : new Problem("这不是成员同意书", "this is no member's consent");
  }
}

function object(value, path) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unsound(`${path} is not an object`);
  return value;
}

function exactly(value, path, keys) {
  const have = Object.keys(object(value, path));
  const odd = have.find((key) => !keys.includes(key)) ?? keys.find((key) => !have.includes(key));
  if (odd !== undefined) throw unsound(`${path}: the key ${odd} is missing or unknown`);
  return value;
}

function words(value, path) {
  if (typeof value !== "string" || !value.trim() || [...value].length > 200 || /[\x00-\x1f]/.test(value)) {
    throw unsound(`${path} is empty, longer than 200 characters or has control characters`);
  }
  return value;
}

function keyText(value, path) {
  if (typeof value !== "string") throw unsound(`${path} is not text`);
  if (value.startsWith("sm2:")) return value;
  try {
    if (strictBase64(value).length === 32) return value;
  } catch {
    // said below
  }
  throw unsound(`${path} is not a public key`);
}

function unsound(detail) {
  return new Problem(`联合体文件有误：${detail}`, `the joint bid's file is unsound: ${detail}`);
}
