/**
 * One sealed bid on this device, as its owner sees it: where it stands, and what can be done with it: send it, go on with
 * an upload, open the own copy, check it instead of sending it, save it, remove it.
 */

import { momentWords, sizeWords } from "./bid-amounts.js";
import { openedCopy } from "./bid-own.js";
import { Paused, place, sendBid } from "./bid-send.js";
import { spoil } from "./bid-spoil.js";
import { button, fileName, link, save, say, show, wordsOf } from "./page.js";
import { Refused } from "./refused.js";

const NAMES = {
  sealed: ["已密封，还没有提交", "sealed, not submitted"],
  committed: ["已登记，文件还没有传完", "committed; its bytes are still on their way"],
  delivered: ["已提交", "submitted"],
  late: ["截止后到达，被拒收", "came after the deadline and was refused"],
  spoiled: ["已拆开检查，不能再提交", "opened for a check; it can no longer be sent"],
};

/** What of a sealed bid can still be sent. */
export const canSend = (record) => record.state === "sealed" || record.state === "committed";

export class BidPanel {
  /**
   * @param {object} given
   * @param {import("./bid-shelf.js").Shelf} given.shelf
   * @param {object} given.record
   * @param {object} given.facts of the page: urls, until when bytes may come
   * @param {string} given.token against forged requests
   * @param {string} [given.identity] the one-time key, only on the page that sealed
   * @param {() => void} [given.changed] the record changed
   */
  constructor(given) {
    Object.assign(this, given);
    this.element = document.createElement("section");
    this.element.className = "kept-bid";
    this.place = document.createElement("div");
    this.place.setAttribute("role", "status");
    this.place.hidden = true;
    addEventListener("online", () => this.paused || !this.failed || this.send());
    addEventListener("offline", () => this.sending && this.#told({}));
    this.draw();
    if (this.record.commit?.index === null) place(this.record, this.facts.urls, () => this.keep(), () => this.#told({}));
  }

  draw() {
    const { record } = this;
    this.title = document.createElement("h3");
    const facts = document.createElement("p");
    facts.className = "hint";
    facts.textContent = [
      say(`标段 ${record.lot}`, `lot ${record.lot}`), say(`密封于 ${momentWords(record.at)}`, `sealed at ${momentWords(record.at)}`),
      sizeWords(record.size), `SHA-256 ${record.sha256.slice(0, 16)}…`,
    ].join(say("，", ", "));
    this.line = document.createElement("p");
    this.line.className = "kept-line";
    this.line.dataset.part = "standing";
    this.bar = document.createElement("progress");
    this.bar.max = 1;
    this.bar.hidden = true;
    this.bar.setAttribute("aria-label", say("上传进度", "progress of the upload"));
    this.buttons = document.createElement("p");
    this.buttons.className = "cluster";
    this.buttons.append(...this.#choices());
    this.element.replaceChildren(this.title, facts, this.line, this.bar, this.place, this.buttons, ...(this.opened ? [this.opened] : []));
    this.#told({});
  }

  #choices() {
    const { record, place } = this;
    const made = [];
    const add = (words, act, look, name) => {
      const press = button(words, act, { place, look });
      press.dataset.do = name;
      made.push(press);
    };
    if (canSend(record) && !this.sending) {
      const words = record.state === "sealed" ? say("提交这份投标", "Submit this bid") : say("继续上传", "Go on with the upload");
      add(words, () => this.send(), "", "send");
    }
    if (this.sending) add(say("暂停", "Pause"), () => this.pause(), "button-second", "pause");
    if (this.identity && record.state === "sealed" && !this.sending) {
      add(say("不提交，拆开检查", "Check it instead of sending it"), () => this.spoil(), "button-second", "spoil");
    }
    if (record.own && record.state !== "spoiled") add(say("打开我的副本", "Open my own copy"), () => this.open(), "button-second", "open");
    if (record.refusal) add(say("下载拒收回执", "Save the signed refusal"), () => this.saveRefusal(), "button-second", "refusal");
    if (record.state !== "spoiled") add(say("另存密封文件", "Save the sealed file"), () => this.saveSealed(), "button-quiet", "save");
    if (!this.sending) add(say("从本机删除", "Remove from this device"), () => this.remove(), "button-quiet", "remove");
    return made;
  }

  /** What stands in one line: "committed at 16:59:31 as log entry 123; bytes 43 %; must be complete by 17:10". */
  #told({ stage, done, total }) {
    if (stage) this.stage = stage;
    if (total) this.done = done / total;
    const { commit, state } = this.record;
    this.title.textContent = this.sending && state === "sealed" ? say("正在提交", "being submitted") : say(...NAMES[state]);
    const said = [];
    if (commit) {
      const at = momentWords(commit.at);
      said.push(commit.index === null ? say(`${at} 已登记，正在写入日志`, `committed at ${at}, being written to the log`) : say(`${at} 已登记，日志序号 ${commit.index}`, `committed at ${at} as log entry ${commit.index}`));
    }
    if (state === "committed") {
      if (this.done !== undefined) said.push(say(`已传 ${Math.floor(this.done * 100)} %`, `bytes ${Math.floor(this.done * 100)} %`));
      if (this.facts.bytesUntil) said.push(say(`须在 ${momentWords(this.facts.bytesUntil)} 前传完`, `must be complete by ${momentWords(this.facts.bytesUntil)}`));
    }
    const stages = {
      committing: say("正在登记摘要", "committing to its hash"),
      offline: say("网络断开，已传的部分不会丢，联网后自动继续", "you are offline; what has come through is kept, and it goes on by itself when you are back"),
      again: say("连接中断，正在重试", "the connection broke; trying again"),
      later: say("截止前最后一分钟只收登记；文件在截止后自动继续上传", "the last minute is for commitments alone; the file goes on by itself after the deadline"),
      delivering: say("字节已传完，正在核对", "all bytes are there; being checked"),
    };
    const now = navigator.onLine ? this.stage : "offline";
    if (this.sending && stages[now]) said.push(stages[now]);
    this.line.textContent = said.join(say("；", "; "));
    this.bar.hidden = !this.sending || this.done === undefined;
    this.bar.value = this.done ?? 0;
  }

  /** Send it, or go on with it. */
  async send() {
    if (this.sending || !canSend(this.record)) return;
    Object.assign(this, { sending: true, failed: false, paused: false, stop: new AbortController() });
    show(this.place, "");
    this.draw();
    try {
      const receipt = await sendBid({
        record: this.record, urls: this.facts.urls, token: this.token, signal: this.stop.signal,
        keep: () => this.keep(), file: () => this.shelf.file(this.record.file), tell: (news) => this.#told(news),
      });
      this.identity = undefined;
      await this.shelf.drop("draft", [this.record.tender, this.record.lot]);
      show(this.place, say("已收到，正在打开回执", "Received; opening the receipt"), "success");
      location.assign(this.facts.urls.receipt.replace("/0/", `/${receipt.act}/`));
    } catch (error) {
      await this.#stopped(error);
    } finally {
      this.sending = false;
      this.draw();
      this.changed?.();
    }
  }

  async #stopped(error) {
    if (error instanceof Paused) {
      show(this.place, say("已暂停，可以关闭浏览器，以后再继续", "Paused. You may close the browser and go on later"), "info");
      return;
    }
    this.failed = true;
    const more = [];
    if (error instanceof Refused && error.refusal) {
      this.record.refusal = error.refusal;
      this.record.state = "late";
      await this.keep();
      more.push(link(say("核验拒收回执", "Check the refusal"), this.facts.urls.check));
    }
    if (error instanceof Refused && error.codes.includes("step_up")) more.push(link(say("确认是您本人", "Confirm that it is you"), this.facts.urls.confirm));
    if (error instanceof Refused && error.status === 401) more.push(link(say("重新登录", "Sign in again"), this.facts.urls.login));
    show(this.place, wordsOf(error), "error", more);
  }

