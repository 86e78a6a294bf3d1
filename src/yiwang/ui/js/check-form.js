/**
 * Dropping a dossier or a receipt and seeing it checked: the same on the center's page and in the file that works offline.
 * Nothing here sends anything anywhere.
 */

import { checkDossier } from "./check-dossier.js";
import { parseTrust } from "./check-keys.js";
import { checkPair, isPair } from "./check-pair.js";
import { checkReceipt, isReceipt } from "./check-receipt.js";
import { checkRefusal, isRefusal } from "./check-refusal.js";
import { made, reportView, words } from "./check-view.js";
import { isArchive } from "./check-zip.js";
import { say } from "./page.js";
import { Problem } from "./problem.js";

const MOST_TEXT = 2_000_000;

/**
 * Build the form inside an element; call again to build it anew in another language.
 * @param {HTMLElement} root
 * @param {{policyUrl?: string}} options policyUrl: where the center publishes its keys
 */
export function mount(root, { policyUrl = "" } = {}) {
  const state = { trust: "", items: [] };
  const draw = () => {
    const results = made("div", "check-results");
    const keys = keysField(state, policyUrl, () => state.items.forEach((item) => check(item, state)));
    root.replaceChildren(dropField((files) => take(files, state, keys, results)), keys, results);
    results.replaceChildren(...state.items.map(card));
    state.items.forEach(show);
  };
  draw();
  return draw;
}

function dropField(take) {
  const input = made("input");
  Object.assign(input, { type: "file", multiple: true, id: "check-file" });
  input.setAttribute("aria-describedby", "check-file-hint");
  input.className = "visually-hidden";
  // The browser's own button speaks the browser's language, not the page's: the label is the button.
  const label = made("label", "button", say("选择案卷包或回执", "Choose a dossier or a receipt"));
  label.htmlFor = input.id;
  const hint = made("p", "hint", say("案卷包是 .zip 文件，回执是 .tlog-proof 文件，迟到投标的拒收回执是 .txt 文件，也可以把文件拖到这里。文件只在您的浏览器里读取，不会上传；断开网络也能核验。", "A dossier is a .zip file, a receipt a .tlog-proof file, the refusal of a late bid a .txt file; you may drop them here. They are read in your browser only and never uploaded; you may go offline first."));
  hint.id = "check-file-hint";
  const zone = made("div", "check-drop", "", input, label, hint);
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("check-drop-over", name === "dragover");
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }
  return zone;
}

function keysField(state, policyUrl, again) {
  const box = made("details", "check-keys", "", made("summary", "", say("您信任的日志公钥（建议填写）", "The log’s keys that you trust (recommended)")));
  box.open = Boolean(state.trust);
  const input = made("textarea", "", state.trust);
  Object.assign(input, { id: "check-trust", rows: 4, spellcheck: false, autocomplete: "off" });
  const label = made("label", "", say("公钥，每行一个；或 C2SP 信任策略（policy）", "Keys, one a line; or a C2SP trust policy"));
  label.htmlFor = input.id;
  input.setAttribute("aria-describedby", "check-trust-hint check-trust-fault");
  const hint = made("p", "hint", say("请从第二个来源取得：见证方、报纸公告、您以前保存的文件。不填时，案卷包用它自带的公钥核对，那就是在公钥这一点上相信交易中心；回执不带公钥，签名就无法核对。", "Take them from a second source: a witness, a printed notice, a file that you kept. Without them a dossier is checked by the keys in it, so you trust the center for the key; a receipt holds no keys, so its signature cannot be checked."));
  hint.id = "check-trust-hint";
  const fault = made("p", "check-fault");
  Object.assign(fault, { id: "check-trust-fault", hidden: true });
  fault.setAttribute("role", "alert");
  box.fill = (text) => {
    [input.value, state.trust, box.open] = [text, text, true];
    fault.hidden = !faultOf(text);
    fault.textContent = faultOf(text);
    input.setAttribute("aria-invalid", String(!fault.hidden));
    if (fault.hidden) again();
  };
  input.addEventListener("change", () => box.fill(input.value));
  box.append(label, input, hint, fault);
  if (policyUrl) box.append(made("p", "", "", centerKeys(policyUrl, box.fill)));
  return box;
}

