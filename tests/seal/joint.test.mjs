/**
 * The browser's reading and making of joint bids and parts, on the vectors that Python laid down:
 *   node joint.test.mjs FOLDER      reads FOLDER/case.json and FOLDER/*.seal, writes FOLDER/result.json
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
const load = (name) => import(join(folder, "js", name));
const { canonical } = await load("canonical.js");
const { fromBase64, toHex } = await load("encoding.js");
const { importSigningKey } = await load("signing.js");
const { joinConsents, creditCode, makeProposal, MOST_MEMBERS, readConsent, readProposal, signConsent } = await load("joint.js");
const { judgeManifest, openEnvelope, SealError } = await load("open.js");

const { vectors, identities } = JSON.parse(await readFile(join(folder, "case.json"), "utf8"));
const result = { most: MOST_MEMBERS, opened: {} };

for (const [name, { payload, canonical: due }] of Object.entries(vectors.good)) {
  assert.equal(new TextDecoder().decode(canonical(payload)), due, name);
  await judgeManifest(payload.manifest, payload.signature);
}
for (const [name, { payload, code }] of Object.entries(vectors.bad)) {
  await assert.rejects(judgeManifest(payload.manifest, payload.signature), (error) => error instanceof SealError && error.code === code, name);
}

const proposal = readProposal(JSON.stringify(vectors.proposal));
const keys = await Promise.all(["lead", "member"].map(async (each) => importSigningKey(fromBase64(vectors.keys[each].pkcs8), vectors.keys[each].public)));
const codes = vectors.statement.members.map(({ tenderer }) => tenderer);
const made = [await signConsent(proposal, codes[0], keys[0]), await signConsent(proposal, codes[1], keys[1])];
assert.deepEqual(made, vectors.consents);
const { tender, lot, lead } = vectors.statement;
assert.deepEqual(await joinConsents([...made].reverse().map(JSON.stringify), { tender, lot, lead }), vectors.joint);

const refused = (promise, words) => assert.rejects(promise, (error) => words.test(error.en), String(words));
await refused(signConsent(proposal, "91110000000000JH3F", keys[1]), /no member/);
await refused(joinConsents([made[0]]), /missing/);
await refused(joinConsents([made[0], made[0]]), /twice/);
await refused(joinConsents(made, { tender, lot: "2" }), /not for 2/);
await refused(joinConsents([]), /no consent/);
await refused(readConsent({ ...made[1], signature: made[0].signature }), /sign again/);
await refused(readConsent({ ...made[1], note: "" }), /note is missing or unknown/);
await refused(readConsent(vectors.proposal), /unknown/);
const other = await signConsent({ ...proposal, statement: { ...proposal.statement, lot: "2" } }, codes[1], keys[1]);
await refused(joinConsents([made[0], other]), /same agreement/);
assert.throws(() => readProposal("{"), { en: /no file/ });
assert.throws(() => creditCode("91110000000000JH18"), { en: /not a valid/ });
assert.equal(creditCode(" 91110000000000jh19 "), "91110000000000JH19");
const members = codes.map((tenderer, at) => ({ tenderer, name: vectors.proposal.names[tenderer], work: vectors.statement.members[at].work }));
assert.deepEqual(makeProposal({ tender, lot, members }), vectors.proposal);
assert.throws(() => makeProposal({ tender, lot, members: [members[0]] }), { en: /2 to 10/ });
assert.throws(() => makeProposal({ tender, lot, members: [members[0], members[0]] }), { en: /twice/ });

for (const name of ["joint", "technical", "price"]) {
  const envelope = new Blob([await readFile(join(folder, `${name}.seal`))]);
  const { manifest, manifestSha256 } = await openEnvelope(envelope, identities);
  result.opened[name] = { manifest, manifestSha256, bytes: toHex(canonical(manifest.joint ?? null)) };
}
await writeFile(join(folder, "result.json"), JSON.stringify(result));
