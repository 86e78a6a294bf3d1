/**
 * The browser's checking modules against published vectors, run by node:
 *   node modules.test.mjs FOLDER VECTORS
 * FOLDER holds copies of the modules beside their packages; VECTORS are those of tests/tlog.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

const [folder, vectors] = process.argv.slice(2);
const load = (name) => import(join(folder, "js", name));
const merkle = await load("check-merkle.js");
const { openCheckpoint, parseCheckpoint, parseNote, parseVkey, verifyEd25519 } = await load("check-note.js");
const { cosignersOf, parsePolicy, parseTrust, satisfied, verify } = await load("check-keys.js");
const { growthProof, TileMissing, tilePath } = await load("check-tiles.js");
const { readArchive } = await load("check-zip.js");
const { entryOf, readCanonical } = await load("check-shapes.js");
const { commitmentsRoot } = await load("check-bids.js");
const { checkPair, isPair } = await load("check-pair.js");
const { compare, evidence, GRAVE, PATIENCE } = await load("remembered-core.js");
const { concat, fromHex, toBase64, toHex } = await load("encoding.js");

const utf8 = (text) => new TextEncoder().encode(text);
const given = JSON.parse(await readFile(join(vectors, "merkle_proofs.json"), "utf8"));
const go = JSON.parse(await readFile(join(vectors, "go_cosignatures.json"), "utf8"));
const [logs, witnesses] = [go.log_vkeys.map(parseVkey), go.witness_vkeys.map(parseVkey)];
const note = utf8(go.note);

test("published inclusion proofs", () => {
  assert.equal(given.inclusion.length, 98);
  for (const { desc, index, size, root, leaf, proof, refused } of given.inclusion) {
    const run = () => merkle.verifyInclusion(index, size, fromHex(leaf), proof.map(fromHex), fromHex(root));
    if (refused) assert.throws(run, desc);
    else run();
  }
});

test("published consistency proofs", () => {
  assert.equal(given.consistency.length, 98);
  for (const each of given.consistency) {
    const run = () => merkle.verifyConsistency(each.old, each.new, fromHex(each.old_root), fromHex(each.new_root), each.proof.map(fromHex));
    if (each.refused) assert.throws(run, each.desc);
    else run();
  }
});

/** Hash of a span of leaves, by the recursion of RFC 6962 itself. */
function rootOf(leaves) {
  if (leaves.length < 2) return leaves[0] ?? merkle.EMPTY_ROOT;
  let width = 1;
  while (width * 2 < leaves.length) width *= 2;
  return merkle.nodeHash(rootOf(leaves.slice(0, width)), rootOf(leaves.slice(width)));
}

test("published roots", () => {
  const leaves = given.leaves.map(fromHex).map(merkle.leafHash);
  for (let n = 1; n <= leaves.length; n++) assert.equal(toHex(rootOf(leaves.slice(0, n))), given.roots[n - 1]);
});

test("a checkpoint signed and cosigned by a Go program: Ed25519 and ML-DSA-44", () => {
  const opened = openCheckpoint(note, { logs, witnesses }, verify);
  assert.deepEqual([opened.signed.length, opened.cosigned.length, opened.unknown.length], [2, witnesses.length, 0]);
  assert.ok(opened.cosigned.every(({ time }) => time > 1_600_000_000));
  // A module without ML-DSA says which keys it could not check, and never counts them.
  const half = openCheckpoint(note, { logs, witnesses });
  assert.equal(half.signed.length, 1);
  assert.ok(half.unchecked.length >= 1);
  assert.throws(() => openCheckpoint(note, { logs: [logs[1]] }));
});

test("an altered byte of a checkpoint is refused, wherever it is", () => {
  for (let at = 0; at < note.length; at += at < 200 ? 3 : 211) {
    const altered = note.slice();
    altered[at] ^= 1;
    assert.throws(() => {
      const opened = openCheckpoint(altered, { logs, witnesses }, verify);
      // A signature line whose key id was altered is one of an unknown key: seen, and never counted.
      if (opened.unknown.length) throw new TypeError("unknown");
    }, undefined, `byte ${at}`);
  }
});

