// Menus are <details>; this closes them with Escape or a press elsewhere, and folds long lists on narrow screens.
export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const seal of document.querySelectorAll("details.seal-mark")) {
    seal.addEventListener("toggle", () => {
      const body = seal.querySelector(".seal-body");
      body.classList.remove("seal-body-left");
      // Opens to the left where it would otherwise leave the window.
      if (seal.open && body.getBoundingClientRect().right > document.documentElement.clientWidth) body.classList.add("seal-body-left");
    });
  }
  for (const list of document.querySelectorAll("details[data-collapse-below]")) {
    const wide = matchMedia(`(min-width: ${list.dataset.collapseBelow}px)`);
    const fit = () => { list.open = wide.matches; };
    fit();
    wide.addEventListener("change", fit);
  }
}

function openMenus() {
  return document.querySelectorAll("details[data-menu][open], details.seal-mark[open]");
}
