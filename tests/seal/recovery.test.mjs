// The browser's recovery module against the vectors that Python is tested on; and the QR code of a key is one.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { groupsOf, identityOf, looksTyped } from "./js/recovery.js";

const vectors = JSON.parse(await readFile(new URL("recovery_vectors.json", import.meta.url), "utf-8"));
for (const key of vectors.keys) {
  assert.deepEqual(groupsOf(key.identity), key.groups);
  assert.ok(!looksTyped(`# comment\n${key.identity}\n`));
  const scale = 4;
  const rows = encodeQR(key.identity, "raw", { ecc: "medium", border: 2 });
  const size = rows.length * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (rows[Math.floor(y / scale)][Math.floor(x / scale)]) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    }
  }
  assert.equal(decodeQR({ width: size, height: size, data }), key.identity);
}
for (const each of vectors.typed) {
  assert.ok(looksTyped(each.typed), each.as);
  if (each.identity) assert.equal(identityOf(each.typed), each.identity, each.as);
  else assert.throws(() => identityOf(each.typed), (error) => { assert.deepEqual(error.groups, each.groups, each.as); return true; });
}
console.log(`${vectors.keys.length} keys, ${vectors.typed.length} typed`);
