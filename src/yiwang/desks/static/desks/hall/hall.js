// The opening hall follows by itself. The stream says only that something changed; what changed is fetched from one
// address, without cookies, the same bytes for everybody. On every connection it is fetched anew, so nothing is missed.
import { offset, tell } from "../../ui/js/clock.js";
import { say } from "../../ui/js/countdown.js";
import { startVoice } from "./voice.js";

const POLL = 10_000;
const SPREAD = 1000; // thousands who hear of a change do not ask in the same millisecond

const box = document.querySelector("[data-hall]");
const line = box.querySelector("[data-hall-line]");
const clock = box.querySelector("[data-hall-clock]");
const voice = startVoice(box.querySelector("[data-hall-voice]"));
// Until the clock was asked: the moment at which this page was made, plus the time since.
let off = Date.parse(box.dataset.serverNow) - (performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0));
let busy = false;
let again = false;
let newest = 0;
let connected = false;
let touched = false; // the host has begun to fill in a form of the console
let asked = 0; // the countdown whose end was told to the server already

const serverNow = () => Date.now() + off;

async function refresh(at) {
  if (Number(at) > newest) newest = Number(at);
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    try {
      const url = newest ? `${box.dataset.nowUrl}?at=${newest}` : box.dataset.nowUrl;
      const answer = await fetch(url, { credentials: "omit", cache: newest ? "default" : "no-cache" });
      if (answer.ok) show(await answer.text());
    } catch { /* the stream's own state says that the line is down; the next event or the poll asks again */ }
  } while (again);
  busy = false;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const here = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!here || here.innerHTML === part.innerHTML) continue;
    if ("whole" in box.dataset && !touched) { // what can be done has changed, too
      location.reload();
      return;
    }
    if (part.dataset.part === "changes") merge(here.firstElementChild, part.firstElementChild);
    else replace(here, part);
  }
  tick();
  voice.follow();
}

// What is open stays open, and who was at a link stays there.
function replace(here, part) {
  const reachable = "a, button, summary, [tabindex]";
  const open = [...here.querySelectorAll("details")].map((each) => each.open);
  const place = [...here.querySelectorAll(reachable)].indexOf(document.activeElement);
  here.replaceChildren(...part.childNodes);
  [...here.querySelectorAll("details")].forEach((each, n) => { each.open = open[n] ?? each.open; });
  if (place >= 0) here.querySelectorAll(reachable)[place]?.focus({ preventScroll: true });
}

// Of the list of changes only what is new is put in: a screen reader says that, and not the whole list again.
function merge(list, fresh) {
  const wanted = new Set([...fresh.children].map((each) => each.outerHTML));
  for (const each of [...list.children]) if (!wanted.has(each.outerHTML)) each.remove();
  let at = list.firstElementChild;
  for (const each of [...fresh.children]) {
    if (at?.outerHTML === each.outerHTML) at = at.nextElementSibling;
    else list.insertBefore(each, at);
  }
}

function listen() {
  const stream = new EventSource(box.dataset.live);
  stream.onopen = () => {
    mark(true);
    newest = 0;
    setTimeout(refresh, Math.random() * SPREAD);
  };
  stream.addEventListener("tender", (event) => setTimeout(() => refresh(event.data), Math.random() * SPREAD));
  stream.onerror = () => {
    mark(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000 + Math.random() * 3000);
  };
}

function mark(on) {
  connected = on;
  line.textContent = on ? line.dataset.on : line.dataset.off;
  line.classList.toggle("hall-line-on", on);
  line.classList.toggle("hall-line-off", !on);
}

async function compare() {
  const found = await offset(box.dataset.clockUrl);
  if (found === null) return;
  off = found;
  tell(clock, off);
}

function tick() {
  const timer = document.querySelector("[data-hall-until]");
  if (!timer) return;
  const until = Number(timer.dataset.hallUntil);
  const left = Math.ceil(until - serverNow() / 1000);
  const words = say(left);
  const text = timer.querySelector("[data-left]");
  if (text.textContent !== words) text.textContent = words;
  timer.classList.toggle("countdown-soon", left > 0 && left < 3600);
  if (left <= 0 && asked !== until) { // what depends on the time alone has changed
    asked = until;
    newest = 0;
    setTimeout(refresh, 2500 + Math.random() * SPREAD);
  }
}

addEventListener("input", () => { touched = true; });
setInterval(tick, 1000);
setInterval(() => { if (!connected) { newest = 0; refresh(); } }, POLL);
addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") compare(); });
tick();
compare();
listen();
