// The parts of the snap report's page, and what of them is shown when.

import { levelOf } from "./snap_finding.js";

export const form = document.querySelector("[data-snap]");
export const part = (name) => document.querySelector(`[data-part="${name}"]`);

// A page for writing: the fields as the finding has them, nothing of the report before.
export function ready(finding, isLeft) {
  for (const name of ["place", "note"]) form.elements[name].value = finding[name];
  part("point").textContent = "";
  for (const name of ["outcome", "more"]) part(name).hidden = true;
  part("going").hidden = !isLeft;
  form.hidden = false;
}

export function showLevel(finding) {
  const level = levelOf(finding);
  for (const input of form.elements.level) input.checked = input.value === level;
  part("major").hidden = level !== "major";
  part("after").hidden = level !== "fixed";
}

// Saved: the form goes, what became of it comes.
export function over() {
  form.hidden = part("going").hidden = true;
  part("more").hidden = false;
}
