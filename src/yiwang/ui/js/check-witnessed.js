/**
 * What witnesses say of a dossier: who cosigned its checkpoint, and that closing, opening, draw and award waited for them.
 */

import { nameOf } from "./check-acts.js";
import { cosignersOf, satisfied, verify } from "./check-keys.js";
import { verifyConsistency } from "./check-merkle.js";
import { openCheckpoint } from "./check-note.js";
import { judged, later, text, textOf } from "./check-report.js";
import { strictBase64 } from "./encoding.js";
import { Problem } from "./problem.js";

export const WORDS = {
  policy: [text("信任策略与见证方", "trust policy and witnesses"),
    text("由您给定的公钥或策略（没有给定时由本包自带的）核对检查点的签名和见证", "from the keys or policy that you gave (else those in the file): signatures and witnesses of the checkpoint")],
  witnessed: [text("关键行为等到了见证", "what decides waited for the witnesses"),
    text("由较早的联署检查点和一致性证明，核对截止、开标、抽签、定标之前的记录已有见证", "from earlier cosigned checkpoints and consistency proofs: before closing, opening, draw and award the record was witnessed")],
};
const FOLDER = "checkpoints/";
/** Acts that wait until the quorum has cosigned a checkpoint over every earlier act of the tender. */
const WAITS = ["opening.close", "opening.release_key", "opening.open", "draw.freeze_list", "draw.commit", "draw.reveal", "draw.seat", "award.decide", "award.notify"];

/** A cosigner's time, in seconds, as `2026-03-02 09:30` in Beijing. */
export function moment(seconds) {
  const date = new Date(Math.min(seconds, 253_402_300_799) * 1000 + 8 * 3_600_000);
  return date.toISOString().slice(0, 16).replace("T", " ");
}

/** Who cosigned, with times: "name 2026-03-02 09:30". */
export function whoCosigned({ cosigned }) {
  const first = new Map();
  for (const { vkey, time } of cosigned) first.set(vkey.name, Math.min(time, first.get(vkey.name) ?? Infinity));
  const said = [...first].map(([name, time]) => `${name} ${moment(time)}`);
  return text(said.join("；") || "无", said.join("; ") || "nobody");
}

/** How a checkpoint stands with a policy; `own` says that the reader gave it. */
export function standing(opened, policy, own) {
  const who = whoCosigned(opened);
  const faults = satisfied(policy, cosignersOf(policy, opened)) ? []
    : [text(`见证不足：要求 ${policy.quorum}，已见证：${who.zh}`, `not enough witnesses: ${policy.quorum} is required; cosigned: ${who.en}`)];
  const keys = own ? text("用的是您给定的公钥", "by the keys that you gave") : text("您没有给定公钥，用的是文件自带的", "you gave no keys: by those in the file");
  const asked = policy.quorum === "none" ? text("策略不要求见证方", "the policy asks for no witness") : text(`法定人数 ${policy.quorum} 已满足`, `quorum ${policy.quorum} is met`);
  return judged("policy", WORDS.policy, faults, text(`${keys.zh}；${asked.zh}；已见证：${who.zh}`, `${keys.en}; ${asked.en}; cosigned: ${who.en}`));
}

/**
 * A checkpoint signed by the log's keys of every type and cosigned by keys of the policy only, each once, and nothing else.
 * The first key of a type signs the dossier's checkpoint; keys that the log had before may have signed `earlier` ones.
 */
export function openStrictly(note, policy, { earlier = false } = {}) {
  const opened = openCheckpoint(note, { logs: policy.logs, witnesses: [...policy.witnesses.values()] }, verify);
  for (const kind of new Set(policy.logs.map((vkey) => vkey.kind))) {
    const able = policy.logs.filter((vkey) => vkey.kind === kind).slice(0, earlier ? undefined : 1);
    if (!able.some((vkey) => opened.signed.includes(vkey))) throw new Problem("日志的公钥没有全部签名", "the log's keys did not all sign");
  }
  const keys = [...opened.signed, ...opened.foreign, ...opened.cosigned.map(({ vkey }) => vkey)];
  if (opened.unknown.length || opened.extensions.length || new Set(keys).size !== keys.length) throw new Problem("含有无法核对的签名或扩展行", "has signatures or lines that nobody can check");
  return opened;
}

