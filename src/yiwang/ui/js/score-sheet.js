/**
 * The score sheet while it is filled in: totals per bid, scores outside their range marked at once, typed values kept
 * in this tab. The server checks everything again.
 */

import { say } from "./page.js";

const sheet = document.querySelector("form[data-score-sheet]");
if (sheet) start();

function start() {
  const name = `sheet:${sheet.dataset.scoreSheet}`;
  if (!sheet.querySelector("[data-error-summary]")) restore(name);
  sheet.addEventListener("input", () => {
    judge();
    keep(name);
  });
  judge();
}

function judge() {
  for (const row of sheet.querySelectorAll("tr[data-bid]")) {
    let total = 0;
    let complete = true;
    for (const field of row.querySelectorAll("input[data-most]")) {
      const wrong = field.value.trim() !== "" && !inRange(field);
      field.classList.toggle("score-wrong", wrong);
      field.setAttribute("aria-invalid", String(wrong || field.dataset.refused === "yes"));
      if (field.value.trim() === "" || wrong) complete = false;
      else total += Math.round(Number(field.value) * 10000);
    }
    const shown = row.querySelector("[data-total]");
    if (shown) shown.textContent = complete ? String(total / 10000) : say("未评完", "open");
    const rejected = row.querySelector("input[type=radio][value=no]:checked") !== null;
    row.classList.toggle("bid-rejected", rejected);
  }
}

function inRange(field) {
  const places = Number(field.dataset.places);
  const shape = places > 0 ? new RegExp(`^\\d+(\\.\\d{1,${places}})?$`) : /^\d+$/;
  return shape.test(field.value.trim()) && Number(field.value) <= Number(field.dataset.most);
}

function keep(name) {
  const values = [...new FormData(sheet)].filter(([key]) => !["csrfmiddlewaretoken", "request_key"].includes(key));
  try {
    sessionStorage.setItem(name, JSON.stringify(values));
  } catch {
    // No room or not allowed: typed values live in the page alone.
  }
}

function restore(name) {
  let values = [];
  try {
    values = JSON.parse(sessionStorage.getItem(name) ?? "[]");
  } catch {
    return;
  }
  for (const [key, value] of values) {
    const field = sheet.elements[key];
    if (!field) continue;
    if (field instanceof RadioNodeList) {
      for (const each of field) each.checked = each.value === value;
    } else if (!field.value) field.value = value;
  }
}