  pause() {
    this.paused = true;
    this.stop.abort();
  }

  /** Open it for a check with its one-time key; from then on it cannot be sent. */
  async spoil() {
    const file = await this.shelf.file(this.record.file);
    this.opened = await spoil({ record: this.record, file, identity: this.identity, keep: () => this.keep() });
    this.identity = undefined;
    this.draw();
    this.changed?.();
  }

  async open() {
    const own = await this.shelf.get("own", [this.record.tender]);
    this.opened = await openedCopy(await this.shelf.file(this.record.file), own?.identity);
    this.draw();
  }

  async saveSealed() {
    const { tender, lot, sha256, size, manifestSha256 } = this.record;
    const name = `bid-${fileName(tender)}-${fileName(lot)}.sealed`;
    save(await this.shelf.file(this.record.file), name);
    const receipt = { v: 1, tender, lot, round: 1, envelope_sha256: sha256, size, manifest_sha256: manifestSha256 };
    save(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }), `${name}.json`);
  }

  saveRefusal() {
    save(new Blob([this.record.refusal], { type: "text/plain" }), `refusal-${fileName(this.record.tender)}.txt`);
  }

  async remove() {
    const question = canSend(this.record)
      ? say("删除后这份密封件不能再提交。确定删除吗？", "Once removed this sealed bid cannot be sent. Remove it?")
      : say("从本机删除这份密封件？", "Remove this sealed bid from this device?");
    if (!confirm(question)) return;
    await this.shelf.drop("sealed", this.record.names);
    this.element.remove();
    this.changed?.();
  }

  keep() {
    return this.shelf.put("sealed", this.record.names, this.record);
  }
}
