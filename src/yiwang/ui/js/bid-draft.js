/**
 * The draft of a bid on this device: what was typed, which files were chosen, and copies of them if its owner agrees. Never
 * on the server: before the opening nobody else may know that there is one.
 */

import { sizeWords, yuanOf, fenOf, momentWords } from "./bid-amounts.js";
import { button, save, say } from "./page.js";

/**
 * @typedef {{names: string[], tender: string, lot: string, at: string, price: string, answers: Record<string, string>,
 *   copies: boolean, files: {name: string, size: number, type: string, id: string, path?: string[], blob?: Blob}[]}} Draft
 */

/** Keeps a draft in step with a form. */
export class DraftKeeper {
  /** @param {import("./bid-shelf.js").Shelf} shelf */
  constructor(shelf, tender) {
    Object.assign(this, { shelf, tender });
    this.kept = new WeakMap();
    this.queue = Promise.resolve();
  }

  /** The draft of a lot with its files read back; files without copies come back as names only. */
  async load(lot) {
    const draft = await this.shelf.get("draft", [this.tender, lot]);
    if (!draft) return undefined;
    const files = [];
    const missing = [];
    for (const each of draft.files) {
      const content = await this.shelf.file(each);
      if (!content) {
        missing.push(each);
        continue;
      }
      const file = new File([content], each.name, { type: each.type });
      this.kept.set(file, each);
      files.push(file);
    }
    return { ...draft, restored: files, missing };
  }

  /** Keep what the form says now; changes are kept one after another. */
  save(lot, { price, answers, files, copies }) {
    this.queue = this.queue.then(() => this.#save(lot, { price, answers, files: [...files], copies })).catch((error) => this.failed?.(error));
    return this.queue;
  }

  async #save(lot, { price, answers, files, copies }) {
    const names = [this.tender, lot];
    if (!price.trim() && !Object.keys(answers).length && !files.length) return this.shelf.drop("draft", names);
    const listed = [];
    for (const file of files) listed.push(await this.#listed(names, file, copies));
    await this.shelf.put("draft", names, { names, tender: this.tender, lot, at: new Date().toISOString(), price, answers, copies, files: listed });
  }

  async #listed(names, file, copies) {
    const known = this.kept.get(file);
    if (known && (copies || !(known.path || known.blob))) return known;
    const entry = { name: file.name, size: file.size, type: file.type, id: crypto.randomUUID() };
    const made = copies ? { ...entry, ...(await this.shelf.keep("draft", names, entry.id, file)) } : entry;
    this.kept.set(file, made);
    return made;
  }

  /** Forget the draft of a lot. */
  drop(lot) {
    this.queue = this.queue.then(() => this.shelf.drop("draft", [this.tender, lot]));
    return this.queue;
  }
}

/**
 * A draft that can only be read, for after the deadline.
 * @param {Draft} draft
 * @param {() => void} changed called when it was removed
 */
export function shownDraft(shelf, draft, changed) {
  const box = document.createElement("section");
  box.className = "kept-bid";
  box.dataset.part = "draft";
  const title = document.createElement("h3");
  title.textContent = say("草稿，没有提交", "Draft, not submitted");
  const when = document.createElement("p");
  when.className = "hint";
  when.textContent = say(`标段 ${draft.lot}，最后修改于 ${momentWords(draft.at)}，只在这台设备上`, `lot ${draft.lot}, last changed at ${momentWords(draft.at)}, on this device only`);
  const list = document.createElement("dl");
  const add = (term, ...content) => {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = term;
    dd.append(...content);
    list.append(dt, dd);
  };
  const fen = fenOf(draft.price);
  if (draft.price.trim()) add(say("报价", "Price"), fen === null ? draft.price : say(`${yuanOf(fen)} 元`, `${yuanOf(fen)} yuan`));
  for (const [name, value] of Object.entries(draft.answers)) add(say(...(TERMS[name] ?? [name, name])), value);
  if (draft.files.length) add(say("文件", "Documents"), fileList(shelf, draft.files));
  const remove = button(say("删除草稿", "Delete the draft"), async () => {
    await shelf.drop("draft", draft.names);
    box.remove();
    changed?.();
  }, { look: "button-quiet" });
  remove.dataset.do = "drop-draft";
  box.append(title, when, list, remove);
  return box;
}

const TERMS = { days: ["工期或交货期（日历天）", "Time to complete (calendar days)"], quality: ["质量承诺", "Quality undertaking"], leader: ["项目负责人", "Project leader"], note: ["其他说明", "Remarks"] };

function fileList(shelf, files) {
  const list = document.createElement("ul");
  for (const each of files) {
    const item = document.createElement("li");
    const words = `${each.name}  ${sizeWords(each.size)}`;
    if (each.path || each.blob) item.append(button(words, async () => save(await shelf.file(each), each.name), { look: "button-quiet" }));
    else item.append(words, say("（没有保存副本）", " (no copy was kept)"));
    list.append(item);
  }
  return list;
}
