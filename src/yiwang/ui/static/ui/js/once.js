// A second press on a submit button does nothing while the first is under way. The server is idempotent besides.
export function startOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      // Disabled only after the browser has taken the form's data, or the button's own value would be lost.
      setTimeout(() => setButtons(form, true));
    });
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      setButtons(form, false);
    }
  });
}

function setButtons(form, off) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = off;
    button.classList.toggle("button-busy", off);
    button.setAttribute("aria-busy", String(off));
  }
}
