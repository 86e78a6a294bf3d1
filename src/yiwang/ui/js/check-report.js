/**
 * What a check in the browser found: lines that say what was recomputed from what, and what remains a matter of trust.
 * Every text is `{zh, en}`, so that the reader may change the language of a finished report.
 */

export const [OK, FAILED, LATER, UNSURE] = ["ok", "failed", "later", "unsure"];

/**
 * @typedef {{zh: string, en: string}} Text
 * @typedef {{id: string, title: Text, basis: Text, status: string, details: Text[]}} Line
 * @typedef {{kind: string, title: Text, facts: {name: Text, value: Text}[], lines: Line[], trust: Text[]}} Report
 */

/** @returns {Text} */
export const text = (zh, en) => ({ zh, en });

/** @param {Text[]} words title and what is recomputed from what */
export function line(id, [title, basis], status, details) {
  return { id, title, basis, status, details };
}

/** Failed with all faults (each once), or ok with the sentence `fine`. */
export function judged(id, words, faults, fine) {
  const found = [...new Map([...faults].map((fault) => [fault.en, fault])).values()];
  return found.length ? line(id, words, FAILED, found) : line(id, words, OK, [fine]);
}

/** Not yet there, or does not apply. */
export const later = (id, words, zh, en) => line(id, words, LATER, [text(zh, en)]);

/** What was thrown, as a Text. */
export function textOf(error) {
  return error.zh ? text(error.zh, error.en) : text(`内容残缺，无法重算（${error.message}）`, `what it needs is missing or malformed (${error.message})`);
}

/** Run one check; content that makes it impossible is a fault of the file, not of the program. */
export async function attempt(id, words, run) {
  try {
    return await run();
  } catch (error) {
    return line(id, words, FAILED, [textOf(error)]);
  }
}

/** "failed" when a line failed, "unsure" when one could not be decided, else "ok". */
export function outcome({ lines }) {
  return [FAILED, UNSURE].find((status) => lines.some((each) => each.status === status)) ?? OK;
}

/** The outcome in one sentence. @returns {Text} */
export function verdict(report) {
  const count = (status) => report.lines.filter((each) => each.status === status).length;
  const [good, bad, open] = [count(OK), count(FAILED), count(LATER)];
  const rest = open ? text(`，${open} 项尚未发生或不适用`, `, ${open} not yet or not applicable`) : text("", "");
  if (report.kind === "pair" && report.lines[1]?.status === FAILED) return text("两个检查点互相矛盾", "The two checkpoints contradict each other");
  if (outcome(report) === FAILED) return text(`核验不通过：${bad} 项不符`, `NOT verified: ${bad} ${bad === 1 ? "check" : "checks"} failed`);
  if (outcome(report) === UNSURE) return text(`还不能下结论：${good} 项相符，${count(UNSURE)} 项缺少核对的依据${rest.zh}`, `Undecided: ${good} checks hold, ${count(UNSURE)} cannot be made yet${rest.en}`);
  return text(`核验通过：${good} 项相符${rest.zh}`, `Verified: ${good} checks hold${rest.en}`);
}
