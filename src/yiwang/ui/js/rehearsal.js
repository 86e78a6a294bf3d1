/**
 * Rehearsal: seal any documents to test custodians whose keys are public, and see them opened, by the center or here.
 * The form tells how fast it sealed: data-bytes and data-seconds of the first step.
 */

import { fenOf, sizeWords } from "./bid-amounts.js";
import { filesWrong, typeOf } from "./bid-files.js";
import { shownBid } from "./bid-own.js";
import { openEnvelope } from "./open.js";
import { readFile, remove } from "./opfs.js";
import { guarded, save, say, show, token } from "./page.js";
import { Problem } from "./problem.js";
import { Refused } from "./refused.js";
import { startSealer } from "./sealer.js";
import { createSigningKey, keepSigningKey, keptSigningKey } from "./signing.js";

const FOLDER = "yiwang-rehearsal";
const MOST_HERE = 600 * 2 ** 20; // opening in the page holds everything in memory

function Rehearsal(form) {
  const facts = JSON.parse(form.dataset.rehearsal);
  const area = form.closest("[data-needs-script]");
  const part = (name) => area.querySelector(`[data-part=${name}]`);
  const place = part("message");
  const sealer = startSealer(facts.worker);
  const known = new Map();
  let envelope;

  this.start = () => {
    area.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      guarded(form.querySelector("button[type=submit]"), place, run);
    });
    // As on the page of a bid, a document is read for its hash as soon as it is chosen.
    part("files").addEventListener("change", () => {
      for (const file of part("files").files) {
        const reading = sealer.then((made) => made.hash(file));
        reading.catch(() => known.delete(file));
        known.set(file, reading);
      }
    });
    part("cancel").addEventListener("click", async () => (await sealer).cancel());
    part("save").addEventListener("click", () => save(envelope, "rehearsal.sealed"));
    remove([FOLDER]).catch(() => {});
  };

  async function run() {
    const files = [...part("files").files];
    const price = fenOf(part("price").value);
    const wrong = filesWrong(files);
    if (price === null) throw new Problem("报价应大于零，最多两位小数", "a price is above zero, with at most two decimals");
    if (wrong.length) throw new Problem(wrong.join("；"), wrong.join("; "));
    show(place, "");
    part("cancel").hidden = false;
    part("steps").replaceChildren();
    part("opened").replaceChildren();
    part("result").hidden = false;
    try {
      const sealed = await seal(files, price);
      await openIt(sealed);
      part("result").focus();
    } finally {
      part("cancel").hidden = true;
      part("progress").hidden = true;
    }
  }

  async function seal(files, price) {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const listed = [];
    for (const file of files) listed.push({ name: file.name, type: typeOf(file), blob: file, known: await known.get(file)?.catch(() => undefined) });
    const path = [FOLDER, `${crypto.randomUUID()}.sealed`];
    const signingKey = await deviceKey();
    const from = performance.now();
    const sealed = await (await sealer).seal({
      manifest: { tenderer: facts.tenderer, price, answers: {} },
      files: listed, custodians: facts.custodians, k: facts.k, signingKey, context: facts.context,
    }, path, { reading: (done, all) => bar(say("读取文件", "Reading"), done, all), progress: (done, all) => bar(say("密封", "Sealing"), done, all) });
    const seconds = (performance.now() - from) / 1000;
    envelope = sealed.envelope ?? (await readFile(path));
    const rate = total > 2 ** 20 ? say(`，每秒 ${sizeWords(total / seconds)}`, `, ${sizeWords(total / seconds)} a second`) : "";
    const item = step(say(`已密封 ${sizeWords(sealed.size)}，用时 ${seconds.toFixed(1)} 秒${rate}`, `sealed ${sizeWords(sealed.size)} in ${seconds.toFixed(1)} s${rate}`));
    Object.assign(item.dataset, { bytes: total, seconds: seconds.toFixed(3), size: sealed.size });
    step(say("密封件指纹", "hash of the envelope"), sealed.sha256);
    return sealed;
  }

  async function openIt(sealed) {
    const atCenter = !part("here").checked && sealed.size <= facts.most;
    const answer = atCenter ? await send(sealed).catch(() => undefined) : undefined;
    if (atCenter && !answer) step(say("连不上中心，改在浏览器里打开", "the center cannot be reached; opened in the browser instead"));
    if (answer && !answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
    if (answer) return told(await answer.json(), sealed);
    if (sealed.size > MOST_HERE) throw new Problem("文件太大，浏览器打不开；请另存后用命令行打开", "too large to open in the browser; save it and open it on the command line");
    const identities = Object.fromEntries(facts.identities.slice(0, facts.k).map((identity, at) => [at, identity]));
    const opened = await openEnvelope(envelope, identities);
    step(say(`用 ${facts.k} 把公布的密钥打开了`, `opened with ${facts.k} published keys`));
    step(say("签名有效", "the signature is valid"));
    part("opened").replaceChildren(shownBid(opened));
  }

  function send(sealed) {
    const headers = { "X-CSRFToken": token(form), "X-Manifest-SHA256": sealed.manifestSha256, "Content-Type": "application/octet-stream" };
    return fetch(facts.open, { method: "POST", body: envelope, headers, credentials: "same-origin" });
  }

  function told(said, sealed) {
    step(say("投标承诺（开标前公开的只有它）", "commitment (before an opening nothing else is public)"), said.commitment);
    step(say(`中心用 ${facts.k} 把公布的密钥打开了，用时 ${said.milliseconds} 毫秒`, `the center opened it with ${facts.k} published keys in ${said.milliseconds} ms`));
    step(said.signature_ok ? say("签名有效", "the signature is valid") : say("签名无效", "the signature is NOT valid"));
    step(said.manifest_as_said && said.manifest_sha256 === sealed.manifestSha256 ? say("里面的清单就是密封前的那一份", "the manifest inside is the one of before sealing") : say("清单与密封前不符", "the manifest is NOT the one of before sealing"), said.manifest_sha256);
    const documents = new Map(said.manifest.documents.map((each) => [`${each.name}  ${sizeWords(each.size)}`, undefined]));
    part("opened").replaceChildren(shownBid({ manifest: said.manifest, documents, manifestSha256: said.manifest_sha256 }));
  }

  function step(words, hash) {
    const item = document.createElement("li");
    item.append(words);
    if (hash) {
      const code = document.createElement("code");
      code.textContent = hash;
      item.append(" ", code);
    }
    part("steps").append(item);
    return item;
  }

  function bar(words, done, total) {
    const holder = part("progress");
    holder.hidden = false;
    holder.querySelector("progress").max = total || 1;
    holder.querySelector("progress").value = done;
    holder.querySelector("[data-words]").textContent = words;
    holder.querySelector("[data-count]").textContent = `${sizeWords(done)} / ${sizeWords(total)}`;
  }
}

/** A signing key of this device for rehearsals: bound to nobody. */
async function deviceKey() {
  const kept = await keptSigningKey("rehearsal").catch(() => undefined);
  if (kept) return kept;
  const made = await createSigningKey();
  await keepSigningKey("rehearsal", made).catch(() => {});
  return made;
}

const form = document.querySelector("form[data-rehearsal]");
if (form) new Rehearsal(form).start();
