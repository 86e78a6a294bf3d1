/**
 * The browser's modules against a case that Python laid down, in a folder that holds copies of them:
 *   node interop.test.mjs FOLDER
 * reads FOLDER/case.json and FOLDER/python.seal, writes FOLDER/result.json and FOLDER/browser.seal.
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
const load = (name) => import(join(folder, "js", name));
const { canonical } = await load("canonical.js");
const { padme, paddedSize } = await load("padme.js");
const { fromBase64, toBase64, toHex } = await load("encoding.js");
const { createSigningKey, importSigningKey, signStatement, verifyStatement } = await load("signing.js");
const { answerChallenge, identityMatches, keyFileText, newCustodianKey, readKey } = await load("custodian.js");
const { sealBid } = await load("seal.js");
const { openEnvelope, openOwn, SealError } = await load("open.js");

const given = JSON.parse(await readFile(join(folder, "case.json"), "utf8"));
const result = {};

result.canonical = given.values.map((value) => toHex(canonical(value)));
for (const value of [1.5, NaN, undefined, 2 ** 53, { 甲: 1 }, "\ud800", new Date(), [() => 1]]) {
  assert.throws(() => canonical(value), TypeError);
}

result.padme = given.sizes.map(padme);
result.padded = given.sizes.map(paddedSize);

const imported = await importSigningKey(fromBase64(given.signing.pkcs8), given.signing.public);
result.signature = await signStatement(imported, "score-sheet", given.signing.content);
assert.ok(await verifyStatement(given.signing.public, "score-sheet", given.signing.content, given.signing.signature));
assert.ok(!(await verifyStatement(given.signing.public, "bid", given.signing.content, given.signing.signature)));
await assert.rejects(signStatement(imported, "Score Sheet", {}), TypeError);

const fresh = await createSigningKey();
assert.equal(fresh.privateKey.extractable, false);
await assert.rejects(crypto.subtle.exportKey("pkcs8", fresh.privateKey));
result.fresh = { public: fresh.publicKey, signature: await signStatement(fresh, "note", given.signing.content) };

const custodian = await newCustodianKey();
const file = new Blob([keyFileText(custodian.identity, custodian.recipient, "lot\nAGE-SECRET-KEY-1X")]);
assert.deepEqual(await readKey(file), custodian);
await assert.rejects(readKey(new Blob(["# nothing\n"])), TypeError);
assert.ok(await identityMatches(custodian.identity, custodian.recipient));
assert.ok(!(await identityMatches(custodian.identity, given.custodians[0])));
result.custodian = custodian;
result.answer = toHex(await answerChallenge(given.identities[0], fromBase64(given.challenge)));
await assert.rejects(answerChallenge(given.identities[1], fromBase64(given.challenge)), TypeError);
await assert.rejects(answerChallenge(given.identities[0], fromBase64(given.trap)), { en: /no challenge/ });

const files = given.files.map(({ name, type, content }) => ({ name, type, blob: new Blob([fromBase64(content)]) }));
let last = 0;
const sealed = await sealBid({
  manifest: given.manifest,
  files,
  custodians: given.custodians,
  k: 3,
  signingKey: fresh,
  context: given.context,
  ownRecipient: custodian.recipient,
  progress: (done, total) => {
    assert.ok(done > last && done <= total);
    last = done;
  },
});
await writeFile(join(folder, "browser.seal"), new Uint8Array(await sealed.envelope.arrayBuffer()));
result.sealed = { sha256: sealed.sha256, size: sealed.size, manifestSha256: sealed.manifestSha256 };
assert.equal((await openOwn(sealed.envelope, custodian.identity)).manifestSha256, sealed.manifestSha256);

const python = new Blob([await readFile(join(folder, "python.seal"))]);
const [, , , three, four] = given.identities;
const opened = await openEnvelope(python, { 0: given.identities[0], 3: three, 4: four });
result.opened = {
  manifest: opened.manifest,
  manifestSha256: opened.manifestSha256,
  documents: [...opened.documents].map(([name, content]) => [name, toBase64(content)]),
};

const failed = (code) => (error) => error instanceof SealError && error.code === code;
const fails = (promise, code) => assert.rejects(promise, failed(code));
const bytes = new Uint8Array(await python.arrayBuffer());
bytes[bytes.length - 1] ^= 1;
await fails(openEnvelope(python, { 0: given.identities[0], 3: three }), "not_enough_keys");
await fails(openEnvelope(python, { 0: given.identities[0], 3: three, 4: three }), "wrong_key");
await fails(openEnvelope(new Blob([bytes]), { 0: given.identities[0], 3: three, 4: four }), "damaged");
await fails(openEnvelope(new Blob(["%PDF-1.7"]), {}), "not_sealed");

await writeFile(join(folder, "result.json"), JSON.stringify(result));
