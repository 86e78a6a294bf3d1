// Countdowns run by the center's clock, never by the visitor's, which may be wrong: at first from the moment in the page,
// then, once the center was asked, by how far the visitor's clock is off; and they say by how much.
import { offset, tell } from "./clock.js";

const AGAIN = 10 * 60_000; // clocks drift, and laptops sleep
const words = {
  up: { zh: "时间已到", en: "time is up" },
  days: { zh: (d, h) => `还剩 ${d} 天 ${h} 小时`, en: (d, h) => `${d} d ${h} h left` },
  hours: { zh: (h, m) => `还剩 ${h} 小时 ${m} 分`, en: (h, m) => `${h} h ${m} min left` },
  minutes: { zh: (m, s) => `还剩 ${m} 分 ${s} 秒`, en: (m, s) => `${m} min ${s} s left` },
};

export function startCountdowns() {
  const received = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  const wallAtStart = Date.now() - performance.now();
  for (const box of document.querySelectorAll(".countdown[data-until]")) {
    const until = Date.parse(box.dataset.until);
    const serverNow = Date.parse(box.dataset.now);
    const text = box.querySelector("[data-left]");
    let next;
    const tick = () => {
      // Some browsers stop performance.now() while asleep; the wall clock's difference covers that.
      const elapsed = Math.max(performance.now(), Date.now() - wallAtStart) - received;
      const now = off === null ? serverNow + elapsed : Date.now() + off;
      const left = Math.floor((until - now) / 1000);
      text.textContent = say(left);
      box.classList.toggle("countdown-soon", left > 0 && left < 3600);
      box.classList.toggle("countdown-over", left <= 0);
      clearTimeout(next);
      if (left > 0) next = setTimeout(tick, left > 86400 ? 60000 : 1000);
    };
    tick();
    ticks.push(tick);
  }
  if (ticks.length) ask();
}

let off = null;
const ticks = [];

/** Ask the center for its time, and again now and then; one question for all countdowns of a page. */
async function ask() {
  const places = [...document.querySelectorAll(".countdown [data-clock]")];
  const url = places[0]?.dataset.clock;
  if (!url) return;
  const compare = async () => {
    const found = await offset(url);
    if (found === null) return;
    off = found;
    for (const place of places) tell(place, off);
    for (const tick of ticks) tick();
  };
  await compare();
  setInterval(compare, AGAIN);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") compare(); });
}

export function say(left) {
  const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  if (left <= 0) return words.up[lang];
  const [d, h, m, s] = [Math.floor(left / 86400), Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60), left % 60];
  if (d) return words.days[lang](d, h);
  return h ? words.hours[lang](h, m) : words.minutes[lang](m, s);
}
