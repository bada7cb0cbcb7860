// Draws what is wrong with one item. Reads the finding, changes nothing.

import { clone, fill } from "./draw.js";
import { say } from "./words.js";

export function drawSheet(dialog, { item, zone, day, finding }) {
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const { elements } = dialog.querySelector("form");
  fill(dialog, { item: item.text, zone: zone.name });
  part("fault").textContent = "";
  const chips = item.phrases.map((phrase) => {
    const chip = fill(clone("phrase"), { text: phrase.text });
    Object.assign(chip.querySelector("input"), { value: phrase.text, checked: phrase.text === finding.phrase });
    chip.querySelector("input").dataset.grade = phrase.grade;
    return chip;
  });
  part("phrases").replaceChildren(...chips);
  part("phrase-field").hidden = !chips.length;
  const points = day.points.filter((point) => point.zone === zone.kind);
  const none = new Option(say("walk_no_point"), "");
  elements.point.replaceChildren(none, ...points.map((point) => new Option(point.name, point.pk)));
  for (const name of ["note", "place"]) elements[name].value = finding[name];
  elements.point.value = finding.point ?? "";
  elements.grade.value = finding.grade;
  elements.fixed.checked = finding.fixed;
  part("album").hidden = !day.switches.album;
  part("more").open = Boolean(finding.note || finding.place || finding.point) || !chips.length;
  drawAfter(dialog, finding);
}

// "Fixed on the spot" asks for the photo of after, and is never said of what may be major.
export function drawAfter(dialog, { fixed }) {
  dialog.querySelector("[data-after]").hidden = !fixed;
  for (const radio of dialog.querySelector("form").elements.grade) radio.disabled = fixed && radio.value === "major";
}
