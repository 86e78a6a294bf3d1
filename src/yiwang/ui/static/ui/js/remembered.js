// Compares the public log with what this browser saw before (split-view alarm). Here is only the question whether it is
// due; the comparison itself, with its cryptography, is loaded when it is. Without storage or the built module: nothing.
const KEY = "yiwang.log";
const EVERY = 3 * 60 * 1000;
const AFTER_LOAD = 1500;

export function startRemembered() {
  let memory;
  try {
    memory = JSON.parse(localStorage.getItem(KEY));
  } catch {
    return;
  }
  if (memory?.finding) load();
  else if (Math.abs(Date.now() - (memory?.checked ?? 0)) >= EVERY) setTimeout(load, AFTER_LOAD);
}

async function load() {
  try {
    const { watch } = await import(new URL("../../build/remembered-check.js", import.meta.url));
    await watch();
  } catch (error) {
    console.info("the log was not compared:", error.message);
  }
}
