// How far the visitor's clock is from the center's: one module for the hall and for every countdown.
const words = {
  same: { zh: "您的时钟与中心一致", en: "your clock agrees with the center’s" },
  fast: { zh: (n) => `您的时钟快 ${n}，倒计时已按中心时钟校正`, en: (n) => `your clock is ${n} fast; the countdown follows the center’s` },
  slow: { zh: (n) => `您的时钟慢 ${n}，倒计时已按中心时钟校正`, en: (n) => `your clock is ${n} slow; the countdown follows the center’s` },
};
const units = [[86400, "天", "days"], [3600, "小时", "hours"], [60, "分钟", "minutes"], [1, "秒", "s"]];

/** "34 s", or in the largest unit of which there are at least three: nobody reads nineteen million seconds. */
export function howLong(seconds, lang) {
  const [size, zh, en] = units.find(([each]) => seconds >= 3 * each) ?? units.at(-1);
  return `${Math.round(seconds / size)} ${lang === "en" ? en : zh}`;
}

/**
 * Milliseconds to add to the visitor's clock: from the quickest of a few answers, which nobody's identity goes with.
 * @param {string} url the center's time, {"now": milliseconds}, the same for everybody
 * @returns {Promise<number | null>} null when the center did not answer
 */
export async function offset(url, times = 3) {
  let [best, off] = [Infinity, null];
  for (let n = 0; n < times; n += 1) {
    try {
      const sent = performance.now();
      const answer = await fetch(url, { credentials: "omit", cache: "no-store" });
      const { now } = await answer.json();
      const took = performance.now() - sent;
      if (Number.isFinite(now) && took < best) [best, off] = [took, now + took / 2 - Date.now()];
    } catch { return off; }
  }
  return off;
}

/** Say it in the page. */
export function tell(place, off) {
  const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  const seconds = Math.round(off / 1000);
  const said = words[seconds === 0 ? "same" : seconds > 0 ? "slow" : "fast"][lang];
  place.textContent = typeof said === "string" ? said : said(howLong(Math.abs(seconds), lang));
  place.classList.toggle("clock-wrong", Math.abs(seconds) > 1);
}
