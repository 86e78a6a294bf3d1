/**
 * The one file that checks without a network: the form, and a choice of language.
 */

import { mount } from "./check-form.js";

const root = document.querySelector("[data-check]");
const html = document.documentElement;
const buttons = [...document.querySelectorAll("[data-lang]")];
html.lang = navigator.language.startsWith("zh") ? "zh-Hans" : "en";
const draw = mount(root);

function mark() {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.lang === html.lang));
  document.title = html.lang === "en" ? document.body.dataset.en : document.body.dataset.zh;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    html.lang = button.dataset.lang;
    mark();
    draw();
  });
}
mark();
