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

// Show what was chosen before it is sent.
for (const input of document.querySelectorAll("input[type=file][data-photos]")) {
  const strip = document.createElement("div");
  strip.className = "photos";
  input.after(strip);
  input.addEventListener("change", () => {
    strip.replaceChildren();
    for (const file of input.files) {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      strip.append(image);
    }
  });
}

// Select all rows of a page; shift extends.
let last = null;
for (const box of document.querySelectorAll("input[data-row]")) {
  box.addEventListener("click", (event) => {
    const boxes = [...document.querySelectorAll("input[data-row]")];
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
  });
}
document.querySelector("input[data-all]")?.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll("input[data-row]")) box.checked = event.target.checked;
});

// Keys for those who work at a desk: j and k walk the rows, Enter opens, / searches. Never inside a field.
const rows = [...document.querySelectorAll("[data-keyrow]")];
let at = -1;
addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea, button") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") {
    at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
    rows[at]?.querySelector("a")?.focus();
  } else if (event.key === "/") {
    const search = document.querySelector("form[role=search] input");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else {
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  }
});
