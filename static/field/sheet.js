// What is wrong with one item: photo, phrase, grade. Opens with the camera; every touch is stored.

import { shoot } from "./camera_input.js";
import { drawAfter, drawSheet } from "./sheet_view.js";
import { addPhotos, faultOf, showPhotos } from "./shots.js";
import { owedBy, problem, save, takeBack } from "./walks.js";
import { say } from "./words.js";

const dialog = document.querySelector("[data-sheet]");
const form = dialog.querySelector("form");
const part = (name) => dialog.querySelector(`[data-${name}]`);
let at = null; // {draft, item, zone, day, finding, close}

// Shows the sheet; resolves when it is closed. Must be called inside the press: the camera opens with it.
export function openSheet({ draft, item, zone, day, withCamera }) {
  const isNew = !draft.findings.some((finding) => finding.item === item.pk);
  at = { draft, item, zone, day, finding: problem(draft, item) };
  drawSheet(dialog, at);
  for (const list of ["photos", "after"]) show(list);
  dialog.showModal();
  if (withCamera && isNew) camera("photos");
  save(draft).catch(fail);
  return new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
}

function show(list) {
  const { draft, finding } = at;
  return showPhotos(part(`strip-${list}`), draft, finding[list], (left) => {
    finding[list] = left;
    return save(draft);
  });
}

function camera(list, kind = "camera") {
  shoot(kind, async (files) => {
    const { draft, finding, day, item, zone } = at;
    const room = day.limits.photos_per_finding - finding[list].length;
    part("fault").textContent = files.length > room ? say("photo_too_many", { n: day.limits.photos_per_finding }) : "";
    const what = list === "after" ? "after" : "finding";
    const place = finding.place || zone.name;
    dialog.setAttribute("aria-busy", "true");
    try {
      await addPhotos(draft, files.slice(0, room), {
        what, place, day, beside: () => finding[list],
        onEach: async (cid) => {
          finding[list] = [...finding[list], cid];
          await save(draft);
        },
      });
    } catch (reason) {
      part("fault").textContent = faultOf(reason);
    }
    dialog.removeAttribute("aria-busy");
    if (at.item === item) await show(list);
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
  if (act === "camera" || act === "album") camera("photos", act);
  if (act === "after") camera("after");
  if (act === "drop") takeBack(at.draft, at.item).then(() => dialog.close());
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { finding, day, draft } = at;
  const fault = dialog.hasAttribute("aria-busy") ? "walk_photo_busy" : owedBy(finding, day);
  part("fault").textContent = fault ? say(fault) : "";
  if (fault) return part("fault").focus();
  await save(draft).then(() => dialog.close(), fail);
});

// Closed without words, without a photo: it was a slip of the finger.
dialog.addEventListener("close", () => {
  const { finding, draft, item } = at;
  const isBare = !finding.photos.length && !finding.phrase && !finding.note.trim();
  if (isBare && draft.findings.includes(finding)) takeBack(draft, item);
});
