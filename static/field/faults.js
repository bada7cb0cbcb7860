// What a form still lacks: a list on top whose lines lead to the fields, and the same words beside each field.

import { say } from "./words.js";

const title = document.title;

// `lines` is [[field, words]]; a field is a [data-field=name] of `form`. Returns whether there is nothing to say.
export function faults(form, lines) {
  for (const field of form.querySelectorAll("[data-field]")) mend(field);
  const summary = form.querySelector("[data-faults]");
  const rows = lines.map(([name, words]) => line(form.querySelector(`[data-field="${name}"]`), words));
  summary.querySelector("ul").replaceChildren(...rows);
  summary.hidden = !lines.length;
  document.title = lines.length ? say("faults_title", { title }) : title;
  if (lines.length) summary.focus();
  return !lines.length;
}

const spotOf = (field) => field.querySelector("[data-error]");
const inputOf = (field) => field.querySelector("[data-focus], input, textarea, button");

function mend(field) {
  field.classList.remove("field-bad");
  spotOf(field).textContent = "";
  inputOf(field)?.removeAttribute("aria-invalid");
}

function line(field, words) {
  field.classList.add("field-bad");
  spotOf(field).textContent = words;
  const link = document.createElement("a");
  const item = document.createElement("li");
  link.href = `#${field.id}`;
  link.textContent = words;
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the address of the page names a draft
    const input = inputOf(field);
    input.setAttribute("aria-invalid", "true");
    input.focus();
    field.scrollIntoView({ block: "center" });
  });
  item.append(link);
  return item;
}
