// How far the visitor's clock is from the center's: one module for the hall and for every countdown.
const words = {
  same: { zh: "您的时钟与中心一致", en: "your clock agrees with the center’s" },
  fast: { zh: (n) => `您的时钟快 ${n} 秒，倒计时已按中心时钟校正`, en: (n) => `your clock is ${n} s fast; the countdown follows the center’s` },
  slow: { zh: (n) => `您的时钟慢 ${n} 秒，倒计时已按中心时钟校正`, en: (n) => `your clock is ${n} s slow; the countdown follows the center’s` },
};

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

/** Say it in the page, to the second. */
export function tell(place, off) {
  const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  const seconds = Math.round(off / 1000);
  const said = words[seconds === 0 ? "same" : seconds > 0 ? "slow" : "fast"][lang];
  place.textContent = typeof said === "string" ? said : said(Math.abs(seconds));
  place.classList.toggle("clock-wrong", Math.abs(seconds) > 1);
}
