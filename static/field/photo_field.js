// The photos of a form: taken or chosen, made small, kept with the draft, marked up, taken away and brought back.

import { save } from "./jot.js";
import { keep } from "./keep.js";
import { PhotoError, photoOf } from "./photo.js";
import { put, remove } from "./store.js";
import { faultOf, rowsOf } from "./shots.js";
import { strip } from "./strip.js";
import { say } from "./words.js";

// What of the day's data a photo needs to know.
export const aboutPhotos = ({ limits, school, name, switches }) => ({
  most: limits.photos_per_finding, school: school.name, person: name, album: switches.album,
});

// `box` is a [data-shots] of the page. `form()` gives aboutPhotos and {draft, list, place}: `list` are the cids in the
// draft. `what` the photos show goes into their rows. Files that come before `ready()` wait for it.
// Returns {show, add, idle, forget}.
export function photoField(box, { what, form, ready }) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  let gone = null;
  let busy = Promise.resolve();

  const tell = (key, values) => (part("said").textContent = key ? say(key, values) : "");
  const fail = (reason) => (part("said").textContent = faultOf(reason));
  async function show() {
    const facts = form();
    strip(part("strip"), facts ? await rowsOf(facts.draft, facts.list) : [], { onRetouch: mark, onRemove: drop });
    part("undo").hidden = !gone;
    part("album").disabled = facts?.album === false; // the bureau may want photos from the spot only
  }
  async function one(file) {
    const { draft, list, most, ...words } = form();
    if (list.length >= most) throw new PhotoError("photo_too_many", { n: most });
    await save(draft); // the words first: they fit when photos do not
    const row = await photoOf(draft, what, file, words);
    await keep([...(await rowsOf(draft, list)), row]);
    list.push(row.cid);
    await save(draft);
  }
  async function each(files) {
    let fault = null;
    for (const file of files) {
      tell("shots_keeping");
      await one(file).catch((reason) => (fault = reason));
      await show();
    }
    if (fault) fail(fault);
    else tell("shots_kept", { n: form().list.length });
  }
  // One after the other, also when the next are taken before the last are kept.
  const add = (files) => (busy = Promise.all([busy, ready?.()]).then(() => each(files)));
  async function mark(row) {
    const { retouch } = await import("./retouch.js");
    try {
      const made = await retouch(row);
      if (made) await put("photos", made);
    } catch (reason) {
      fail(reason);
    }
    await show();
  }
  async function drop(row) {
    const { draft, list } = form();
    gone = { row, at: list.indexOf(row.cid) };
    list.splice(gone.at, 1);
    await save(draft);
    await remove("photos", row.cid);
    await show();
    tell("shots_gone");
    part("undo").focus();
  }
  async function back() {
    const { draft, list } = form();
    await put("photos", gone.row);
    list.splice(gone.at, 0, gone.row.cid);
    gone = null;
    await save(draft);
    await show();
    tell("shots_back");
  }
  const forget = () => tell((gone = null));
  for (const input of box.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // the same photo may be chosen again
      add(files);
    });
  }
  part("undo").addEventListener("click", () => back().catch(fail));
  return { show, add, idle: () => busy, forget };
}
