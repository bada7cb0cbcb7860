// What is wrong with one item: photo, phrase, grade. Opens with the camera; every touch is stored.

import { camera, isBusy } from "./sheet_photos.js";
import { drawAfter, drawSheet } from "./sheet_view.js";
import { showPhotos } from "./shots.js";
import { findingOf, owedBy, problem, save, takeBack } from "./walks.js";
import { say } from "./words.js";

const dialog = document.querySelector("[data-sheet]");
const form = dialog.querySelector("form");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const lists = ["photos", "after"];
let at = null; // {draft, item, zone, day, drawn, finding, byHand}

// Shows the sheet; resolves when it is closed. Must be called inside the press: the camera opens with it. `drawn()`
// draws the item: under the open sheet, so that what is pressed next never meets an item of before.
export function openSheet({ draft, item, zone, day, withCamera, drawn }) {
  const isNew = !findingOf(draft, item.pk);
  at = { draft, item, zone, day, drawn, finding: problem(draft, item) };
  drawSheet(dialog, at);
  lists.forEach(show);
  wait();
  drawn();
  dialog.showModal();
  if (withCamera && isNew && !at.finding.photos.length) shoot("photos");
  save(draft).catch(fail);
  return new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
}

function show(list) {
  const { draft, finding } = at;
  const changed = (cids) => ((finding[list] = cids), save(draft));
  return showPhotos(part(`strip-${list}`), draft, finding[list], changed);
}

const wait = () => dialog.setAttribute("aria-busy", String(isBusy(at.finding)));

// Photos set out, were kept, or were not; whoever has left the sheet hears of a fault on the walk's page.
function shoot(list, kind = "camera") {
  const asked = at;
  camera(asked, list, kind, (finding, fault = "") => {
    asked.drawn();
    if (!dialog.open || at.finding !== finding) {
      if (fault) document.querySelector("[data-said]").textContent = fault;
      return;
    }
    part("fault").textContent = fault;
    wait();
    show(list);
  });
}

const fail = () => (document.querySelector("[data-bar=lost]").hidden = false);

form.addEventListener("input", ({ target }) => {
  const { finding, draft } = at;
  if (target.name === "phrase") {
    finding.phrase = target.value;
    // The phrase suggests how bad it is; what a person chose by hand stays.
    if (!at.byHand && !finding.fixed) form.elements.grade.value = finding.grade = target.dataset.grade;
  }
  if (target.name === "grade") {
    finding.grade = target.value;
    at.byHand = true;
  }
  if (target.name === "fixed") finding.fixed = target.checked;
  if (finding.fixed) form.elements.grade.value = finding.grade = "general";
  if (target.name === "note" || target.name === "place") finding[target.name] = target.value;
  if (target.name === "point") finding.point = Number(target.value) || null;
  drawAfter(dialog, finding);
  save(draft).catch(fail);
});

form.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-act]")?.dataset.act;
  if (act === "camera" || act === "album") shoot("photos", act);
  if (act === "after") shoot("after");
  if (act === "drop") takeBack(at.draft, at.item).then(close, fail);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { finding, day, draft } = at;
  const fault = isBusy(finding) ? "walk_photo_busy" : owedBy(finding, day);
  part("fault").textContent = fault ? say(fault) : "";
  if (fault) return part("fault").focus();
  await save(draft).then(close, fail);
});

// Left without words, without a photo: it was a slip of the finger. The item is drawn before the sheet goes.
function left() {
  const { finding, draft, item } = at;
  const isBare = !isBusy(finding) && !finding.photos.length && !finding.phrase && !finding.note.trim();
  if (isBare && draft.findings.includes(finding)) takeBack(draft, item).catch(fail);
  at.drawn();
}
const close = () => dialog.close(left());
dialog.addEventListener("cancel", left);
dialog.addEventListener("close", left); // a browser may leave without asking