/** Every act that waits had a cosigned checkpoint over all that it rests on, before it got its place in the log. */
export async function witnessed(dossier) {
  const files = [...dossier.archive.values()].filter(({ name }) => name.startsWith(FOLDER));
  if (dossier.policy.quorum === "none") {
    return files.length
      ? judged("witnessed", WORDS.witnessed, [text("有较早的检查点，而策略没有见证方", "there are earlier checkpoints, but the policy has no witnesses")])
      : later("witnessed", WORDS.witnessed, "本包的策略没有见证方", "the dossier's policy has no witnesses");
  }
  const [faults, good, sizes] = [[], [], []];
  for (const file of files) {
    try {
      const opened = await earlier(dossier, file);
      sizes.push(opened.size);
      if (satisfied(dossier.policy, cosignersOf(dossier.policy, opened))) good.push(opened.size);
    } catch (error) {
      const { zh, en } = textOf(error);
      faults.push(text(`${file.name}：${zh}`, `${file.name}: ${en}`));
    }
  }
  good.sort((a, b) => a - b);
  const waiting = [...restsOn(dossier)].map(({ row, index }) => ({ row, covered: good.find((size) => index < size && size <= row.index) }));
  const used = new Set(waiting.map(({ covered }) => covered));
  for (const size of sizes.filter((each) => !used.has(each))) faults.push(text(`${FOLDER}${size} 没有任何行为需要`, `no act needs ${FOLDER}${size}`));
  const first = waiting.findIndex(({ covered }) => covered);
  for (const { row, covered } of first < 0 ? [] : waiting.slice(first)) {
    if (!covered) faults.push(text(`${nameOf(row)}：没有等到见证就办理了`, `${nameOf(row)}: went on without waiting for the witnesses`));
  }
  if (!waiting.length && !faults.length) return later("witnessed", WORDS.witnessed, "还没有需要等待见证的行为", "no act that waits for witnesses yet");
  const done = waiting.filter(({ covered }) => covered).length;
  return judged("witnessed", WORDS.witnessed, faults, text(`${waiting.length} 个须等待见证的行为，${done} 个在见证之后办理`,
    `${done} of ${waiting.length} acts that wait for witnesses went on after a cosigned checkpoint`));
}

/** An earlier checkpoint, proved to be of this very log. */
async function earlier({ checkpoint, policy, proofs }, file) {
  const opened = openStrictly(await file.read(), policy, { earlier: true });
  if (file.name !== `${FOLDER}${opened.size}` || opened.origin !== checkpoint.origin) {
    throw new Problem("名称与大小不符，或属于另一日志", "is not named by its size, or is of another log");
  }
  const path = proofs.consistency[String(opened.size)].map(strictBase64);
  verifyConsistency(opened.size, checkpoint.size, opened.root, checkpoint.root, path);
  return opened;
}

/** Each act that waits, with the log index of the last act before it, which the witnessed checkpoint must hold. */
function* restsOn({ shown, hidden, chain }) {
  const own = shown.filter(({ act }) => act.subject === chain);
  const places = [...own, ...hidden].map(({ index }) => index);
  const of = (...names) => shown.filter(({ act }) => names.includes(act.act)).map(({ index }) => index);
  const also = { "opening.close": of("bid.submit", "bid.commit"), "opening.release_key": of("bid.deliver") };
  for (const row of own.filter(({ act }) => WAITS.includes(act.act))) {
    const before = [...places, ...(also[row.act.act] ?? [])].filter((index) => index < row.index);
    if (before.length) yield { row, index: Math.max(...before) };
  }
}
