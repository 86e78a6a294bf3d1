/** What is inside an envelope, shown to its owner: price, answers, documents to save. Nothing of it leaves the device. */

import { yuanOf } from "./bid-amounts.js";
import { openOwn } from "./open.js";
import { button, save, say } from "./page.js";
import { Problem } from "./problem.js";

const ANSWERS = { days: ["工期或交货期（日历天）", "time to complete (calendar days)"], quality: ["质量承诺", "quality undertaking"], leader: ["项目负责人", "project leader"], note: ["其他说明", "remarks"] };

/**
 * Open the own copy.
 * @param {Blob | undefined} envelope
 * @param {string | undefined} identity the key that it was sealed to as well
 * @returns {Promise<HTMLElement>}
 */
export async function openedCopy(envelope, identity) {
  if (!envelope) throw new Problem("浏览器已清除这份密封文件，请选择另存的文件", "the browser has thrown this sealed file away; choose the one that you saved");
  if (!identity) throw new Problem("这台设备上没有对应的密钥，请选择密钥文件", "the key is not on this device; choose the key file");
  return shownBid(await openOwn(envelope, identity.trim()));
}

/** An opened bid as a description list. */
export function shownBid({ manifest, documents, manifestSha256 }) {
  const list = document.createElement("dl");
  list.className = "opened-copy";
  list.dataset.part = "opened";
  const add = (term, ...content) => {
    const [dt, dd] = ["dt", "dd"].map((name) => document.createElement(name));
    dt.textContent = term;
    dd.append(...content);
    list.append(dt, dd);
  };
  if (manifest.price !== null) add(say("报价", "Price"), say(`${yuanOf(manifest.price)} 元`, `${yuanOf(manifest.price)} yuan`));
  for (const [name, value] of Object.entries(manifest.answers)) add(say(...(ANSWERS[name] ?? [name, name])), typeof value === "string" ? value : JSON.stringify(value));
  const files = document.createElement("ul");
  for (const [name, content] of documents) {
    const item = document.createElement("li");
    if (content === undefined) item.append(name);
    else item.append(button(name, () => save(content instanceof Blob ? content : new Blob([content]), name), { look: "button-quiet" }));
    files.append(item);
  }
  if (documents.size) add(say("文件", "Documents"), files);
  add(say("密封程序", "Sealing program"), code(manifest.client));
  add(say("清单哈希", "Manifest hash"), code(manifestSha256));
  return list;
}

function code(text) {
  const made = document.createElement("code");
  made.textContent = text;
  return made;
}
