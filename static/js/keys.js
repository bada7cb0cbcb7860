// Keys for those who work at a desk. Never inside a field; they can be switched off (WCAG 2.1.4).

const dialog = document.querySelector("#keys");
const opener = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-on]");
const rows = [...document.querySelectorAll("[data-keyrow]")];
let at = -1;

function walk(step, choosing) {
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  rows[at]?.querySelector("a")?.focus();
  if (choosing) choose(true);
}

function choose(wanted) {
  const box = rows[at]?.querySelector("input[data-row]");
  if (box && box.checked !== wanted) box.click();
}

const acts = {
  j: () => walk(1),
  k: () => walk(-1),
  J: () => walk(1, true),
  K: () => walk(-1, true),
  x: () => choose(!rows[at]?.querySelector("input[data-row]")?.checked),
  "/": () => {
    document.querySelector("details:has(form[role=search])")?.setAttribute("open", "");
    document.querySelector("form[role=search] input")?.focus();
  },
  "?": () => dialog.showModal(),
  // Back to the list, but never away from a form that somebody may be filling in.
  Escape: () => document.querySelector("main form.form") || document.querySelector(".crumbs a")?.click(),
};

if (dialog) {
  toggle.checked = localStorage.getItem("keys") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("keys", toggle.checked ? "on" : "off"));
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  for (const each of document.querySelectorAll("[data-key]")) {
    const line = document.createElement("li");
    const key = document.createElement("kbd");
    key.textContent = each.dataset.key;
    line.append(key, ` ${each.textContent.replace(each.dataset.key, "").trim()}`);
    dialog.querySelector("[data-keys-here]").append(line);
  }
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !toggle?.checked) return;
  const box = event.target.matches("input[data-row]");
  if ((event.target.matches("input, select, textarea") && !box) || document.querySelector("dialog[open]")) return;
  const act = acts[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else {
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  }
});
