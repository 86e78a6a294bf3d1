// Countdowns run from the server's moment in the page, never from the visitor's clock, which may be wrong.
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
    const tick = () => {
      // Some browsers stop performance.now() while asleep; the wall clock's difference covers that.
      const elapsed = Math.max(performance.now(), Date.now() - wallAtStart) - received;
      const left = Math.floor((until - serverNow - elapsed) / 1000);
      text.textContent = say(left);
      box.classList.toggle("countdown-soon", left > 0 && left < 3600);
      box.classList.toggle("countdown-over", left <= 0);
      if (left > 0) setTimeout(tick, left > 86400 ? 60000 : 1000);
    };
    tick();
  }
}

export function say(left) {
  const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  if (left <= 0) return words.up[lang];
  const [d, h, m, s] = [Math.floor(left / 86400), Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60), left % 60];
  if (d) return words.days[lang](d, h);
  return h ? words.hours[lang](h, m) : words.minutes[lang](m, s);
}
