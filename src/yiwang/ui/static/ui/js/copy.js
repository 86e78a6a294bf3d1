// Copy buttons appear only where the browser can copy.
export function startCopy() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const word = button.querySelector("[data-copy-word]");
      const before = word.textContent;
      await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy-source]").textContent);
      word.textContent = button.dataset.done;
      word.setAttribute("role", "status");
      setTimeout(() => { word.textContent = before; }, 2000);
    });
  }
}
