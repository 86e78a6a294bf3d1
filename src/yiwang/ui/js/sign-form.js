/**
 * Forms with data-sign-kind and data-sign-content: what they say is signed with the key kept in this browser, then
 * they are sent. Without a key, one can be made and bound right there.
 */

import { bindNewKey } from "./binding.js";
import { busy, button, link, personOf, say, show, token, wordsOf } from "./page.js";
import { keptSigningKey, signStatement } from "./signing.js";

for (const form of document.querySelectorAll("form[data-sign-kind]")) {
  // Before other listeners: they would take the form as sent.
  form.addEventListener("submit", (event) => onSubmit(event, form), { capture: true });
}

function onSubmit(event, form) {
  const { public: key, signature } = form.elements;
  if (key.value.trim() && signature.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.dataset.signing) signAndSend(form);
}

async function signAndSend(form) {
  const place = form.querySelector(".sign-message");
  working(form, true);
  try {
    const key = await keptSigningKey(personOf(form));
    if (!key) {
      offerKey(form, place);
      working(form, false);
      return;
    }
    const content = JSON.parse(form.dataset.signContent);
    form.elements.signature.value = await signStatement(key, form.dataset.signKind, content);
    form.elements.public.value = key.publicKey;
    HTMLFormElement.prototype.submit.call(form);
  } catch (error) {
    show(place, wordsOf(error), "error");
    working(form, false);
  }
}

function offerKey(form, place) {
  const url = form.dataset.keysUrl;
  const make = button(
    say("在这台设备上生成密钥、绑定并签名", "Make a key on this device, bind it and sign"),
    async () => {
      await bindNewKey({ url, token: token(form), person: personOf(form) });
      show(place, say("密钥已绑定，正在签名", "The key is bound; signing"), "success");
      await signAndSend(form);
    },
    { place, look: "" },
  );
  const words = say(
    "这台设备上还没有您的签名密钥。私钥只在这个浏览器里生成和保存，不会发送给任何人。",
    "There is no signing key of yours on this device yet. The private key is made and kept in this browser alone.",
  );
  const row = document.createElement("p");
  row.className = "cluster";
  row.append(make, link(say("管理签名密钥", "Manage signing keys"), url));
  show(place, words, "info", [row]);
  make.focus();
}

function working(form, on) {
  if (on) form.dataset.signing = "yes";
  else delete form.dataset.signing;
  for (const control of form.querySelectorAll("button[type=submit]")) busy(control, on);
}

// Back from the next page, the form must work again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sign-kind]")) working(form, false);
});
