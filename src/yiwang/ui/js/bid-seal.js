/**
 * "My bid": price, answers and documents are sealed in this browser to the custodians' keys; only the sealed file and
 * the hash of its manifest are sent. Price and documents have no field names, so that no form can send them.
 */

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { fenOf, sizeWords, yuanOf } from "./bid-amounts.js";
import * as checks from "./bid-checks.js";
import { DraftKeeper } from "./bid-draft.js";
import { oddity, typeOf } from "./bid-files.js";
import { BidPanel } from "./bid-panel.js";
import { Shelf } from "./bid-shelf.js";
import { bindNewKey } from "./binding.js";
import { canonical } from "./canonical.js";
import { keyFileText } from "./custodian.js";
import { joinConsents } from "./joint.js";
import { button, fileName, guarded, link, personOf, save, say, show, token } from "./page.js";
import { Problem } from "./problem.js";
import { startSealer } from "./sealer.js";
import { keptSigningKey } from "./signing.js";

const form = document.querySelector("form[data-seal-bid]");
const SAVE_AFTER = 500; // milliseconds without typing

class SealPage {
  constructor(element) {
    this.form = element;
    this.facts = JSON.parse(element.dataset.sealBid);
    this.part = (name) => element.querySelector(`[data-part=${name}]`);
    this.place = this.part("message");
    this.files = [];
    this.oddities = new Map();
    this.known = new Map();
  }