test("notes, checkpoints and keys in another form are refused", async () => {
  for (const name of ["c2sp_quasimodo.note", "c2sp_behind_the_sofa.note"]) assert.ok(parseNote(new Uint8Array(await readFile(join(vectors, name)))).signatures.length);
  const peter = parseVkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const said = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const line = "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const { text, signatures } = parseNote(utf8(`${said}\n${line}`));
  assert.ok(verifyEd25519(peter, text, signatures[0].blob));
  for (const bad of [said, `${said}\n`, `${said}\n${line}x`, `${said}\n${line.replace("\u2014", "-")}`, `${said}\n${line.replace("=", "")}`, `${said}\r\n\n${line}`, `${said}\n${line.trim()}`]) {
    assert.throws(() => parseNote(utf8(bad)), JSON.stringify(bad));
  }
  const root = toBase64(merkle.EMPTY_ROOT);
  assert.equal(parseCheckpoint(utf8(`a/log\n0\n${root}\n`)).size, 0);
  for (const bad of [`a/log\n01\n${root}\n`, `a/log\n-1\n${root}\n`, `a/log\n1e3\n${root}\n`, `\n1\n${root}\n`, `a/log\n1\n${root}`, `a/log\n1\nAAAA\n`, `a/log\n0\n${toBase64(new Uint8Array(32))}\n`, `a/log\n9007199254740993\n${root}\n`]) {
    assert.throws(() => parseCheckpoint(utf8(bad)), JSON.stringify(bad));
  }
  for (const bad of ["", "a", "a+b+c", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]) {
    assert.throws(() => parseVkey(bad), bad);
  }
});

test("policies: keys alone, groups, quorum", () => {
  const [w1, w2] = go.witness_vkeys;
  const text = `# mine\nlog ${go.log_vkeys[0]} https://log.example\nwitness one ${w1}\nwitness two ${w2} https://w2.example\ngroup both all one two\nquorum both\n`;
  const policy = parsePolicy(text);
  const opened = openCheckpoint(note, { logs: policy.logs, witnesses: [...policy.witnesses.values()] }, verify);
  assert.deepEqual(cosignersOf(policy, opened), ["one", "two"]);
  assert.ok(satisfied(policy, ["one", "two"]) && !satisfied(policy, ["one"]));
  assert.ok(satisfied(parsePolicy(text.replace(" all ", " 1 ")), ["two"]));
  assert.equal(parseTrust(" \n# nothing\n"), null);
  const keys = parseTrust(`${go.log_vkeys.join("\r\n")}\r\n`);
  assert.deepEqual([keys.logs.length, keys.quorum], [2, "none"]);
  for (const bad of ["quorum one\n", `log ${w1}\nquorum none\n`, `witness none ${w1}\nquorum none\n`, text.replace("quorum both", ""), text.replace(" all ", " 3 "), `${text}quorum none\n`, "hello"]) {
    assert.throws(() => parseTrust(bad), bad);
  }
});

test("SHA-256 and SM3 of an entry; the closing root", () => {
  const salt = "00".repeat(32);
  // SHA-256 and SM3 of two quotation marks, the canonical JSON of an empty text, by OpenSSL.
  assert.equal(entryOf("", ""), "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126db937fdabc6bd8a255e258df984c6b63be9848d060b4ffa6ae0f8c39b3308aaf");
  assert.equal(entryOf(salt, {}).length, 128);
  assert.notEqual(commitmentsRoot([salt]), commitmentsRoot([]));
  assert.throws(() => commitmentsRoot([salt, salt]));
  for (const bad of ['{"b":1,"a":2}', '{"a":1.0}', '{"a":1,"a":1}', ' {}', '{"a":1e1}']) assert.throws(() => readCanonical(utf8(bad), "x"), bad);
});

test("paths of tiles as C2SP tlog-tiles writes them", () => {
  assert.equal(tilePath(0, 1234067), "tile/0/x001/x234/067");
  assert.equal(tilePath(1, 0, 1), "tile/1/000.p/1");
  assert.equal(tilePath(2, 1000), "tile/2/x001/000");
});

