/**
 * The check before sealing: will this open, is everything asked there, does the certificate outlast the opening? Each line
 * is {state: "good" | "look" | "bad", words, more?}; more: nodes that lead to where it can be mended.
 */

import { momentWords, sizeWords, spanWords, yuanOf } from "./bid-amounts.js";
import { filesWrong } from "./bid-files.js";
import { link, say } from "./page.js";
import { paddedSize } from "./padme.js";

const good = (words, ...more) => ({ state: "good", words, more });
const look = (words, ...more) => ({ state: "look", words, more });
const bad = (words, ...more) => ({ state: "bad", words, more });

/** The price against the lot's bounds. */
export function priceLine(fen, lot) {
  if (fen === null) return bad(say("报价：大于零，最多两位小数", "price: above zero, at most two decimals"));
  if (lot.ceiling !== null && fen > lot.ceiling) {
    return look(say(`报价高于最高限价 ${yuanOf(lot.ceiling)} 元，将被否决`, `the price is above the ceiling of ${yuanOf(lot.ceiling)} yuan and would be rejected`));
  }
  if (lot.minimum !== null && fen < lot.minimum) {
    return look(say(`报价低于最低价 ${yuanOf(lot.minimum)} 元，将被否决`, `the price is below the minimum of ${yuanOf(lot.minimum)} yuan and would be rejected`));
  }
  return good(say(`报价 ${yuanOf(fen)} 元`, `price ${yuanOf(fen)} yuan`));
}

/** A round in which no price may be named. */
export function unpricedLine() {
  return good(say("本轮不报价；文件里也不得写报价", "this round asks for no price; none may stand in the documents either"));
}

/** Number and size of the documents, and the size class that others will see. */
export function filesLine(files, most) {
  const wrong = filesWrong(files);
  if (wrong.length) return bad(wrong.join(say("；", "; ")));
  if (!files.length) return bad(say("至少一份投标文件", "at least one document"));
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (paddedSize(total) + 2 ** 20 > most) {
    return bad(say(`共 ${sizeWords(total)}，密封后超过上限 ${sizeWords(most)}，请压缩附件`, `${sizeWords(total)}: sealed, that is more than ${sizeWords(most)}; compress the documents`));
  }
  const shown = sizeWords(paddedSize(total));
  return good(say(`${files.length} 份文件，共 ${sizeWords(total)}；外人只看得到大小档 ${shown}`, `${files.length} document(s), ${sizeWords(total)}; others see the size class ${shown} only`));
}

/** Documents in which something is odd. */
export function odditiesLine(oddities) {
  const said = oddities.filter(Boolean);
  return said.length ? look(said.join(say("；", "; "))) : good(say("文件类型与内容相符，没有密码", "the documents are of the types that they say, without password"));
}

/** What the notice asks for besides a price. */
export function askedLine(asked, noticeUrl) {
  if (!asked.length) return undefined;
  const words = say(`公告将评审：${asked.map((each) => each.zh).join("、")}。请核对文件是否都写到`, `The notice will judge: ${asked.map((each) => each.en).join(", ")}. See that your documents answer all of it`);
  return look(words, " ", link(say("看公告", "the notice"), noticeUrl));
}

/** To whom it is sealed, and where the log says so. */
export function custodyLine({ custodians, k, chainUrl }) {
  const n = custodians.length;
  const words = say(`密封给 ${n} 位保管人，其中任意 ${k} 位一起才能打开；公钥已随公告记入公开日志`, `sealed to ${n} custodians, any ${k} of whom together can open it; their keys are on the public log with the notice`);
  return good(words, " ", link(say("看证据链", "see the evidence"), chainUrl));
}

/** Whether a certificate of the organisation outlasts the opening. `certificates`: {name, until}, the longest first. */
export function certificateLine({ certificates, opens, certificatesUrl }) {
  const mend = link(say("管理证书", "Certificates"), certificatesUrl);
  const [longest] = certificates;
  if (!longest) return look(say("单位没有登记机构证书；招标文件要求加盖电子印章时才需要", "no certificate of the organisation is on record; one is needed only where the documents ask for its seal"), " ", mend);
  if (longest.until <= opens) {
    return look(say(`机构证书 ${momentWords(longest.until)} 到期，早于开标`, `the certificate runs out at ${momentWords(longest.until)}, before the opening`), " ", mend);
  }
  return good(say(`机构证书有效到 ${momentWords(longest.until)}，晚于开标`, `the certificate is valid until ${momentWords(longest.until)}, beyond the opening`));
}

/** How far this device's clock is from the server's. */
export function clockLine(seconds) {
  if (Math.abs(seconds) < 60) return good(say("本机时钟与服务器相差不到一分钟", "this device's clock is within a minute of the server's"));
  const off = spanWords(seconds);
  const words = seconds > 0
    ? say(`本机时钟快了 ${off}，截止时间以服务器和日志为准`, `this device's clock is ${off} fast; the server and the log decide`)
    : say(`本机时钟慢了 ${off}，截止时间以服务器和日志为准`, `this device's clock is ${off} slow; the server and the log decide`);
  return look(words);
}

/** Whether the browser has room for the sealed file. */
export function roomLine(files, estimate) {
  const needed = paddedSize(files.reduce((sum, file) => sum + file.size, 0)) + 2 ** 20;
  if (!estimate) return look(say("浏览器不能在本机保存文件：密封件只在这个页面里，传完之前不要关闭", "this browser keeps no files: the sealed bid is in this page only; keep it open until all is sent"));
  const free = estimate.quota - estimate.usage;
  if (free < needed) {
    return look(say(`浏览器可用空间 ${sizeWords(free)}，密封需要 ${sizeWords(needed)}，请清理磁盘`, `the browser has room for ${sizeWords(free)}; sealing needs ${sizeWords(needed)}. Free some space`));
  }
  return good(say(`本机空间足够（需要 ${sizeWords(needed)}）`, `there is room on this device (${sizeWords(needed)} needed)`));
}

/** A list of lines as list items. */
export function shownLines(lines) {
  const marks = { good: say("已备", "ready"), look: say("留意", "look"), bad: say("缺少", "missing") };
  return lines.map(({ state, words, more = [] }) => {
    const item = document.createElement("li");
    item.className = `check-${state}`;
    const mark = document.createElement("span");
    mark.className = "check-mark";
    mark.textContent = marks[state];
    const body = document.createElement("span");
    body.append(words, ...more);
    item.append(mark, body);
    return item;
  });
}
