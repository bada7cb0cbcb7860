// Draws the zones and items of a walk. Reads the draft, changes nothing.

import { clone, fill } from "./draw.js";
import { findingOf, isWhole, mergedOf, missingOf, restOf, said } from "./walks.js";
import { say } from "./words.js";

const part = (node, name) => node.querySelector(`[data-${name}]`);

export function zoneNode(zone) {
  const node = clone("zone");
  node.id = `z-${zone.kind}`;
  node.dataset.kind = zone.kind;
  node.querySelector("h2").id = `n-${zone.kind}`;
  node.setAttribute("aria-labelledby", `n-${zone.kind}`);
  fill(node, { name: zone.name });
  part(node, "items").append(...zone.items.map(itemNode));
  return node;
}

function itemNode(item) {
  const node = clone("item");
  node.id = `i${item.pk}`;
  node.dataset.item = item.pk;
  node.setAttribute("aria-label", item.text);
  fill(node, { text: item.text });
  return node;
}

export function drawItem(draft, item) {
  const node = document.getElementById(`i${item.pk}`);
  const answer = said(draft, item.pk);
  const isDrawn = draft.must.includes(item.pk);
  for (const button of node.querySelectorAll("[data-say]"))
    button.setAttribute("aria-pressed", String(button.dataset.say === answer[0]));
  part(node, "drawn").hidden = !isDrawn;
  fill(node, { normal: say(isDrawn && answer !== "nf" ? "walk_photograph" : "walk_normal") });
  const finding = findingOf(draft, item.pk);
  part(node, "edit").hidden = !finding;
  if (finding) fill(node, { finding: isWhole(finding) ? wordsOf(finding) : say("walk_unfinished") });
  part(node, "skipped").hidden = answer[0] !== "x";
}

export const wordsOf = (finding) => finding.phrase || finding.note.slice(0, 60);

// The head's count and the foot: how many one press would cover, or the way back from it.
export function drawZone(draft, zone) {
  const node = document.getElementById(`z-${zone.kind}`);
  const [rest, merged] = [restOf(draft, zone).length, mergedOf(draft, zone).length];
  const done = zone.items.length - missingOf(draft, zone.items).length;
  fill(node, { count: `${done}/${zone.items.length}` });
  const button = part(node, "rest");
  button.hidden = !rest;
  fill(node, { rest: say("walk_rest", { n: rest }) });
  part(node, "undo").hidden = !merged;
  node.querySelector("footer").hidden = !rest && !merged;
  node.toggleAttribute("data-rest-left", rest > 0);
}

export function drawProgress(draft, items) {
  const done = items.length - missingOf(draft, items).length;
  const values = { done, all: items.length, n: draft.findings.length };
  fill(document.querySelector("[data-bar-walk]"), { progress: say("walk_progress", values) });
  Object.assign(document.querySelector("[data-progress]"), { max: items.length, value: done });
  document.title = `${say("walk_title")} ${done}/${items.length}`;
}
