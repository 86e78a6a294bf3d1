/**
 * What can be told of a chosen document before it is sealed: whether its name can be used, whether it will open.
 */

import { say } from "./page.js";

const BAD_NAME = /[/\\:*?"<>|\x00-\x1f]/;
const KINDS = [
  { ends: ["pdf"], starts: ["%PDF-"] },
  { ends: ["docx", "xlsx", "pptx", "zip", "ofd"], starts: ["PK\u0003\u0004"] },
  { ends: ["doc", "xls", "ppt", "wps", "et"], starts: ["\u00d0\u00cf\u0011\u00e0"] },
  { ends: ["png"], starts: ["\u0089PNG"] },
  { ends: ["jpg", "jpeg"], starts: ["\u00ff\u00d8\u00ff"] },
  { ends: ["txt", "csv", "md", "xml", "json"], starts: [""] },
];

/** What is wrong with the chosen files' names and sizes; an empty list when nothing is. */
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

/**
 * What is worth a look in a document's content; "" when nothing is, also when it cannot be judged.
 * @param {File} file
 */
export async function oddity(file) {
  const end = file.name.includes(".") ? file.name.split(".").at(-1).toLowerCase() : "";
  const kind = KINDS.find(({ ends }) => ends.includes(end));
  const head = await latin(file.slice(0, 1024));
  if (head.startsWith("MZ")) return say(`“${file.name}”是程序，评委不会打开`, `“${file.name}” is a program; evaluators will not open it`);
  if (!kind) return say(`“${file.name}”的类型不常见，评委可能打不开`, `evaluators may be unable to open “${file.name}”: an unusual type`);
  if (!kind.starts.some((start) => head.startsWith(start))) {
    return say(`“${file.name}”的内容不是 ${end}，可能打不开`, `the content of “${file.name}” is not ${end}; it may not open`);
  }
  return end === "pdf" ? pdfOddity(file) : "";
}

async function pdfOddity(file) {
  const tail = await latin(file.slice(Math.max(0, file.size - 4096)));
  if (/\/Encrypt\b/.test(tail)) return say(`“${file.name}”可能设有密码，评委打不开`, `“${file.name}” seems to have a password; evaluators cannot open it`);
  if (!tail.includes("%%EOF")) return say(`“${file.name}”没有 PDF 的结尾，可能没有下载完整`, `“${file.name}” lacks the end of a PDF; it may be cut off`);
  return "";
}

async function latin(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A media type that fits into a manifest. */
export function typeOf(file) {
  return /^[\x20-\x7e]{1,200}$/.test(file.type) ? file.type : "application/octet-stream";
}
