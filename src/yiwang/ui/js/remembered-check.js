/**
 * On every page, now and then: does the public log still continue what this browser saw before? If not, an alarm stands
 * on every page until the reader has dealt with it. Loaded by ui/js/remembered.js only when it is due.
 */

import { fileName, link, save, say } from "./page.js";
import { compare, evidence, firstSight, GRAVE } from "./remembered-core.js";

const KEY = "yiwang.log";
const LOG = "/log/";
const AGAIN_AFTER = 3000;

/** Show what was found before, else look now. */
export async function watch() {
  const memory = recall();
  if (memory?.finding) await banner(memory);
  else await look(memory);
}

/** The alarm's own style sheet: on pages without an alarm it is not loaded. */
function styled() {
  return new Promise((resolve) => {
    const sheet = document.createElement("link");
    Object.assign(sheet, { rel: "stylesheet", href: new URL("../ui/css/check.css", import.meta.url), onload: resolve, onerror: resolve });
    document.head.append(sheet);
  });
}

/** Fetch the checkpoint and compare; a doubt is looked into twice, since a stale copy on the way is no fork. */
async function look(memory, patient = true) {
  const note = await fetched("checkpoint", "no-store");
  if (note === null) return keep(memory && { ...memory, checked: Date.now() });
  const world = { keys: () => fetched("vkeys", "no-cache"), tile, now: Date.now() };
  const found = await compare(memory, note, world);
  if (patient && GRAVE.includes(found?.finding?.kind)) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    return look(memory, false);
  }
  keep(found && { ...found, checked: Date.now() });
  document.querySelectorAll("[data-log-alarm]").forEach((each) => each.remove());
  if (found?.finding) await banner(found);
  return undefined;
}

async function fetched(name, cache) {
  const answer = await fetch(LOG + name, { cache, credentials: "omit" });
  return answer.ok ? answer.text() : null;
}

