/**
 * The core checks of a dossier in the visitor's own browser, without a network. The whole of them, with the opening, the
 * draw, signatures, ranking and statutory periods, is `yiwang-verify` on the command line; this page says so.
 */

import { chain, log, privateParts, readActs, WORDS as ACTS } from "./check-acts.js";
import { all, closing, documents, last, record, recordOf, WORDS as BIDS } from "./check-bids.js";
import { parsePolicy, verify } from "./check-keys.js";
import { openCheckpoint, parseVkey } from "./check-note.js";
import { attempt, FAILED, judged, line, OK, text, textOf } from "./check-report.js";
import { fields, readCanonical } from "./check-shapes.js";
import { openStrictly, standing, witnessed, WORDS as WITNESSES } from "./check-witnessed.js";
import { readArchive } from "./check-zip.js";
import { Problem } from "./problem.js";

const FORMAT = "yiwang-dossier/v1";
const FIXED = ["acts.json", "checkpoint", "log.vkeys", "policy", "proofs.json", "README.txt"];
const FOLDERS = /^(documents|bids)\/[0-9a-f]{64}$|^checkpoints\/[1-9][0-9]*$|^law\/(clock|(procedures|formulas)\/[a-z][a-z0-9_]*)\.yaml$/;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const ARCHIVE = [text("案卷包完整", "the archive is whole"),
  text("由文件内容重新算出压缩包的每个字节、清单的每个 SHA-256", "from the contents: every byte of the archive, every SHA-256 of the manifest")];
const SIGNED = [text("日志检查点的签名", "the log's checkpoint is signed"),
  text("由日志公钥核对检查点（Ed25519 和 ML-DSA-44），由策略中的公钥核对每个见证签名", "from the log's keys: both signatures of the checkpoint (Ed25519, ML-DSA-44); from the policy's keys: every cosignature")];
const READABLE = [text("行为与证明可读", "acts and proofs can be read"),
  text("由 acts.json、proofs.json 的形式", "from the form of acts.json and proofs.json")];

const OWN_KEY = text("日志的公钥取自案卷包本身，属交易中心所有：不另给公钥，就是在这一点上相信交易中心。请从第二个来源取得公钥再核验。",
  "that the log's key is the center's: it was taken from the dossier itself. Without a key of your own you trust the center for it; take the key from a second source and check again");
const NO_WITNESS = text("没有见证方签名：日志是否对不同的人出示不同内容，本包不能证明。", "no witness is asked for: whether the log shows others the same content, this dossier cannot prove");
const COLLUSION = text("没有达到法定人数的见证方与交易中心串通。", "that no quorum of the witnesses conspired with the center");
const NOT_HERE = text("本页没有重做这些：用公布的密钥重新打开每份投标、抽签、每个签名、得分与名次、法定期间。它们由命令行程序 yiwang-verify 核验。",
  "what this page does not redo: opening each bid with the released keys, the draw, each signature, scores and ranking, the statutory periods. The program yiwang-verify checks them");
const SCORES = text("投标文件所述属实，评委的打分诚实、独立。", "that bids say the truth, and that evaluators' scores are honest and independent");
const README = text("README.txt 只是说明，不是证据。", "README.txt is only an explanation, no evidence");

/**
 * Check a dossier.
 * @param {Blob} blob
 * @param {{trust?: import("./check-keys.js").Policy | null, progress?: (done: number, all: number) => void}} options
 *     trust: whom the reader trusts; null: the keys in the dossier
 * @returns {Promise<import("./check-report.js").Report>}
 */
