/**
 * The page of joint bids: the lead composes a proposal, each member reads and signs it, the lead sees whether all consents
 * are there. Everything stays in this browser and in the files that members pass on: this module sends nothing.
 */

import { joinConsents, makeProposal, MOST_MEMBERS, readConsent, readProposal, signConsent } from "./joint.js";
import { fileName, guarded, save, say, show, wordsOf } from "./page.js";
import { Problem } from "./problem.js";
import { keptSigningKey } from "./signing.js";

const panel = document.querySelector("[data-joint]");

function JointPanel(root) {
  const facts = JSON.parse(root.dataset.joint);
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const rows = () => [...root.querySelectorAll(".joint-member")];
  let proposal;

  this.start = () => {
    root.hidden = false;
    addMember(facts.own);
    addMember("");
    part("add").addEventListener("click", () => addMember("").querySelector("input").focus());
    part("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      guarded(event.submitter, part("compose-message"), compose);
    });
    part("proposal").addEventListener("change", loadProposal);
    part("consents").addEventListener("change", loadConsents);
    part("sign")?.addEventListener("click", (event) => guarded(event.currentTarget, part("sign-message"), sign));
  };

  function addMember(code) {
    const made = part("member-template").content.cloneNode(true).querySelector("fieldset");
    made.querySelector("[data-member=tenderer]").value = code;
    made.querySelector("[data-member=remove]").addEventListener("click", () => {
      made.remove();
      number();
      part("add").focus();
    });
    part("members").append(made);
    number();
    return made;
  }

  function number() {
    for (const [at, row] of rows().entries()) {
      row.querySelector("legend").textContent = at ? say(`成员 ${at + 1}`, `Member ${at + 1}`) : say("牵头人", "The lead");
      row.querySelector("[data-member=remove]").hidden = at === 0;
    }
    part("add").disabled = rows().length >= MOST_MEMBERS;
  }

  function typed() {
    return rows().map((row) => Object.fromEntries(["tenderer", "name", "work", "percent"].map((name) => [name, row.querySelector(`[data-member=${name}]`).value.trim()])));
  }

  async function compose() {
    const given = typed();
    const shares = sharesOf(given.map(({ percent }) => percent));
    const members = given.map((member, at) => ({ ...member, work: shares ? `${member.work}，${shares[at]}%` : member.work }));
    if (members.some(({ work }, at) => !given[at].work || !work)) throw new Problem("请写明每个成员承担的工作", "say what each member's work is");
    const made = makeProposal({ tender: facts.tender, lot: part("lot").value, members });
    save(json(made), `joint-proposal-${fileName(facts.tender)}.json`);
    shown(made);
    show(part("compose-message"), say("提议文件已保存。请把它交给每个成员，您自己也要在下一步签名。", "The proposal is saved. Give it to every member; you sign it, too, in the next step."), "success");
  }

  async function loadProposal() {
    proposal = undefined;
    part("read").hidden = true;
    if (part("sign")) part("sign").disabled = true;
    const [file] = part("proposal").files;
    if (!file) return;
    try {
      shown(readProposal(await file.text()));
      show(part("sign-message"), "");
    } catch (error) {
      show(part("sign-message"), wordsOf(error), "error");
    }
  }

  /** The proposal in words; whoever signs must see just what is signed. */
  function shown(read) {
    if (read.statement.tender !== facts.tender) {
      throw new Problem(`这份提议属于项目 ${read.statement.tender}`, `this proposal is for the tender ${read.statement.tender}`);
    }
    proposal = read;
    const { statement, names } = read;
    const head = line("p", say(`项目 ${statement.tender}，标段 ${statement.lot}。单位名称是文件里写的，请以信用代码为准。`, `Tender ${statement.tender}, lot ${statement.lot}. Names are as the file says them; what counts is the code.`));
    const list = document.createElement("ol");
    list.className = "joint-members";
    list.append(...statement.members.map(({ tenderer, work }, at) => line("li",
      `${tenderer} ${names[tenderer] ?? ""}${at ? "" : say("（牵头）", " (lead)")}${tenderer === facts.own ? say("（您的单位）", " (your organisation)") : ""}${say("：", ": ")}${work}`)));
    part("read").replaceChildren(head, list);
    part("read").hidden = false;
    if (part("sign")) part("sign").disabled = false;
  }

  async function sign() {
    if (!proposal) throw new Problem("请先打开提议文件", "open the proposal first");
    const key = await keptSigningKey(root.dataset.person);
    if (!key || !facts.bound.includes(key.publicKey)) {
      throw new Problem("这台设备上没有已绑定的签名密钥，请先在“签名密钥”页生成并绑定", "there is no bound signing key on this device; make and bind one on the page of signing keys");
    }
    const consent = await signConsent(proposal, facts.own, key);
    save(json(consent), `joint-consent-${facts.own}-${fileName(facts.tender)}.json`);
    show(part("sign-message"), say("同意书已保存，请交给牵头人。", "The consent is saved; give it to the lead."), "success");
  }

  async function loadConsents() {
    const place = part("join-message");
    try {
      const texts = await Promise.all([...part("consents").files].map((file) => file.text()));
      if (!texts.length) return;
      const read = await Promise.all(texts.map(readConsent));
      const given = new Set(read.map(({ tenderer }) => tenderer));
      part("have").replaceChildren(...read[0].statement.members.map(({ tenderer }) => line("li",
        `${given.has(tenderer) ? say("已有", "there") : say("缺少", "missing")} ${tenderer}`, given.has(tenderer) ? "check-good" : "check-bad")));
      part("have").hidden = false;
      await joinConsents(texts, { tender: facts.tender });
      show(place, say("同意书齐全，签名有效。投标时请在投标页面选择这些文件。", "All consents are there and the signatures hold. Choose these files on the bid page."), "success");
    } catch (error) {
      show(place, wordsOf(error), "error");
    }
  }
}

/** Percentages as typed, or undefined when none is given; they must all be given and add up to 100. */
export function sharesOf(typed) {
  if (typed.every((text) => !text)) return undefined;
  const tenths = typed.map((text) => (/^\d{1,3}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : NaN));
  const sum = tenths.reduce((total, each) => total + each, 0);
  if (sum !== 10_000 || tenths.includes(0)) {
    throw new Problem("百分比要么都不填，要么每个成员都填，合计 100", "give no percentage, or one for each member, adding up to 100");
  }
  return typed;
}

function line(tag, words, look = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (look) made.className = look;
  return made;
}

function json(value) {
  return new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" });
}

if (panel) new JointPanel(panel).start();