/** A log's tiles as a server has them: only those that a tree of this size asks for. */
function serverOf(leaves) {
  const tiles = new Map();
  for (let [level, row] = [0, leaves]; row.length; level++) {
    for (let at = 0; at < row.length; at += 256) {
      const part = row.slice(at, at + 256);
      tiles.set(tilePath(level, at / 256, part.length), concat(...part));
    }
    row = Array.from({ length: Math.floor(row.length / 256) }, (_, n) => rootOf(row.slice(256 * n, 256 * n + 256)));
  }
  return async (path) => tiles.get(path) ?? null;
}

const leaves = (count, from = "") => Array.from({ length: count }, (_, n) => merkle.leafHash(utf8(`${n < 5 ? "" : from}${n}`)));

test("growth is proved from tiles at every border of a tile", async () => {
  const all = leaves(700);
  for (const newer of [1, 2, 255, 256, 257, 511, 512, 513, 700]) {
    const tile = serverOf(all.slice(0, newer));
    for (const older of [1, 2, 3, 255, 256, 257, 512].filter((size) => size <= newer)) {
      const proof = await growthProof(older, newer, tile);
      merkle.verifyConsistency(older, newer, rootOf(all.slice(0, older)), rootOf(all.slice(0, newer)), proof);
    }
  }
  await assert.rejects(growthProof(3, 700, async () => null), TileMissing);
  await assert.rejects(growthProof(3, 700, async () => new Uint8Array(31)), TileMissing);
});

test("an archive has one form: no byte of it may differ", async () => {
  const bytes = new Uint8Array(await readFile(join(folder, "small.zip")));
  const entries = await readArchive(new Blob([bytes]));
  assert.deepEqual([...entries.keys()], ["a.txt", "b/空.txt"]);
  assert.equal(new TextDecoder().decode(await entries.get("a.txt").read()), "hello");
  for (let at = 0; at < bytes.length; at++) {
    const altered = bytes.slice();
    altered[at] ^= 0x10;
    await assert.rejects(readArchive(new Blob([altered])), `byte ${at}`);
  }
  for (const other of [bytes.subarray(0, -1), concat(bytes, Uint8Array.of(0)), bytes.subarray(1), new Uint8Array()]) await assert.rejects(readArchive(new Blob([other])));
});

test("a large file is measured alike with and without the browser's own SHA-256", async () => {
  const blob = new Blob([await readFile(join(folder, "large.zip"))]);
  const told = [];
  const fast = await readArchive(blob, (done, all) => told.push(done / all));
  assert.ok(told.length >= 2 && told.at(-1) > 0.99 && told.at(-1) <= 1);
  const { subtle } = globalThis.crypto;
  Object.defineProperty(globalThis.crypto, "subtle", { value: undefined, configurable: true });
  try {
    const slow = await readArchive(blob);
    assert.deepEqual([...fast].map(([name, { sha256, crc }]) => [name, sha256, crc]), [...slow].map(([name, { sha256, crc }]) => [name, sha256, crc]));
  } finally {
    Object.defineProperty(globalThis.crypto, "subtle", { value: subtle, configurable: true });
  }
  const altered = new Uint8Array(await blob.arrayBuffer());
  altered[9_000_000] ^= 1;
  await assert.rejects(readArchive(new Blob([altered])));
});

// --- what this browser saw before --------------------------------------------------------------------------------------

const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const other = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);

async function vkeyOf(key, name = "a.example/log") {
  const material = concat(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey("raw", key.publicKey)));
  const id = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(utf8(`${name}\n`), material))).subarray(0, 4);
  return { id, line: `${name}+${toHex(id)}+${toBase64(material)}` };
}

async function signed(list, key = pair, name = "a.example/log") {
  const body = `${name}\n${list.length}\n${toBase64(rootOf(list))}\n`;
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key.privateKey, utf8(body)));
  return `${body}\n\u2014 ${name} ${toBase64(concat((await vkeyOf(key, name)).id, signature))}\n`;
}