export async function checkDossier(blob, { trust = null, progress } = {}) {
  const report = { kind: "dossier", title: text("案卷包", "Dossier"), facts: [], lines: [], trust: [...(trust ? [] : [OWN_KEY]), NO_WITNESS, SCORES, NOT_HERE, README] };
  let archive;
  try {
    archive = await readArchive(blob, progress);
  } catch (error) {
    report.lines.push(line("archive", ARCHIVE, FAILED, [textOf(error)]));
    return report;
  }
  const { manifest, found } = await checkManifest(archive);
  report.lines.push(found);
  const opened = await openOwn(archive, manifest, report);
  if (!opened) return report;
  report.trust = remaining(opened.policy, trust);
  report.lines.push(await attempt("policy", WITNESSES.policy, () => standingOf(opened, trust)));
  const dossier = await readDossier(archive, manifest, opened, report);
  if (!dossier) return report;
  report.facts = factsOr(dossier);
  report.lines.push(
    await attempt("log", ACTS.log, () => log(dossier)),
    await attempt("chain", ACTS.chain, () => chain(dossier)),
    await attempt("private", ACTS.private, () => privateParts(dossier)),
    await attempt("documents", BIDS.documents, () => documents(dossier)),
    await attempt("closing", BIDS.closing, () => closing(dossier)),
    await attempt("record", BIDS.record, () => record(dossier)),
    await attempt("witnessed", WITNESSES.witnessed, () => witnessed(dossier)),
  );
  return report;
}

function remaining(policy, trust) {
  const witnesses = (trust ?? policy).quorum === "none" ? NO_WITNESS : COLLUSION;
  return [...(trust ? [] : [OWN_KEY]), witnesses, SCORES, NOT_HERE, README];
}

/** The manifest, and all files that are not as it says. */
async function checkManifest(archive) {
  try {
    const bytes = await read(archive, "manifest.json");
    const manifest = fields(readCanonical(bytes, "manifest.json"), "manifest", { format: "string", tender: "string", size: "count", files: "object" });
    if (manifest.format !== FORMAT) throw new TypeError(`manifest.format is not ${FORMAT}`);
    for (const [name, item] of Object.entries(manifest.files)) fields(item, name, { size: "count", sha256: "hash" });
    return { manifest, found: judged("archive", ARCHIVE, differences(archive, manifest.files), text(`${archive.size} 个文件`, `${archive.size} files`)) };
  } catch (error) {
    return { manifest: null, found: line("archive", ARCHIVE, FAILED, [textOf(error)]) };
  }
}

function* differences(archive, listed) {
  for (const name of new Set([...Object.keys(listed), ...FIXED])) if (!archive.has(name)) yield text(`${name} 缺失`, `${name} is missing`);
  for (const { name, size, sha256 } of archive.values()) {
    if (name === "manifest.json") continue;
    const said = Object.hasOwn(listed, name) ? listed[name] : null;
    if (!said) yield text(`${name} 不在清单 manifest.json 中`, `${name} is not in manifest.json`);
    else if (said.size !== size || said.sha256 !== sha256) yield text(`${name}：内容与清单 manifest.json 的 SHA-256 不符`, `${name}: its content does not give the SHA-256 of manifest.json`);
    if (!FIXED.includes(name) && !FOLDERS.test(name)) yield text(`${name}：案卷包没有这种文件`, `${name}: no file of a dossier`);
  }
}

/** The checkpoint under the keys and the policy that stand in the dossier; null when it does not hold. */
async function openOwn(archive, manifest, report) {
  try {
    const [note, vkeys, policy] = await Promise.all(["checkpoint", "log.vkeys", "policy"].map((name) => read(archive, name)));
    const keys = decoder.decode(vkeys);
    const said = parsePolicy(decoder.decode(policy));
    if (!keys || said.logs.map(({ text: vkey }) => `${vkey}\n`).join("") !== keys) throw new Problem("policy 与 log.vkeys 的公钥不同", "policy and log.vkeys name different keys");
    keys.trimEnd().split("\n").forEach(parseVkey);
    const checkpoint = openStrictly(note, said);
    if (manifest && manifest.size !== checkpoint.size) throw new Problem("清单所载日志大小与检查点不符", "the manifest's log size is not that of the checkpoint");
    report.lines.push(line("checkpoint", SIGNED, OK, [text(`${checkpoint.origin}，${checkpoint.size} 条，${checkpoint.signed.length + checkpoint.cosigned.length} 个签名有效`,
      `${checkpoint.origin}, ${checkpoint.size} entries, ${checkpoint.signed.length + checkpoint.cosigned.length} valid signatures`)]));
    return { checkpoint, policy: said, note };
  } catch (error) {
    report.lines.push(line("checkpoint", SIGNED, FAILED, [textOf(error)]));
    return null;
  }
}