function centerKeys(url, fill) {
  const button = made("button", "button button-second button-small", say("填入本中心公布的公钥（即相信本中心）", "Fill in the keys that this center publishes (you then trust the center)"));
  button.type = "button";
  button.addEventListener("click", async () => {
    const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
    if (answer?.ok) fill(await answer.text());
  });
  return button;
}

function faultOf(text) {
  try {
    parseTrust(text);
    return "";
  } catch (error) {
    return say(`不能使用：${error.zh ?? error.message}`, `Cannot be used: ${error.en ?? error.message}`);
  }
}

/** Take files: keys go into their field, everything else is checked. */
async function take(files, state, keys, results) {
  const items = [];
  for (const file of files) {
    const found = await kindOf(file);
    if (found.kind === "keys") keys.fill(found.text);
    else items.push({ file, ...found, entry: "" });
  }
  if (!items.length) return;
  state.items = items;
  results.replaceChildren(...items.map(card));
  for (const item of items) await check(item, state);
  items[0].card.scrollIntoView({ block: "nearest" });
}

async function kindOf(file) {
  if (await isArchive(file)) return { kind: "dossier" };
  if (file.size > MOST_TEXT) return { kind: "unknown" };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isReceipt(bytes)) return { kind: "receipt", bytes };
  if (isRefusal(bytes)) return { kind: "refusal", bytes };
  const text = new TextDecoder().decode(bytes);
  if (isPair(text)) return { kind: "pair", text };
  return faultOf(text) || !text.trim() ? { kind: "unknown" } : { kind: "keys", text };
}

function card(item) {
  item.status = made("div");
  item.status.setAttribute("role", "status");
  item.body = made("div");
  item.card = made("section", "check-card", "", made("h2", "check-file-name", item.file.name), item.status, item.body);
  return item.card;
}

/** Run the check of one file and show it; a later run of the same file wins. */
async function check(item, state) {
  const run = (item.run = (item.run ?? 0) + 1);
  item.report = null;
  show(item);
  try {
    const report = await reportOf(item, parseTrust(state.trust), (done, all) => progress(item, done, all));
    if (item.run === run) Object.assign(item, { report, again: () => check(item, state) });
  } catch (error) {
    item.report = { fault: { zh: error.zh ?? `没有完成：${error.message}`, en: error.en ?? `It did not work: ${error.message}` } };
  }
  if (item.run === run) show(item);
}

function reportOf(item, trust, onProgress) {
  if (item.kind === "dossier") return checkDossier(item.file, { trust, progress: onProgress });
  if (item.kind === "receipt") return checkReceipt(item.bytes, { trust, entry: item.entry });
  if (item.kind === "refusal") return checkRefusal(item.bytes, { trust });
  if (item.kind === "pair") return checkPair(item.text, { trust });
  throw new Problem("这不是案卷包（.zip），也不是回执（.tlog-proof）。请到项目网页下载案卷包，或从“我的回执”下载回执。", "This is neither a dossier (.zip) nor a receipt (.tlog-proof). Download the dossier from the tender’s page, or the receipt from your receipts.");
}

function show(item) {
  item.bar = null;
  if (!item.report) {
    item.status.replaceChildren(made("p", "", say("正在核验……", "Checking …")));
    item.bar = made("progress");
    item.bar.max = 1;
    item.bar.setAttribute("aria-label", say("核验进度", "Progress"));
    item.body.replaceChildren(item.bar);
  } else if (item.report.fault) {
    item.status.replaceChildren(made("div", "notice notice-error", words(item.report.fault)));
    item.body.replaceChildren();
  } else {
    const view = reportView(item.report);
    item.status.replaceChildren(view.firstChild);
    item.body.replaceChildren(...(item.report.needsEntry ? [entryField(item)] : []), view);
  }
}

function progress(item, done, all) {
  if (item.bar) item.bar.value = all ? done / all : 0;
}

/** For a proof without the act: the entry, from the page of the log. */
function entryField(item) {
  const input = made("input");
  Object.assign(input, { type: "text", id: "check-entry", value: item.entry, spellcheck: false, autocomplete: "off" });
  const label = made("label", "", say("条目指纹：SHA-256 接 SM3，共 128 位十六进制数字", "The entry: SHA-256, then SM3, 128 hexadecimal digits"));
  label.htmlFor = input.id;
  input.addEventListener("change", () => {
    item.entry = input.value;
    item.again();
  });
  return made("div", "check-entry", "", label, input);
}
