/**
 * What page modules share: words in the page's language, messages, files to save, forms sent in the background.
 */

import { Problem } from "./problem.js";

/** The sentence in the page's language. */
export function say(zh, en) {
  return document.documentElement.lang.startsWith("en") ? en : zh;
}

/**
 * Show a message in an element with role alert or status.
 * @param {HTMLElement} place
 * @param {string} words empty hides it
 * @param {"error" | "info" | "success"} kind
 * @param {(Node | string)[]} more what follows the words: links, buttons
 */
export function show(place, words, kind = "info", more = []) {
  place.hidden = !words;
  place.classList.add("notice");
  for (const each of ["error", "info", "success"]) place.classList.toggle(`notice-${each}`, each === kind);
  const body = document.createElement("div");
  body.className = "notice-body";
  const line = document.createElement("p");
  line.textContent = words;
  body.append(line, ...more);
  place.replaceChildren(body);
}

/** Words for whatever was thrown: a Problem says it itself, anything else is a fault of the program or the network. */
export function wordsOf(error) {
  if (error instanceof Problem) return error.message;
  console.error(error);
  return say(`没有完成：${error.message}`, `It did not work: ${error.message}`);
}

/** A button that does something; errors are shown in `place`. */
export function button(words, act, { place, look = "button-second" } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button-small ${look}`;
  made.textContent = words;
  made.addEventListener("click", () => guarded(made, place, act));
  return made;
}

/** Run an act of a button once at a time; what goes wrong is shown in `place`. */
export async function guarded(control, place, act) {
  if (control.getAttribute("aria-busy") === "true") return;
  busy(control, true);
  try {
    await act();
  } catch (error) {
    if (place) show(place, wordsOf(error), "error");
    else throw error;
  } finally {
    busy(control, false);
  }
}

/** Mark a button as working, without taking the focus from it. */
export function busy(control, on) {
  control.setAttribute("aria-busy", String(on));
  control.setAttribute("aria-disabled", String(on));
  control.classList.toggle("button-busy", on);
}

/** A link that leads on. */
export function link(words, href) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = words;
  return made;
}

/** Let the user save bytes as a file. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const made = link("", url);
  made.download = name;
  made.click();
  // The browser needs the address until it has begun to write the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name that is safe as a file's name. */
export function fileName(text) {
  return String(text).replace(/[^\w.-]+/g, "-");
}

/** The anti-forgery token of the page's forms. */
export function token(form) {
  return form.querySelector("input[name=csrfmiddlewaretoken]").value;
}

/**
 * Post fields as a form does; give the address that it led to.
 * @throws {Problem} with the sentences of the page that refused
 */
export async function post(url, fields) {
  const body = new URLSearchParams(fields);
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", redirect: "follow" });
  if (!answer.ok) throw refusal(answer.status, await answer.text());
  return answer.url;
}

/** The Problem that a page with errors tells. */
export function refusal(status, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const told = page.querySelectorAll("[data-error-summary] li, .why-not li, main li");
  const words = [...told].map((item) => item.textContent.trim().replace(/\s+/g, " ")).filter(Boolean);
  const plain = words.slice(0, 5).join(say("；", "; "));
  return new Problem(plain || `服务器没有接受（${status}）`, plain || `the server did not accept it (${status})`);
}

/** The id of the person who is signed in, under which keys are kept in this browser. */
export function personOf(element) {
  const holder = element?.closest("[data-person]") ?? document.querySelector("[data-person]");
  const person = holder?.dataset.person ?? "";
  if (!person) throw new Problem("页面没有说明登录人，请重新登录", "the page does not say who is signed in; sign in again");
  return person;
}
