// What burst mode draws: photos to choose, and the items of the walk as places to press, by zone.

import { clone, fill } from "./draw.js";
import { findingOf } from "./loose.js";
import { nameOf, thumb } from "./strip.js";
import { say } from "./words.js";

// Draws into `box`; `give(item, isProblem)` when one is pressed. Returns {show(draft)}.
export function targets(box, day, give) {
  const lines = new Map();
  function build(draft) {
    const asked = new Set(draft.items);
    const zones = new Map(day.zones.map((zone) => [zone.kind, zone.name]));
    const drawn = new Map();
    for (const item of day.template.items.filter((each) => asked.has(each.pk))) {
      if (!drawn.has(item.zone)) drawn.set(item.zone, zoneOf(zones.get(item.zone) ?? item.zone));
      const line = lineOf(item, give);
      lines.set(item, line);
      drawn.get(item.zone).querySelector("ul").append(line);
    }
    const order = [...zones.keys(), ...drawn.keys()].filter((kind, n, all) => drawn.has(kind) && all.indexOf(kind) === n);
    box.replaceChildren(...order.map((kind) => drawn.get(kind)));
    if (order.length) drawn.get(order[0]).open = true;
  }
  function show(draft) {
    if (!lines.size) build(draft);
    for (const [item, line] of lines) {
      const finding = findingOf(draft, item);
      const photos = (draft.photosOf?.[item.pk]?.length ?? 0) + (finding?.photos.length ?? 0);
      fill(line, { said: photos ? say("burst_has", { n: photos }) : "" });
      const said = draft.answers?.[item.pk]?.[0];
      line.querySelector("[data-normal]").hidden = Boolean(finding); // a problem is taken back in the walk, not here
      line.querySelector("[data-normal]").setAttribute("aria-pressed", said === "n");
      line.querySelector("[data-problem]").setAttribute("aria-pressed", said === "p");
    }
  }
  return { show };
}

const zoneOf = (name) => fill(clone("burst-zone"), { name });

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
