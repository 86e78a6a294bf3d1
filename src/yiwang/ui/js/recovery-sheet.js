/**
 * The recovery sheet on the page and on paper, drawn in the browser; nothing of it is sent or kept.
 */

import encodeQR from "qr";
import { say } from "./page.js";
import { groupsOf } from "./recovery.js";

/**
 * Show the sheet in a dialog from which it is printed.
 * @param {{identity: string, recipient: string}} key
 * @param {{for: string, title: string, body: string, person: string}} about
 */
export function openSheet(key, about) {
  document.querySelector(".recovery-sheet")?.remove();
  const sheet = made("dialog", "recovery-sheet");
  sheet.setAttribute("aria-labelledby", "sheet-title");
  const head = made("h2", "", say("保管人密钥恢复单", "Recovery sheet of a custodian's key"));
  head.id = "sheet-title";
  sheet.append(head, facts(key, about), keyPart(key.identity), rules(), actions(sheet));
  document.body.append(sheet);
  sheet.addEventListener("close", () => sheet.remove());
  sheet.showModal();
  return sheet;
}

function facts(key, about) {
  const list = made("dl");
  const rows = [
    [say("项目", "Tender"), `${about.for} ${about.title}`],
    [say("单位", "Body"), about.body],
    [say("保管人", "Custodian"), about.person],
    [say("公钥", "Public key"), key.recipient],
  ];
  for (const [name, value] of rows) list.append(made("dt", "", name), made("dd", "", value));
  return list;
}

function keyPart(identity) {
  const part = made("div", "sheet-key");
  const list = made("ol", "sheet-groups");
  groupsOf(identity).forEach((group, n) => {
    const item = made("li");
    item.append(made("span", "n", String(n + 1)), made("span", "g", group));
    list.append(item);
  });
  const picture = made("div", "sheet-qr");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", say("密钥的二维码", "QR code of the key"));
  const drawn = new DOMParser().parseFromString(encodeQR(identity, "svg", { ecc: "medium", border: 2 }), "image/svg+xml");
  picture.append(document.importNode(drawn.documentElement, true));
  part.append(list, picture);
  return part;
}

function rules() {
  const list = made("ul", "sheet-rules");
  for (const text of [
    say("得到这张单子的人就得到密钥：打印后装入信封，封口签名，放进本单位保险柜，不拍照、不扫描、不交给平台或招标方。", "Whoever has this sheet has the key: seal it in a signed envelope, keep it in your body's safe; no photograph, no scan, nothing to platform or buyer."),
    say("开标时文件不在手边，就在公布页面照单输入 15 组；每组最后一位是校验，抄错了会指出第几组。没有字母 B、I、O 和数字 1。", "At the opening, without the file, type the 15 groups on the release page; the last character of each is a check and a wrong group is named. There is no B, I, O and 1."),
    say("密钥公布以后，这张单子就可以销毁。", "Once the key is released this sheet can be destroyed."),
  ]) list.append(made("li", "", text));
  return list;
}

function actions(sheet) {
  const row = made("div", "sheet-actions");
  const print = made("button", "button", say("打印", "Print"));
  const close = made("button", "button button-quiet", say("关闭", "Close"));
  print.type = close.type = "button";
  print.dataset.part = "print";
  print.addEventListener("click", () => {
    document.body.classList.add("printing-sheet");
    window.print();
    document.body.classList.remove("printing-sheet");
  });
  close.addEventListener("click", () => sheet.close());
  row.append(print, close);
  return row;
}

function made(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
