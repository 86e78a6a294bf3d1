// Reads the list of bids aloud, when the visitor asks for it. What is read stands as text on the page, too.
export function startVoice(button) {
  const quiet = { follow() {} };
  if (!button || !("speechSynthesis" in window)) return quiet;
  const english = document.documentElement.lang.startsWith("en");
  let on = false;
  let done = 0;
  button.hidden = false;

  function read() {
    const lines = [...document.querySelectorAll("[data-say]")];
    if (lines.length < done) { // the host has begun to read: follow from the first
      speechSynthesis.cancel();
      done = 0;
    }
    for (const each of lines.slice(done)) {
      const words = new SpeechSynthesisUtterance(each.textContent);
      words.lang = english ? "en-GB" : "zh-CN";
      const fits = speechSynthesis.getVoices().find((one) => one.lang.replace("_", "-").startsWith(english ? "en" : "zh"));
      if (fits) words.voice = fits;
      words.rate = 0.95;
      speechSynthesis.speak(words);
    }
    done = lines.length;
  }

  button.addEventListener("click", () => {
    on = !on;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.stop : button.dataset.start;
    speechSynthesis.cancel();
    done = 0;
    if (on) read();
  });
  return {
    follow() {
      if (on) read();
    },
  };
}
