/**
 * A custodian's two pages. Giving a key: made here, saved as a file, only its public half is posted. Releasing it: the
 * file is read and checked here against the public half; a wrong file is never sent.
 */

import { downloadKey, identityMatches, newCustodianKey, readKey } from "./custodian.js";
import { guarded, say, show, wordsOf } from "./page.js";
import { Problem } from "./problem.js";

const making = document.querySelector("[data-custody-make]");
const releasing = document.querySelector("[data-custody-release]");
if (making) startMaking(making);
if (releasing) startReleasing(releasing);

function startMaking(panel) {
  panel.hidden = false;
  const form = document.querySelector("form[data-custody-form]");
  const place = panel.querySelector("[data-part=message]");
  const press = panel.querySelector("button");
  const again = panel.querySelector("[data-part=again]");
  let key;
  press.addEventListener("click", () => guarded(press, place, async () => {
    key ??= await newCustodianKey();
    downloadKey(key.identity, key.recipient, panel.dataset.custodyMake);
    form.elements.recipient.value = key.recipient;
    form.elements.saved.checked = false;
    press.textContent = say("再保存一次密钥文件", "Save the key file again");
    again.hidden = false;
    show(place, say("密钥文件已保存，公钥已填好。请选择刚才保存的文件核对一遍。", "The key file is saved and the public key filled in. Now choose the saved file to check it."), "success");
    again.querySelector("input").focus();
  }));
  again.querySelector("input").addEventListener("change", async (event) => {
    try {
      const read = await readKey(event.target.files[0]);
      if (read.recipient !== form.elements.recipient.value.trim()) {
        throw new Problem("这个文件里是另一把密钥", "this file holds another key");
      }
      form.elements.saved.checked = true;
      show(place, say("文件核对无误，可以提交公钥。", "The file is right; you can give the public key."), "success");
      form.querySelector("button[type=submit]").focus();
    } catch (error) {
      form.elements.saved.checked = false;
      show(place, wordsOf(error), "error");
    }
  });
}

function startReleasing(panel) {
  panel.hidden = false;
  const form = document.querySelector("form[data-custody-form]");
  const place = panel.querySelector("[data-part=message]");
  const recipient = panel.dataset.custodyRelease;
  const fill = async (file) => {
    const { identity } = await readKey(file);
    if (!(await identityMatches(identity, recipient))) {
      throw new Problem("这不是您为本项目提供的密钥，没有发送", "this is not the key that you gave for this tender; nothing was sent");
    }
    form.elements.identity.value = identity;
    show(place, say("密钥与登记的公钥相符，可以公布。", "The key belongs to the registered public key; you can release it."), "success");
    form.querySelector("button[type=submit]").focus();
  };
  panel.querySelector("input[type=file]").addEventListener("change", (event) => {
    fill(event.target.files[0]).catch((error) => show(place, wordsOf(error), "error"));
  });
  // What was pasted is checked as well before it leaves the browser.
  form.addEventListener("submit", (event) => {
    if (form.dataset.checked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    fill(new Blob([form.elements.identity.value])).then(
      () => { form.dataset.checked = "yes"; form.requestSubmit(); },
      (error) => show(place, wordsOf(error), "error"),
    );
  }, { capture: true });
}
