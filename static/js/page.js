// Small helps on every page: none of it is needed to use the page.

// A failed form: bring the person to the list of errors.
document.querySelector("[data-error-summary]")?.focus();

// One press, one submission.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  });
}
// Back from the browser's cache: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
  }
});

// A choice in a filter filters at once.
for (const form of document.querySelectorAll("form[data-filters]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=date], input[type=checkbox]")) form.requestSubmit();
  });
}

// Type size and light change at once, without a new page: what was typed stays.
for (const form of document.querySelectorAll("form[data-look]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.dataset.other === undefined) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
    document.documentElement.dataset[button.name] = button.value;
    [button.value, button.dataset.other] = [button.dataset.other, button.value];
    for (const words of button.querySelectorAll("span")) words.hidden = !words.hidden;
  });
}

// A browser that holds the field client's database signs out on the page that looks after it.
for (const form of document.querySelectorAll("form[data-out]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const held = await globalThis.indexedDB?.databases?.().catch(() => []);
    if (!held || held.some(({ name }) => name === "schoolsafety")) location.assign(form.dataset.out);
    else form.submit();
  });
}

// Choose all rows of a page; shift extends; say how many.
const rows = [...document.querySelectorAll("input[data-row]")];
let last = null;
for (const box of rows) {
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
      for (const each of rows.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
  });
}
document.querySelector("input[data-all]")?.addEventListener("click", (event) => {
  for (const box of rows) box.checked = event.target.checked;
});
const chosen = document.querySelector("[data-chosen]");
const count = () => {
  const n = rows.filter((box) => box.checked).length;
  chosen.hidden = !n;
  chosen.querySelector("b").textContent = n;
};
if (chosen) {
  addEventListener("click", count);
  addEventListener("pageshow", count);
}
