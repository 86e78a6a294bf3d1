/**
 * A report of a check as a part of a page.
 */

import { FAILED, LATER, OK, outcome, UNSURE, verdict } from "./check-report.js";
import { say } from "./page.js";

/** The text in the page's language. */
export const words = ({ zh, en }) => say(zh, en);

/** The same as a sentence: English titles begin with a capital. */
const sentence = (text) => words(text).replace(/^[a-z]/, (letter) => letter.toUpperCase());

/** An element with a class and words. */
export function made(name, look = "", text = "", ...children) {
  const element = document.createElement(name);
  if (look) element.className = look;
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

const MARKS = {
  [OK]: ["good", "✓", () => say("相符", "holds")],
  [FAILED]: ["bad", "✗", () => say("不符", "fails")],
  [LATER]: ["neutral", "–", () => say("未发生或不适用", "not yet or not applicable")],
  [UNSURE]: ["wait", "?", () => say("还不能定", "undecided")],
};
const NOTICES = { [OK]: ["success", "✓"], [FAILED]: ["error", "✗"], [UNSURE]: ["warn", "?"] };

/**
 * Verdict, facts, the lines of the check, and what remains a matter of trust.
 * @param {import("./check-report.js").Report} report
 */
export function reportView(report) {
  const view = made("div", "check-report");
  const [kind, sign] = NOTICES[outcome(report)];
  const box = made("div", `notice notice-${kind} check-verdict`);
  box.append(made("span", "check-sign", sign), made("div", "", "", made("p", "check-verdict-words", words(verdict(report))), made("p", "", meaning(report))));
  box.firstChild.setAttribute("aria-hidden", "true");
  view.append(box);
  if (report.facts.length && (outcome(report) !== FAILED || report.kind === "pair")) view.append(facts(report.facts));
  view.append(made("h3", "", say("由什么重算了什么", "What was recomputed from what")), lines(report.lines));
  if (outcome(report) === FAILED) return view;
  view.append(made("h3", "", say("以下仍需信任", "What remains a matter of trust")));
  const list = made("ul", "check-trust");
  list.append(...report.trust.map((each) => made("li", "", sentence(each))));
  view.append(list);
  return view;
}

function meaning(report) {
  const found = outcome(report);
  if (report.kind === "pair") return pairMeaning(report);
  if (report.kind === "refusal" && found !== UNSURE) return words(report.proves);
  if (found === FAILED) return say("有的内容对不上，见下面标“不符”的各行。不要采信这份文件；请重新下载一次，仍然不符就向行政监督部门反映。", "Something does not match; see the lines marked “fails”. Do not rely on this file. Download it once more; if it still fails, turn to the supervisor.");
  if (found === UNSURE) return say("内容都对得上，但还缺少核对的依据，见下面标“还不能定”的各行。", "What can be checked holds, but something to check against is missing; see the lines marked “undecided”.");
  if (report.kind === "receipt") return say("这个条目确实写进了日志，内容没有改动。", "This entry is in the log, and its content is unchanged.");
  const closed = report.lines.some(({ id, status }) => id === "closing" && status === OK);
  return closed
    ? say("这份案卷里的记录没有被增减、改动，也没有迟到的投标混进来。", "Nothing in this dossier was added, removed or changed, and no late bid slipped in.")
    : say("这份案卷里的记录没有被增减、改动。", "Nothing in this dossier was added, removed or changed.");
}

/** Two checkpoints that contradict each other are what the file is to prove. */
function pairMeaning({ lines: [, agree] }) {
  if (agree?.status === FAILED) return say("这份证据成立：日志签了两个互相矛盾的检查点。请交给行政监督部门和见证方。", "This proof holds: the log signed two checkpoints that contradict each other. Hand it to the supervisor and to the witnesses.");
  if (agree?.status === OK) return say("两个检查点相容，没有矛盾。", "The two checkpoints agree; there is no contradiction.");
  if (agree) return say("两个检查点都是日志签的；是否矛盾，要看日志能不能给出一致性证明。", "The log signed both; whether they contradict each other depends on whether it can give a consistency proof.");
  return say("签名不对，这份文件什么也不证明。", "The signatures are wrong; this file proves nothing.");
}

function facts(rows) {
  const list = made("dl", "facts facts-1");
  for (const { name, value } of rows) list.append(made("div", "", "", made("dt", "", words(name)), made("dd", "", words(value))));
  return list;
}

function lines(rows) {
  const list = made("ol", "check-lines");
  // What fails stands first; the rest in the order of the check.
  const sorted = [...rows].sort((a, b) => rank(a.status) - rank(b.status));
  for (const { id, title, basis, status, details } of sorted) {
    const [look, sign, word] = MARKS[status];
    const mark = made("span", `tag tag-${look}`, "", made("span", "", sign), word());
    mark.firstChild.setAttribute("aria-hidden", "true");
    const row = made("li", `check-line check-${status}`, "", made("p", "check-line-head", "", made("strong", "", sentence(title)), mark), made("p", "hint", sentence(basis)));
    row.dataset.line = id;
    row.dataset.status = status;
    row.append(...details.map((each) => made("p", "check-detail", words(each))));
    list.append(row);
  }
  return list;
}

function rank(status) {
  return [FAILED, UNSURE].includes(status) ? 0 : 1;
}
