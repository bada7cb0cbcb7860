// The screen of the walk: one press an answer, one press for the rest of a zone, stored as it goes.

import { shoot } from "./camera_input.js";
import { discard } from "./discard.js";
import { review } from "./review.js";
import { watchSeen } from "./seen.js";
import { addPhotos, faultOf, inTurn } from "./shots.js";
import { openSheet } from "./sheet.js";
import { refresh, whose } from "./whose.js";
import { drawItem, drawProgress, drawZone, zoneNode } from "./walk_view.js";
import { begin, zonesOf } from "./walk_begin.js";
import { answer, answerRest, undoRest } from "./walks.js";

const list = document.querySelector("[data-walk]");
const find = (selector) => document.querySelector(selector);
let at = null; // {draft, day, zones, items}

function draw(zone) {
  for (const item of zone.items) drawItem(at.draft, item);
  drawZone(at.draft, zone);
  drawProgress(at.draft, at.items);
}
const drawAll = () => at.zones.forEach(draw);

// A phone that does not keep what it is told must say so while the person still stands there.
const stored = (work) => work.catch(() => (find("[data-bar=lost]").hidden = false));

function spotOf(target) {
  const zone = at.zones.find(({ kind }) => kind === target.closest(".zone")?.dataset.kind);
  const pk = Number(target.closest(".item")?.dataset.item);
  return { zone, item: zone?.items.find((item) => item.pk === pk) };
}

list.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { zone, item } = spotOf(button);
  const { say: value, rest, undo, edit } = button.dataset;
  if (value === "p" || edit !== undefined) sheet(zone, item, value === "p");
  else if (value === "n" && at.draft.must.includes(item.pk)) photograph(zone, item);
  else if (value) press(zone, answer(at.draft, item, value), button);
  else if (rest !== undefined && button.getAttribute("aria-disabled") !== "true") coverRest(zone);
  else if (undo !== undefined) press(zone, undoRest(at.draft, zone));
});

function press(zone, work, button) {
  stored(work);
  button?.closest("details")?.removeAttribute("open");
  draw(zone);
}

function coverRest(zone) {
  navigator.vibrate?.(10);
  press(zone, answerRest(at.draft, zone));
  // The next zone comes up by itself: no scrolling on a whole walk.
  const next = document.getElementById(`z-${zone.kind}`).nextElementSibling ?? find("[data-bar-walk]");
  next.scrollIntoView({ block: "start" });
}

async function sheet(zone, item, withCamera) {
  await openSheet({ draft: at.draft, item, zone, day: at.day, withCamera, drawn: () => draw(zone) });
  document.querySelector(`#i${item.pk} [data-say=p]`).focus({ preventScroll: true });
}

// An item drawn for a photo is fine once its photo is there.
function photograph(zone, item) {
  shoot("camera", async (files) => {
    const onEach = (cid) => {
      at.draft.photosOf[item.pk] = [...(at.draft.photosOf[item.pk] ?? []), cid];
      return answer(at.draft, item, "n");
    };
    const about = { what: "item", place: zone.name, day: at.day, onEach };
    const fault = await inTurn(() => addPhotos(at.draft, files, about).then(() => "", faultOf));
    document.querySelector("[data-said]").textContent = fault;
    draw(zone);
  });
}

async function open() {
  let begun = await begin();
  if (!begun && (await whose())?.user && (await refresh().catch(() => null))) begun = await begin();
  find("[data-none]").hidden = Boolean(begun);
  find("[data-under-way]").hidden = !begun;
  if (!begun) return;
  const zones = zonesOf(begun.draft, begun.day);
  at = { ...begun, zones, items: zones.flatMap((zone) => zone.items) };
  document.body.dataset.busy = "";
  list.replaceChildren(...zones.map(zoneNode));
  drawAll();
  watchSeen(list.children, (zone) => zone.querySelector("[data-rest]").removeAttribute("aria-disabled"));
  import("./arrive.js").then(({ arrive }) => arrive(at)); // labels and check-ins: none of it holds up the walk
}

const burst = () => import("./burst.js").then(({ openBurst }) => openBurst(at.draft, at.day)).then(drawAll);
find("[data-burst]").addEventListener("click", burst);
find("[data-submit]").addEventListener("click", () => review(at));
find("[data-discard]").addEventListener("click", () => discard(at));
await open();
