/**
 * A custodian's pages, of tenders and of drills. Giving a key: made here, saved as a file, printed as a recovery sheet if
 * wished; its public half is posted, with the answer to a challenge that proves possession. Releasing it: the file is read,
 * or the sheet's groups, and checked here against the public half; what is wrong is never sent.
 */

import { answerChallenge, downloadKey, identityMatches, newCustodianKey, readKey } from "./custodian.js";
import { guarded, say, show, token, wordsOf } from "./page.js";
import { Problem } from "./problem.js";
import { identityOf, looksTyped } from "./recovery.js";
import { openSheet } from "./recovery-sheet.js";

const making = document.querySelector("[data-custody-make]");
const releasing = document.querySelector("[data-custody-release]");
if (making) startMaking(making);
if (releasing) startReleasing(releasing);

function startMaking(panel) {
  panel.hidden = false;
  const form = document.querySelector("form[data-custody-form]");
  const part = (name) => panel.querySelector(`[data-part=${name}]`);
  const place = part("message");
  const press = part("make");
  const about = { for: panel.dataset.custodyMake, title: panel.dataset.sheetTitle, body: panel.dataset.sheetBody, person: panel.dataset.sheetPerson };
  let key;
  press.addEventListener("click", () => guarded(press, place, async () => {
    key ??= await newCustodianKey();
    downloadKey(key.identity, key.recipient, about.for);
    form.elements.recipient.value = key.recipient;
    form.elements.saved.checked = false;
    press.textContent = say("再保存一次密钥文件", "Save the key file again");
    press.classList.add("button-second");
    part("again").hidden = false;
    show(place, say("密钥文件已保存，公钥已填好。请选择刚才保存的文件核对一遍。", "The key file is saved and the public key filled in. Now choose the saved file to check it."), "success");
    panel.querySelector("#check-file").focus();
  }));
  part("sheet").addEventListener("click", () => openSheet(key, about));
  panel.querySelector("#check-file").addEventListener("change", async (event) => {
    try {
      const read = await readKey(event.target.files[0]);
      if (read.recipient !== form.elements.recipient.value.trim()) {
        throw new Problem("这个文件里是另一把密钥", "this file holds another key");
      }
      key = read;
      form.elements.saved.checked = true;
      show(place, say("文件核对无误。建议再打印恢复单，然后在下面提交公钥。", "The file is right. Print the recovery sheet as well, then give the public key below."), "success");
    } catch (error) {
      form.elements.saved.checked = false;
      show(place, wordsOf(error), "error");
    }
  });
  answerBeforeSending(form, () => key);
}

/** The challenge is fetched and answered as the form is sent. A key of the command line is answered there instead. */
function answerBeforeSending(form, held) {
  const place = form.querySelector("[data-part=message]");
  form.addEventListener("submit", (event) => {
    const key = held();
    if (form.dataset.answered || !key || key.recipient !== form.elements.recipient.value.trim() || !form.elements.saved.checked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    guarded(form.querySelector("button[type=submit]"), place, async () => {
      const challenge = await asked(form, key.recipient);
      const sealed = Uint8Array.from(atob(challenge.slice(challenge.lastIndexOf(".") + 1)), (char) => char.charCodeAt(0));
      const nonce = await answerChallenge(key.identity, sealed);
      form.elements.challenge.value = challenge;
      form.elements.answer.value = [...nonce].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      form.dataset.answered = "yes";
      form.requestSubmit();
    });
  }, { capture: true });
}

async function asked(form, recipient) {
  const body = new URLSearchParams({ recipient, csrfmiddlewaretoken: token(form) });
  const answer = await fetch(form.dataset.challengeUrl, { method: "POST", body, credentials: "same-origin" });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told.challenge;
  const reasons = told.reasons ?? [{ zh: `服务器没有出题（${answer.status}）`, en: `the server set no challenge (${answer.status})` }];
  throw new Problem(reasons.map((each) => each.zh).join("；"), reasons.map((each) => each.en).join("; "));
}

function startReleasing(panel) {
  panel.hidden = false;
  const form = document.querySelector("form[data-custody-form]");
  const place = form.querySelector("[data-part=message]");
  const recipient = panel.dataset.custodyRelease;
  const field = form.elements.identity;
  const fill = async (text) => {
    const identity = looksTyped(text) ? identityOf(text) : (await readKey(new Blob([text]))).identity;
    if (!(await identityMatches(identity, recipient))) {
      throw new Problem("这不是您提供公钥时的那把密钥，没有发送", "this is not the key whose public half you gave; nothing was sent");
    }
    field.value = identity;
    field.removeAttribute("aria-invalid");
    show(place, say("密钥与登记的公钥相符，可以公布。", "The key belongs to the registered public key; you can release it."), "success");
  };
  const refused = (error) => {
    field.setAttribute("aria-invalid", "true");
    show(place, wordsOf(error), "error");
  };
  panel.querySelector("input[type=file]").addEventListener("change", async (event) => {
    try {
      await fill(await event.target.files[0].text());
      form.querySelector("button[type=submit]").focus();
    } catch (error) {
      refused(error);
    }
  });
  // What was typed is looked at when the hand rests: not as the field is left, lest the button move away under the finger.
  let resting;
  field.addEventListener("input", () => {
    clearTimeout(resting);
    resting = setTimeout(() => { if (field.value.trim() && !form.dataset.checked) fill(field.value).catch(refused); }, 700);
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.checked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(resting);
    // In a task of its own: while this event is still under way another submission would be dropped.
    fill(field.value).then(() => { form.dataset.checked = "yes"; setTimeout(() => form.requestSubmit()); }, refused);
  }, { capture: true });
}
