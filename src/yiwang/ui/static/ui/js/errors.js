// A page that comes back with errors starts at their summary, and says so in its title.
export function startErrors() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  document.title = `${document.documentElement.lang.startsWith("en") ? "Error: " : "错误："}${document.title}`;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const field = document.getElementById(event.target.closest?.("a")?.hash.slice(1) ?? "");
    if (!field) return;
    event.preventDefault();
    field.closest(".field")?.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