const world = async (list, key = pair, name) => ({ keys: async () => `${(await vkeyOf(key, name)).line}\n${go.log_vkeys[1]}\n`, tile: serverOf(list), now: 1000 });

test("a log that grows is remembered at its largest, and asks for the key once", async () => {
  let asked = 0;
  const counted = async (list) => ({ ...(await world(list)), keys: async () => ((asked += 1), (await vkeyOf(pair)).line) });
  let memory = await compare(null, await signed(leaves(3)), await counted(leaves(3)));
  for (const size of [3, 200, 300, 700]) {
    memory = await compare(memory, await signed(leaves(size)), await counted(leaves(size)));
    assert.deepEqual([memory.size, memory.finding], [size, null]);
  }
  assert.equal(asked, 1);
  const grown = { kind: "", vkeys: memory.vkeys, before: { note: await signed(leaves(3)) }, now: { note: memory.note } };
  const proof = (await growthProof(3, 700, serverOf(leaves(700)))).map(toBase64);
  assert.deepEqual((await checkPair(JSON.stringify({ ...grown, proof }))).lines.map(({ status }) => status), ["ok", "ok"]);
  assert.equal(await compare(null, await signed(leaves(3), other), await world(leaves(3))), null);
  assert.equal(await compare(null, "<html>", await world([])), null);
  assert.deepEqual(await compare(memory, "<html>", await world([])), memory);
});

test("two faces are noticed, and the old one is kept", async () => {
  const memory = await compare(null, await signed(leaves(300)), await world(leaves(300)));
  const seen = async (list, key, name, from = key) => {
    const found = await compare(memory, await signed(list, key, name), await world(list, from, name));
    assert.deepEqual([found.size, found.root], [memory.size, memory.root]);
    return found;
  };
  const kinds = {
    forked: await seen(leaves(300, "x")),
    inconsistent: await seen(leaves(301, "x")),
    shrunk: await seen(leaves(299)),
    unsigned: await seen(leaves(301), other, undefined, pair),
    other: await seen(leaves(4), other),
  };
  for (const [kind, found] of Object.entries(kinds)) {
    assert.equal(found.finding.kind, kind);
    const kept = evidence(found);
    assert.equal(kept.before.note, memory.note);
    assert.notEqual(kept.now.note, memory.note);
    const file = JSON.stringify(kept);
    assert.ok(isPair(file) && !isPair("{}"));
    const { lines } = await checkPair(file);
    const said = lines.map(({ status }) => status);
    assert.deepEqual(said, { forked: ["ok", "failed"], unsigned: ["failed"], other: ["failed"] }[kind] ?? ["ok", "unsure"], kind);
  }
  assert.equal((await seen(leaves(4), other, "b.example/log")).finding.kind, "other");
  // A new year, or new keys, under which the same tree goes on: nothing is lost, and it is followed.
  for (const name of ["a.example/log", "b.example/log"]) {
    const followed = await compare(memory, await signed(leaves(301), other, name), await world(leaves(301), other, name));
    assert.deepEqual([followed.finding, followed.size, followed.origin], [null, 301, name]);
  }
  assert.ok(!GRAVE.includes("other") && GRAVE.length === 4);
});

test("a proof that cannot be had is told only after several visits, and forgotten when it comes", async () => {
  let memory = await compare(null, await signed(leaves(3)), await world(leaves(3)));
  const silent = { ...(await world(leaves(9))), tile: async () => null };
  for (let visit = 1; visit < PATIENCE; visit++) {
    memory = await compare(memory, await signed(leaves(9)), silent);
    assert.equal(memory.finding, null);
  }
  memory = await compare(memory, await signed(leaves(9)), silent);
  assert.deepEqual([memory.finding.kind, memory.size], ["unproved", 3]);
  memory = await compare(memory, await signed(leaves(9)), await world(leaves(9)));
  assert.deepEqual([memory.finding, memory.size, memory.unproved], [null, 9, 0]);
});