  async start() {
    const { form: element, part, place } = this;
    element.closest("[data-needs-script]").hidden = false;
    for (const folded of document.querySelectorAll("[data-fold-with-script]:not([data-keep-open])")) folded.open = false;
    this.shelf = new Shelf(personOf(element));
    this.drafts = new DraftKeeper(this.shelf, this.facts.tender);
    this.drafts.failed = (error) => show(part("draft-note"), say(`草稿没有保存：${error.message}`, `the draft was not kept: ${error.message}`), "error");
    this.sealer = startSealer(this.facts.urls.worker);
    part("files").addEventListener("change", () => this.addFiles());
    part("lot")?.addEventListener("change", () => this.restore());
    element.addEventListener("input", (event) => event.target !== part("files") && this.typed());
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      guarded(element.querySelector("button[type=submit]"), place, () => this.seal({ send: true }));
    });
    part("seal-only").addEventListener("click", (event) => guarded(event.currentTarget, place, () => this.seal({ send: false })));
    part("cancel").addEventListener("click", async () => (await this.sealer).cancel());
    part("drop-draft").addEventListener("click", () => this.dropDraft());
    part("save-own-key").addEventListener("click", (event) => guarded(event.currentTarget, place, () => this.saveOwnKey()));
    this.signingKey = await keptSigningKey(personOf(element)).catch(() => undefined);
    this.estimate = await this.#estimate();
    await this.restore();
    await this.drawKept();
  }

  async #estimate() {
    try {
      await navigator.storage.getDirectory();
      return await navigator.storage.estimate();
    } catch {
      return undefined;
    }
  }

  // --- what is typed and chosen ---------------------------------------------------------------------------------------

  lot() {
    return this.part("lot")?.value ?? this.facts.lots[0].number;
  }

  answers() {
    const given = {};
    for (const field of this.form.querySelectorAll("[data-answer]")) {
      if (field.value.trim()) given[field.dataset.answer] = field.value.trim();
    }
    canonical(given);
    return given;
  }

  addFiles() {
    for (const file of this.part("files").files) {
      const at = this.files.findIndex((each) => each.name === file.name);
      if (at < 0) this.files.push(file);
      else this.files[at] = file;
      this.look(file);
    }
    this.part("files").value = "";
    this.listFiles();
    this.typed();
  }

  /** Read a chosen file ahead: what is odd in it, and its hash. */
  look(file) {
    oddity(file).then((words) => {
      this.oddities.set(file, words);
      this.review();
    }).catch(() => {});
    const reading = this.sealer.then((sealer) => sealer.hash(file));
    reading.catch(() => this.known.delete(file));
    this.known.set(file, reading);
  }

  listFiles() {
    this.part("chosen").replaceChildren(...this.files.map((file, at) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${file.name}  ${sizeWords(file.size)}`;
      const drop = button(say("移除", "Remove"), async () => {
        this.files.splice(at, 1);
        this.listFiles();
        this.typed();
        this.part("files").focus();
      }, { place: this.place, look: "button-quiet" });
      drop.setAttribute("aria-label", say(`移除 ${file.name}`, `Remove ${file.name}`));
      item.append(name, drop);
      return item;
    }));
  }

  typed() {
    this.review();
    clearTimeout(this.later);
    const lot = this.lot();
    this.later = setTimeout(async () => {
      await this.drafts.save(lot, { price: this.part("price").value, answers: this.answers(), files: this.files, copies: this.part("copies").checked });
      show(this.part("draft-note"), say("草稿已存在这台设备上", "The draft is kept on this device"), "info");
    }, SAVE_AFTER);
  }

  async restore() {
    const draft = await this.drafts.load(this.lot()).catch(() => undefined);
    if (draft) {
      this.part("price").value = draft.price;
      this.part("copies").checked = draft.copies;
      for (const field of this.form.querySelectorAll("[data-answer]")) field.value = draft.answers[field.dataset.answer] ?? "";
      if (Object.keys(draft.answers).length) this.form.querySelector(".seal-answers").open = true;
      this.files = draft.restored;
      this.files.forEach((file) => this.look(file));
      const again = draft.missing.map(({ name }) => name).join(say("、", ", "));
      const words = say("已恢复这台设备上的草稿", "The draft on this device was restored");
      show(this.part("draft-note"), again ? words + say(`；这些文件请重新选择：${again}`, `; choose these files again: ${again}`) : words, "info");
    }
    this.listFiles();
    this.review();
  }

  async dropDraft() {
    clearTimeout(this.later);
    await this.drafts.drop(this.lot());
    show(this.part("draft-note"), say("草稿已从这台设备删除", "The draft was removed from this device"), "info");
  }

  // --- the check before sealing ---------------------------------------------------------------------------------------

  review() {
    const { facts, files } = this;
    const fen = fenOf(this.part("price").value);
    this.part("price-echo").textContent = fen === null ? "" : say(`即 ${yuanOf(fen)} 元`, `that is ${yuanOf(fen)} yuan`);
    const lot = facts.lots.find(({ number }) => number === this.lot());
    const lines = [
      this.keyLine(), facts.priced ? checks.priceLine(fen, lot) : checks.unpricedLine(), checks.filesLine(files, facts.most),
      files.length ? checks.odditiesLine(files.map((file) => this.oddities.get(file))) : undefined,
      checks.askedLine(facts.asked, facts.urls.notice), checks.certificateLine({ ...facts, certificatesUrl: facts.urls.certificates }),
      checks.custodyLine({ ...facts, chainUrl: facts.urls.chain }), checks.clockLine(this.clock()), checks.roomLine(files, this.estimate),
    ].filter(Boolean);
    this.part("checks").replaceChildren(...checks.shownLines(lines));
    return lines.filter((line) => line.state === "bad");
  }

  /** Seconds by which this device's clock is fast. */
  clock() {
    const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);
    return (arrived - Date.parse(this.facts.now)) / 1000;
  }

  keyLine() {
    if (this.signingKey && this.facts.bound.includes(this.signingKey.publicKey)) {
      return { state: "good", words: say("签名密钥在这台设备上，并已绑定到您的账号", "your signing key is on this device and bound to your account") };
    }
    if (this.binding) return { state: "bad", words: say("正在生成并绑定签名密钥", "making and binding a signing key") };
    const make = button(say("在这台设备上生成并绑定", "Make and bind one here"), () => this.bind(), { place: this.place });
    const manage = link(say("管理签名密钥", "Manage signing keys"), this.facts.urls.keys);
    return { state: "bad", words: say("这台设备上没有已绑定的签名密钥。", "there is no bound signing key on this device. "), more: [make, " ", manage] };
  }

  bind() {
    this.binding ??= bindNewKey({ url: this.facts.urls.keys, token: token(this.form), person: personOf(this.form) })
      .then(({ key }) => {
        this.signingKey = key;
        this.facts.bound.push(key.publicKey);
      })
      .finally(() => {
        this.binding = undefined;
        this.review();
      });
    this.review();
    return this.binding;
  }

  // --- sealing --------------------------------------------------------------------------------------------------------

  async seal({ send }) {
    await this.binding;
    const missing = this.review();
    if (missing.length) {
      throw new Problem(`还不能密封：${missing.map((line) => line.words).join("；")}`, `Not ready to seal: ${missing.map((line) => line.words).join("; ")}`);
    }
    this.show("正在密封，请不要关闭页面", "Sealing; please keep this page open");
    this.part("cancel").hidden = false;
    try {
      const { record, identity } = await this.sealed();
      show(this.place, "");
      this.part("cancel").hidden = this.part("progress").hidden = true;
      const panel = this.panel(record, identity);
      this.part("kept").prepend(panel.element);
      this.part("kept-title").hidden = false;
      if (send) await panel.send();
      else panel.element.scrollIntoView({ block: "nearest" });
    } finally {
      this.part("cancel").hidden = true;
      this.part("progress").hidden = true;
    }
  }

  async sealed() {
    const sealer = await this.sealer;
    const lot = this.lot();
    const id = crypto.randomUUID();
    const names = [this.facts.tender, lot, id];
    const own = this.part("own-copy").checked;
    const ownRecipient = own ? (await this.ownKey()).recipient : undefined;
    const files = [];
    for (const file of this.files) files.push({ name: file.name, type: typeOf(file), blob: file, known: await this.known.get(file)?.catch(() => undefined) });
    const bid = {
      manifest: { tenderer: this.facts.tenderer, price: this.facts.priced ? fenOf(this.part("price").value) : null, answers: this.answers(), joint: await this.joint(lot) },
      files, custodians: this.facts.custodians, k: this.facts.k, signingKey: this.signingKey, ownRecipient,
      context: { tender: this.facts.tender, lot, round: 1 },
    };
    const path = this.shelf.path("sealed", names, "bid.sealed");
    const done = await sealer.seal(bid, path, {
      reading: (now, total) => this.bar(say("读取文件", "Reading"), now, total),
      progress: (now, total) => this.bar(say("密封", "Sealing"), now, total),
    });
    const { sha256, size, manifestSha256, identity, envelope } = done;
    const file = envelope ? await this.shelf.keep("sealed", names, "bid.sealed", envelope) : { path };
    const record = { names, tender: this.facts.tender, lot, id, sha256, size, manifestSha256, client: sealer.client, file, own, state: "sealed", at: new Date().toISOString() };
    await this.shelf.put("sealed", names, record).catch(() => this.show("浏览器不能保存密封件，请在传完之前保持页面打开", "this browser keeps nothing; keep this page open until all is sent"));
    return { record, identity };
  }

  show(zh, en) {
    show(this.place, say(zh, en), "info");
  }

  /** The members' consents of a joint bid, when files of them were chosen. */
  async joint(lot) {
    const given = [...(this.part("consents")?.files ?? [])];
    if (!given.length) return undefined;
    const texts = await Promise.all(given.map((file) => file.text()));
    return joinConsents(texts, { tender: this.facts.tender, lot, lead: this.facts.tenderer });
  }

  /** The own age key of this tender; made and kept on this device when there is none. */
  async ownKey() {
    const names = [this.facts.tender];
    const kept = await this.shelf.get("own", names).catch(() => undefined);
    if (kept) return kept;
    const identity = await generateX25519Identity();
    const made = { names, identity, recipient: await identityToRecipient(identity), at: new Date().toISOString() };
    await this.shelf.put("own", names, made);
    return made;
  }

  async saveOwnKey() {
    const { identity, recipient } = await this.ownKey();
    const text = keyFileText(identity, recipient, `${this.facts.tender} own copy`);
    save(new Blob([text], { type: "text/plain" }), `own-copy-${fileName(this.facts.tender)}.key`);
  }

  bar(words, done, total) {
    const holder = this.part("progress");
    holder.hidden = false;
    holder.querySelector("progress").max = total;
    holder.querySelector("progress").value = done;
    holder.querySelector("[data-words]").textContent = words;
    holder.querySelector("[data-count]").textContent = `${sizeWords(done)} / ${sizeWords(total)}`;
  }

  // --- what waits on this device --------------------------------------------------------------------------------------

  panel(record, identity) {
    const changed = () => { this.part("kept-title").hidden = !this.part("kept").querySelector(".kept-bid"); };
    return new BidPanel({ shelf: this.shelf, record, facts: this.facts, token: token(this.form), identity, changed });
  }

  async drawKept() {
    const records = await this.shelf.all("sealed", this.facts.tender).catch(() => []);
    this.part("kept").replaceChildren(...records.map((record) => this.panel(record).element));
    this.part("kept-title").hidden = !records.length;
    if (records.some(({ state }) => state === "committed")) this.show("有一份上传没有完成，请在下面继续。", "An upload is waiting: go on with it below.");
  }
}

if (form) new SealPage(form).start();
