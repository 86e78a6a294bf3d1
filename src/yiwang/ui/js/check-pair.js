/**
 * The proof that a browser's split-view alarm saves: two signed checkpoints of one log. Whoever is handed it sees here
 * whether the log itself signed both, and whether they contradict each other.
 */

import { verify } from "./check-keys.js";
import { verifyConsistency } from "./check-merkle.js";
import { openCheckpoint, parseVkey } from "./check-note.js";
import { FAILED, line, OK, text, textOf, UNSURE } from "./check-report.js";
import { strictBase64, toHex } from "./encoding.js";

export const FORMAT = "yiwang-two-checkpoints/v1";
const encoder = new TextEncoder();

const SIGNED = [text("两个检查点都是这本日志签名的", "the log itself signed both checkpoints"), text("由日志公钥核对两个检查点的签名", "from the log's keys: the signatures of both checkpoints")];
const AGREE = [text("两个检查点相容", "the two checkpoints agree"), text("由条数、根和文件里的一致性证明", "from sizes, roots, and the consistency proof in the file")];
const OWN_KEY = text("日志的公钥取自这个文件：请填入您信任的公钥再核验。", "that the key is the log's: it was taken from this file; fill in the keys that you trust and check again");
const WHERE = text("这两个检查点确是本站出示的：签名证明日志签过它们，不证明是在哪里、何时看到的。", "that the site showed them: the signatures prove that the log signed both, not where and when they were seen");

/** Whether a text is such a proof. */
export function isPair(content) {
  try {
    return JSON.parse(content).format === FORMAT;
  } catch {
    return false;
  }
}

/**
 * Check two checkpoints.
 * @param {string} content of the file
 * @param {{trust?: import("./check-keys.js").Policy | null}} options
 * @returns {Promise<import("./check-report.js").Report>} its line "agree" is "failed" when the log contradicts itself
 */
export async function checkPair(content, { trust = null } = {}) {
  const report = { kind: "pair", title: text("两个检查点", "Two checkpoints"), facts: [], lines: [], trust: [...(trust ? [] : [OWN_KEY]), WHERE] };
  try {
    const { vkeys, before, now, proof } = JSON.parse(content);
    const logs = trust ? trust.logs : vkeys.map(parseVkey);
    const [first, second] = [before, now].map(({ note }) => openCheckpoint(encoder.encode(note), { logs }, verify));
    report.facts = [fact("先看到", "Seen first", first, before.seen), fact("后看到", "Seen later", second, now.seen)];
    report.lines.push(line("signed", SIGNED, OK, [text(first.origin, first.origin)]), agreement(first, second, proof.map(strictBase64)));
  } catch (error) {
    report.lines.push(line("signed", SIGNED, FAILED, [textOf(error)]));
  }
  return report;
}

function agreement(first, second, proof) {
  const [small, large] = first.size <= second.size ? [first, second] : [second, first];
  if (small.size === large.size && toHex(small.root) !== toHex(large.root)) {
    return line("agree", AGREE, FAILED, [text(`同样 ${small.size} 条，两个根不同：同一段记录被签了两个版本，这是日志作假的铁证。`,
      `${small.size} entries both times, but two roots: two versions of the same record were signed. This proves that the log was forged.`)]);
  }
  try {
    verifyConsistency(small.size, large.size, small.root, large.root, proof);
    return line("agree", AGREE, OK, [text("后一个接着前一个", "the one continues the other")]);
  } catch {
    return line("agree", AGREE, UNSURE, [text(`诚实的日志一定能给出从 ${small.size} 条到 ${large.size} 条的一致性证明。请向交易中心和见证方索要；给不出，就是改写过。`,
      `an honest log can always prove that its ${large.size} entries continue these ${small.size}. Ask the center and the witnesses for that proof; if there is none, the log was rewritten`)]);
  }
}

function fact(zh, en, { size, root }, seen) {
  const said = toHex(root).slice(0, 16);
  return { name: text(zh, en), value: text(`${size} 条，根 ${said}…（${seen}）`, `${size} entries, root ${said}… (${seen})`) };
}
