// What burst mode draws: photos to choose, and the items of the walk as places to press, by zone.

import { clone, fill } from "./draw.js";
import { nameOf, thumb } from "./strip.js";
import { zonesOf } from "./walk_begin.js";
import { findingOf, said } from "./walks.js";
import { say } from "./words.js";

// Draws into `box`; `give(item, isProblem)` when one is pressed. Returns {show(draft)}.
export function targets(box, day, give) {
  const lines = new Map();
  function build(draft) {
    const zones = zonesOf(draft, day).map((zone) => {
      const node = fill(clone("burst-zone"), { name: zone.name });
      for (const item of zone.items) lines.set(item, lineOf(item, give));
      node.querySelector("[data-lines]").append(...zone.items.map((item) => lines.get(item)));
      return node;
    });
    if (zones.length) zones[0].open = true;
    box.replaceChildren(...zones);
  }
  function show(draft) {
    if (!lines.size) build(draft);
    for (const [item, line] of lines) {
      const finding = findingOf(draft, item.pk);
      const photos = (draft.photosOf[item.pk]?.length ?? 0) + (finding?.photos.length ?? 0);
      fill(line, { said: photos ? say("burst_has", { n: photos }) : "" });
      const answer = said(draft, item.pk)[0];
      line.querySelector("[data-normal]").hidden = Boolean(finding); // a problem is taken back in the walk, not here
      line.querySelector("[data-normal]").setAttribute("aria-pressed", answer === "n");
      line.querySelector("[data-problem]").setAttribute("aria-pressed", answer === "p");
    }
  }
  return { show };
}

function lineOf(item, give) {
  const line = clone("burst-item");
  fill(line, { text: item.text });
  line.setAttribute("aria-label", item.text);
  line.querySelector("[data-normal]").addEventListener("click", () => give(item, false));
  line.querySelector("[data-problem]").addEventListener("click", () => give(item, true));
  return line;
}

// One loose photo with its box, drawn once: it stays chosen while others arrive. `shots` holds those drawn, by cid.
export function shot(row, at, shots) {
  const node = shots.get(row.cid) ?? clone("burst-photo");
  const image = node.querySelector("img");
  if (!shots.has(row.cid)) thumb(image, row);
  shots.set(row.cid, node);
  image.alt = nameOf(row, at + 1);
  return node;
}
