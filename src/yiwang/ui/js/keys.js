/**
 * The page of signing keys: form#bind-key makes a key in this browser, keeps it under the person's id and binds it.
 */

import { bindNewKey } from "./binding.js";
import { busy, personOf, say, show, token, wordsOf } from "./page.js";
import { keptSigningKey } from "./signing.js";

const form = document.querySelector("form#bind-key");
if (form) start();

async function start() {
  const place = messagePlace();
  form.addEventListener("submit", (event) => onSubmit(event, place), { capture: true });
  const kept = await keptSigningKey(personOf(form));
  if (!kept) return;
  for (const shown of document.querySelectorAll("[data-public-key]")) {
    if (shown.dataset.publicKey === kept.publicKey) shown.classList.add("key-here");
  }
  const words = say("这台设备上已有密钥，公钥为 ", "This device has a key; its public half is ");
  show(place, words + kept.publicKey, "info");
}

async function onSubmit(event, place) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const press = form.querySelector("button[type=submit]");
  if (press.getAttribute("aria-busy") === "true") return;
  busy(press, true);
  try {
    const device = form.elements.device?.value || undefined;
    const url = form.action || location.href;
    const { next } = await bindNewKey({ url, token: token(form), person: personOf(form), device });
    location.assign(next);
  } catch (error) {
    show(place, wordsOf(error), "error");
    busy(press, false);
  }
}

function messagePlace() {
  const found = form.querySelector(".sign-message");
  if (found) return found;
  const made = document.createElement("div");
  made.setAttribute("role", "status");
  made.hidden = true;
  form.prepend(made);
  return made;
}
