// The lines of the last look at a walk.

import { clone, fill } from "./draw.js";
import { wordsOf } from "./walk_view.js";
import { say } from "./words.js";

// One item that is not answered, as a link that leads to it.
export function missingLine(item, dialog) {
  const line = fill(clone("missing"), { text: item.text });
  const link = line.querySelector("a");
  link.href = `#i${item.pk}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
    const node = document.getElementById(`i${item.pk}`);
    node.scrollIntoView({ block: "center" });
    node.querySelector("[data-say]").focus({ preventScroll: true });
  });
  return line;
}

// One problem that was found, with its grade.
export function foundLine(finding, items) {
  const item = items.find(({ pk }) => pk === finding.item);
  const grade = finding.fixed ? "walk_fixed" : finding.grade === "major" ? "walk_major" : "walk_general";
  return fill(clone("found"), { words: wordsOf(finding) || say("walk_unfinished"), item: item.text, grade: say(grade) });
}
