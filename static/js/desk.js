// Answering one case after the other with the keys: reasons used before come with the arrows, Ctrl+Enter sends.

const field = document.querySelector("[data-reasons]");
const reasons = [...document.querySelectorAll("[data-reason]")];
let at = -1;

// As a command line does with its history: what was typed by hand is never overwritten.
function step(by) {
  const known = reasons[at]?.textContent ?? "";
  if (field.value && field.value !== known) return false;
  at = Math.max(-1, Math.min(reasons.length - 1, at + by));
  field.value = reasons[at]?.textContent ?? "";
  return true;
}

if (field && reasons.length) {
  field.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && !event.isComposing && step(by)) event.preventDefault();
  });
  for (const [index, each] of reasons.entries()) {
    each.addEventListener("click", () => {
      at = index;
      field.value = each.textContent;
      field.focus();
    });
  }
}

addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("form.form") ?? document.querySelector("main form.form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