function standingOf({ checkpoint, policy, note }, trust) {
  if (!trust) return standing(checkpoint, policy, false);
  return standing(openCheckpoint(note, { logs: trust.logs, witnesses: [...trust.witnesses.values()] }, verify), trust, true);
}

async function readDossier(archive, manifest, { checkpoint, policy }, report) {
  try {
    const rows = readActs(readCanonical(await read(archive, "acts.json"), "acts.json"));
    const proofs = fields(readCanonical(await read(archive, "proofs.json"), "proofs.json"), "proofs", { inclusion: "object", consistency: "object" });
    const [shown, hidden] = [rows.filter((row) => row.act), rows.filter((row) => !row.act)];
    const tender = manifest?.tender ?? "";
    return { archive, tender, chain: `tender/${tender}`, rows, shown, hidden, proofs, checkpoint, policy };
  } catch (error) {
    report.lines.push(line("acts", READABLE, FAILED, [textOf(error)]));
    return null;
  }
}

/** The facts, or none when the content is too broken to tell them; the checks say what is wrong. */
function factsOr(dossier) {
  try {
    return factsOf(dossier);
  } catch {
    return [];
  }
}

/** What the dossier says of the tender, for the head of the report. */
function factsOf(dossier) {
  const notice = (last(dossier, "tender.publish") ?? last(dossier, "tender.invite") ?? last(dossier, "tender.enter"))?.act.public;
  const won = last(dossier, "award.notify")?.act.public.statement ?? last(dossier, "award.decide")?.act.public;
  const facts = [fact("项目", "Tender", `${dossier.tender} ${notice?.title ?? ""}`)];
  if (notice?.buyer) facts.push(fact("招标人", "Buyer", String(notice.buyer.name)));
  if (recordOf(dossier)) facts.push(fact("开标", "Opened", `${recordOf(dossier).bids?.length} 份投标`, `${recordOf(dossier).bids?.length} bids`));
  else if (last(dossier, "opening.close")) facts.push(fact("投标", "Bids", `${last(dossier, "opening.close").act.public.count} 份，尚未开标`, `${last(dossier, "opening.close").act.public.count}, not opened yet`));
  if (won) facts.push(fact("中标", "Award", `${partyName(won).zh}，${yuan(won.price)} 元`, `${partyName(won).en}, ${yuan(won.price)} yuan`));
  facts.push(fact("行为", "Acts", `${dossier.shown.length} 个公开，${dossier.hidden.length} 个依法尚未公开`, `${dossier.shown.length} disclosed, ${dossier.hidden.length} not public yet`));
  if (all(dossier, "tender.fail").length) facts.push(fact("结果", "Outcome", "招标失败", "the tender failed"));
  return facts;
}

const fact = (zh, en, valueZh, valueEn = valueZh) => ({ name: text(zh, en), value: text(valueZh, valueEn) });

/** 1,234,567.89 from fen. */
function yuan(fen) {
  const digits = String(fen).padStart(3, "0");
  return `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-2)}`;
}

function read(archive, name) {
  const entry = archive.get(name);
  if (!entry) throw new Problem(`缺少 ${name}`, `${name} is missing`);
  return entry.read();
}

/** Who won, by name; of a joint bid all members, the lead first. */
function partyName({ tenderer_name: name, joint = [] }) {
  const others = Array.isArray(joint) ? joint.slice(1).map((member) => String(member?.name)) : [];
  return others.length
    ? text([`${name}（牵头）`, ...others.map((other) => `${other}（联合体）`)].join("、"), [`${name} (lead)`, ...others.map((other) => `${other} (joint)`)].join(", "))
    : text(name, name);
}
