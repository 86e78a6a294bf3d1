/**
 * "My bid": price, answers and documents are sealed in this browser to the custodians' keys; only the sealed file and
 * the hash of its manifest are sent. Price and documents have no field names, so that no form can send them.
 */

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { canonical } from "./canonical.js";
import { keyFileText } from "./custodian.js";
import { bindNewKey } from "./binding.js";
import { button, fileName, guarded, link, personOf, refusal, save, say, show, token, wordsOf } from "./page.js";
import { Problem } from "./problem.js";
import { sealBid } from "./seal.js";
import { keptSigningKey } from "./signing.js";

const panel = document.querySelector("form[data-seal-bid]");
const MOST_FEN = 10 ** 15;
const BAD_NAME = /[/\\:*?"<>|\x00-\x1f]/;



/** Fen of a yuan amount as typed; null when it is none. */
export function fenOf(text) {
  const clean = text.trim().replace(/[,，\s]/g, "");
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(clean);
  if (!found) return null;
  const fen = Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return fen > 0 && fen <= MOST_FEN ? fen : null;
}

/** 1,234,567.89 */
export function yuanOf(fen) {
  const cents = String(fen % 100).padStart(2, "0");
  return `${Math.floor(fen / 100).toLocaleString("en-US")}.${cents}`;
}

/** What is wrong with the chosen files; an empty list when nothing is. */
export function filesWrong(files) {
  const wrong = [];
  const names = new Set();
  for (const { name, size } of files) {
    const bytes = new TextEncoder().encode(name).length;
    if (BAD_NAME.test(name) || bytes > 255) wrong.push(say(`文件名“${name}”不能用，请改名`, `the file name “${name}” cannot be used; rename it`));
    if (names.has(name)) wrong.push(say(`两个文件都叫“${name}”`, `two files are called “${name}”`));
    if (size === 0) wrong.push(say(`文件“${name}”是空的`, `the file “${name}” is empty`));
    names.add(name);
  }
  return wrong;
}

function SealPanel(form) {
  const facts = JSON.parse(form.dataset.sealBid);
  const part = (name) => form.querySelector(`[data-part=${name}]`);
  const place = part("message");
  const press = form.querySelector("button[type=submit]");
  const files = [];
  let signingKey;
  let sealed;
  let binding;

  this.start = async () => {
    form.closest("[data-needs-script]").hidden = false;
    for (const folded of document.querySelectorAll("[data-fold-with-script]:not([data-keep-open])")) folded.open = false;
    part("price").addEventListener("input", review);
    part("files").addEventListener("change", addFiles);
    form.addEventListener("input", () => { sealed = undefined; });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      guarded(press, place, sealAndSend);
    });
    signingKey = await keptSigningKey(personOf(form)).catch(() => undefined);
    review();
  };

  function addFiles() {
    for (const file of part("files").files) {
      const at = files.findIndex((each) => each.name === file.name);
      if (at < 0) files.push(file);
      else files[at] = file;
    }
    part("files").value = "";
    sealed = undefined;
    listFiles();
    review();
  }

  function listFiles() {
    part("chosen").replaceChildren(...files.map((file, at) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${file.name}  ${sizeWords(file.size)}`;
      const drop = button(say("移除", "Remove"), async () => {
        files.splice(at, 1);
        listFiles();
        review();
        part("files").focus();
      }, { place, look: "button-quiet" });
      drop.setAttribute("aria-label", say(`移除 ${file.name}`, `Remove ${file.name}`));
      item.append(name, drop);
      return item;
    }));
  }

  /** The pre-check list: each line done, worth a look, or missing. */
  function review() {
    const fen = fenOf(part("price").value);
    part("price-echo").textContent = fen === null ? "" : say(`即 ${yuanOf(fen)} 元`, `that is ${yuanOf(fen)} yuan`);
    const lines = [keyLine(), priceLine(fen), filesLine(), custodyLine()];
    part("checks").replaceChildren(...lines.map(({ state, words, more = [] }) => {
      const item = document.createElement("li");
      item.className = `check-${state}`;
      const mark = document.createElement("span");
      mark.className = "check-mark";
      mark.textContent = { good: say("已备", "ready"), look: say("留意", "look"), bad: say("缺少", "missing") }[state];
      const body = document.createElement("span");
      body.append(words, ...more);
      item.append(mark, body);
      return item;
    }));
    return lines.filter((line) => line.state === "bad");
  }

  function keyLine() {
    if (signingKey && facts.bound.includes(signingKey.publicKey)) {
      return { state: "good", words: say("签名密钥在这台设备上，并已绑定到您的账号", "your signing key is on this device and bound to your account") };
    }
    if (binding) return { state: "bad", words: say("正在生成并绑定签名密钥", "making and binding a signing key") };
    const make = button(say("在这台设备上生成并绑定", "Make and bind one here"), bind, { place });
    const manage = link(say("管理签名密钥", "Manage signing keys"), facts.keysUrl);
    return { state: "bad", words: say("这台设备上没有已绑定的签名密钥。", "there is no bound signing key on this device. "), more: [make, " ", manage] };
  }

  function bind() {
    binding ??= bindNewKey({ url: facts.keysUrl, token: token(form), person: personOf(form) })
      .then(({ key }) => {
        signingKey = key;
        facts.bound.push(key.publicKey);
      })
      .finally(() => {
        binding = undefined;
        review();
      });
    review();
    return binding;
  }

  function priceLine(fen) {
    if (fen === null) return { state: "bad", words: say("报价：大于零，最多两位小数", "price: above zero, at most two decimals") };
    if (facts.ceiling !== null && fen > facts.ceiling) {
      return { state: "look", words: say(`报价高于最高限价 ${yuanOf(facts.ceiling)} 元，将被否决`, `the price is above the ceiling of ${yuanOf(facts.ceiling)} yuan and would be rejected`) };
    }
    if (facts.minimum !== null && fen < facts.minimum) {
      return { state: "look", words: say(`报价低于最低价 ${yuanOf(facts.minimum)} 元，将被否决`, `the price is below the minimum of ${yuanOf(facts.minimum)} yuan and would be rejected`) };
    }
    return { state: "good", words: say(`报价 ${yuanOf(fen)} 元`, `price ${yuanOf(fen)} yuan`) };
  }

  function filesLine() {
    const wrong = filesWrong(files);
    if (wrong.length) return { state: "bad", words: wrong.join(say("；", "; ")) };
    if (!files.length) return { state: "bad", words: say("至少一份投标文件", "at least one document") };
    const total = files.reduce((sum, file) => sum + file.size, 0);
    return { state: "good", words: say(`${files.length} 份文件，共 ${sizeWords(total)}`, `${files.length} document(s), ${sizeWords(total)}`) };
  }

  function custodyLine() {
    const n = facts.custodians.length;
    return { state: "good", words: say(`密封给 ${n} 位保管人，其中任意 ${facts.k} 位一起才能打开`, `sealed to ${n} custodians, any ${facts.k} of whom together can open it`) };
  }

  async function sealAndSend() {
    await binding;
    const missing = review();
    if (missing.length) {
      throw new Problem(`还不能密封：${missing.map((line) => line.words).join("；")}`, `Not ready to seal: ${missing.map((line) => line.words).join("; ")}`);
    }
    sealed ??= await sealNow();
    await send();
  }

  async function sealNow() {
    show(place, say("正在密封，请不要关闭页面", "Sealing; please keep this page open"), "info");
    const ownRecipient = part("own-copy").checked ? await ownKey() : undefined;
    return sealBid({
      manifest: { tenderer: facts.tenderer, price: fenOf(part("price").value), answers: answers() },
      files: files.map((file) => ({ name: file.name, type: typeOf(file), blob: file })),
      custodians: facts.custodians,
      k: facts.k,
      signingKey,
      context: { tender: facts.tender, lot: lot(), round: 1 },
      ownRecipient,
      progress: (done, total) => bar(say("密封", "Sealing"), done, total),
    });
  }

  function answers() {
    const given = {};
    for (const field of form.querySelectorAll("[data-answer]")) {
      if (field.value.trim()) given[field.dataset.answer] = field.value.trim();
    }
    canonical(given);
    return given;
  }

  function lot() {
    return part("lot")?.value ?? facts.lots[0];
  }

  async function ownKey() {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const text = keyFileText(identity, recipient, `${facts.tender} own copy`);
    save(new Blob([text], { type: "text/plain" }), `own-copy-${fileName(facts.tender)}.key`);
    return recipient;
  }

  async function send() {
    show(place, say("已密封，正在上传", "Sealed; uploading"), "info");
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token(form));
    body.set("request_key", form.elements.request_key.value);
    body.set("lot", lot());
    body.set("manifest_sha256", sealed.manifestSha256);
    body.set("file", sealed.envelope, "bid.sealed");
    const answer = await upload(body).catch((error) => {
      offerAgain(wordsOf(error));
      return null;
    });
    if (!answer) return;
    if (answer.status >= 400) {
      offerAgain(refusal(answer.status, answer.responseText).message);
      return;
    }
    show(place, say("已收到，正在打开回执", "Received; opening the receipt"), "success");
    location.assign(answer.responseURL);
  }

  function upload(body) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", location.pathname);
      request.upload.onprogress = (event) => bar(say("上传", "Uploading"), event.loaded, event.total);
      request.onload = () => resolve(request);
      request.onerror = () => reject(new Problem("网络中断，密封文件还在这个页面里", "the network failed; the sealed file is still in this page"));
      request.send(body);
    });
  }

  function offerAgain(words) {
    const again = button(say("重新上传", "Upload again"), send, { place, look: "" });
    const keep = button(say("保存密封文件", "Save the sealed file"), async () => {
      save(sealed.envelope, "bid.sealed");
      save(new Blob([JSON.stringify(receiptFacts(), null, 2)], { type: "application/json" }), "bid.sealed.json");
    }, { place });
    const row = document.createElement("p");
    row.className = "cluster";
    row.append(again, keep);
    show(place, words, "error", [row]);
  }

  function receiptFacts() {
    return {
      v: 1, tender: facts.tender, lot: lot(), round: 1, envelope_sha256: sealed.sha256, size: sealed.size,
      manifest_sha256: sealed.manifestSha256,
    };
  }

  function bar(words, done, total) {
    const holder = part("progress");
    holder.hidden = false;
    holder.querySelector("progress").max = total;
    holder.querySelector("progress").value = done;
    holder.querySelector("[data-words]").textContent = words;
    holder.querySelector("[data-count]").textContent = `${sizeWords(done)} / ${sizeWords(total)}`;
  }
}

function typeOf(file) {
  return /^[\x20-\x7e]{1,200}$/.test(file.type) ? file.type : "application/octet-stream";
}

function sizeWords(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

if (panel) new SealPanel(panel).start();
