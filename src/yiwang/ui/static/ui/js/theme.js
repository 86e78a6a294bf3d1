// Theme choice without leaving the page; the server reads the same cookie on the next one.
export function startTheme() {
  for (const form of document.querySelectorAll("[data-theme-form]")) {
    mark(form, document.documentElement.dataset.theme);
    form.addEventListener("submit", (event) => {
      const chosen = event.submitter?.value;
      if (!chosen) return;
      event.preventDefault();
      document.documentElement.dataset.theme = chosen;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax${secure}`;
      mark(form, chosen);
      form.closest("details")?.removeAttribute("open");
    });
  }
}

function mark(form, chosen) {
  for (const button of form.querySelectorAll("button")) {
    if (button.value === chosen) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}