async function tile(path) {
  const answer = await fetch(LOG + path, { credentials: "omit" });
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

function recall() {
  try {
    const memory = JSON.parse(localStorage.getItem(KEY));
    return memory?.v === 1 ? memory : null;
  } catch {
    return null;
  }
}

function keep(memory) {
  if (memory) localStorage.setItem(KEY, JSON.stringify(memory));
}

const WORDS = {
  forked: () => say("同样的条数，根却不同：同一段记录有两个版本。", "The number of entries is the same, but the root is another: there are two versions of the same record."),
  shrunk: () => say("条目比您上次看到的少：已经公布的记录不见了。", "There are fewer entries than you saw before: published records are gone."),
  inconsistent: () => say("日志变长了，但新的内容接不上您上次看到的：旧记录被改写过。", "The log is longer, but does not continue what you saw before: old records were rewritten."),
  unsigned: () => say("现在出示的检查点，没有您记住的日志公钥的签名，也没有本站公布的公钥的签名。", "What is shown now is signed neither by the key that this browser remembers nor by the key that this site publishes."),
  other: () => say("本站现在出示的是另一本日志：名称或公钥与您上次看到的不同，而且接不上您看到过的记录。系统重新开始时会有公告；没有公告，请向交易中心问清楚。", "This site now shows another log: its name or key is not the one that you saw before, and it does not continue those records. A new beginning is announced; if nothing was announced, ask the center."),
  unproved: () => say("日志变长了，但本站几次都没有给出可核对的文件，无法确认旧记录没有被改写。", "The log is longer, but several times this site did not give the files that would show that old records are unchanged."),
};

async function banner(memory) {
  await styled();
  const grave = GRAVE.includes(memory.finding.kind);
  const box = made("section", `log-alarm ${grave ? "" : "log-alarm-quiet"}`);
  box.id = "log-alarm";
  box.dataset.logAlarm = memory.finding.kind;
  box.setAttribute("role", "alert");
  const title = grave
    ? say("警告：公开日志与您上次看到的不一致", "Warning: the public log is not the one that you saw before")
    : say("请留意：公开日志与您上次看到的不同", "Please note: the public log differs from what you saw before");
  const saved = made("p", "hint");
  const status = made("p", "log-alarm-status");
  box.append(heading(title), made("p", "", WORDS[memory.finding.kind]()));
  if (grave) {
    box.append(made("p", "", say(
      "日志只能增加，不能改动。出现这种情况，说明有人改写了记录，或者对不同的人出示不同的记录。在查清之前，不要依据本站现在显示的结果行事：请先保存下面的证据，交给行政监督部门或见证方。",
      "A log can only grow. This means that somebody rewrote the record, or shows different records to different people. Until it is cleared up, do not act on what this site shows: save the proof below and hand it to the supervisor or to a witness.")));
  }
  box.append(sights(memory.finding), buttons(memory, status, saved), saved, status);
  const parts = grave ? [strip(title), box] : [box];
  const skip = document.querySelector("body > .skip");
  if (skip) skip.after(...parts);
  else document.body.prepend(...parts);
}

/** One line that stays in sight wherever the page is scrolled to. */
function strip(title) {
  const line = made("aside", "log-alarm-strip");
  line.dataset.logAlarm = "strip";
  line.setAttribute("aria-label", say("公开日志的警告", "Warning about the public log"));
  line.append(link(title, "#log-alarm"));
  return line;
}

function buttons(memory, status, saved) {
  const row = made("p", "cluster log-alarm-ways");
  const start = press(say("从现在起记住新的日志", "Remember the new log from now on"), "button-quiet", () => startOver(memory, status));
  start.hidden = GRAVE.includes(memory.finding.kind);
  const proof = press(say("保存证据（两个检查点）", "Save the proof (both checkpoints)"), "", () => {
    const { old, now } = memory.finding;
    save(new Blob([`${JSON.stringify(evidence(memory), null, 2)}\n`], { type: "application/json" }), fileName(`yiwang-two-checkpoints-${old.size}-${now.size}.json`));
    saved.textContent = say("文件里有两个检查点和签名，任何人都能核对。原来的记忆仍然保留。", "The file holds both signed checkpoints; anybody can check them. What this browser remembers is kept.");
    start.hidden = false;
  });
  const again = press(say("再比对一次", "Compare again"), "button-second", async () => {
    status.textContent = say("正在比对……", "Comparing …");
    await look({ ...memory, finding: null }).catch(() => {
      status.textContent = say("现在连不上日志，请稍后再试。", "The log cannot be reached; try again later.");
    });
  });
  row.append(proof, again, link(say("怎样自己核验", "How to check it yourself"), "/check/"), start);
  return row;
}

async function startOver(memory, status) {
  const keys = await fetched("vkeys", "no-cache").catch(() => null);
  const fresh = firstSight(memory.finding.now, keys ?? "");
  if (!fresh) {
    status.textContent = say("新的检查点没有本站公钥的签名，不能记住。", "The new checkpoint is not signed by the key of this site; it cannot be remembered.");
    return;
  }
  keep({ ...fresh, checked: Date.now() });
  document.querySelectorAll("[data-log-alarm]").forEach((each) => each.remove());
}

/** What was seen before, and now. */
function sights({ old, now }) {
  const list = made("dl", "log-alarm-sights");
  const rows = [[say("上次看到", "Seen before"), old], [say("这次看到", "Seen now"), now]];
  for (const [name, { origin, size, root, at }] of rows) {
    const value = made("dd", "", say(`${size} 条，根 `, `${size} entries, root `));
    value.append(made("code", "", root.slice(0, 16)), say(`…（${origin}，${moment(at)}，按您设备的时钟）`, `… (${origin}, ${moment(at)} by your device’s clock)`));
    list.append(made("dt", "", name), value);
  }
  return list;
}

function moment(at) {
  return new Intl.DateTimeFormat(say("zh-CN", "en-GB"), { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Shanghai" }).format(at);
}

function heading(words) {
  return made("h2", "", words);
}

function press(words, look, act) {
  const button = made("button", `button button-small ${look}`, words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function made(name, look, words = "") {
  const element = document.createElement(name);
  element.className = look;
  element.textContent = words;
  return element;
}
