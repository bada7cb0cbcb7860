// Photos of a draft: taken through the pipeline, stored at once, shown, drawn on, taken away.

import { allOf, put, remove } from "./store.js";
import { PhotoError, photoOf } from "./photo.js";
import { isFull, keep } from "./keep.js";
import { strip } from "./strip.js";
import { say } from "./words.js";

let last = Promise.resolve();
// One lot of photos after the other: what is counted before a lot is there when the next one is counted.
export const inTurn = (work) => (last = last.then(work, work));
// Until no photo is on its way into a draft any more.
export const idle = () => last.catch(() => {});

// The rows of these photos, those that are (still) here.
export async function rowsOf(draft, cids) {
  const all = await allOf("photos", "parent", draft.cid);
  return cids.map((cid) => all.find((row) => row.cid === cid)).filter(Boolean);
}

// Stores the files as photos of the draft, one after the other; `onEach(cid)` after each. `beside()` are the photos
// already there of the same thing: on a full phone they shrink together. Throws PhotoError.
export async function addPhotos(draft, files, { what, place, day, beside = () => [], onEach }) {
  const there = (await allOf("photos", "parent", draft.cid)).length;
  const most = day.limits.photos_per_walk;
  if (there + files.length > most) throw new PhotoError("photo_too_many", { n: most });
  for (const file of files) {
    const row = await photoOf(draft, what, file, { school: day.school.name, place, person: day.name });
    await keep([...(await rowsOf(draft, beside())), row]);
    await onEach(row.cid);
  }
}

// The thumbnails of these photos in `container`; `changed(cids)` gets what is left after one was taken away.
export async function showPhotos(container, draft, cids, changed) {
  const rows = await rowsOf(draft, cids);
  const again = (left) => showPhotos(container, draft, left, changed);
  strip(container, rows, {
    onRemove: async (row) => {
      const left = cids.filter((cid) => cid !== row.cid);
      await changed(left);
      await remove("photos", row.cid);
      await again(left);
    },
    onRetouch: async (row) => {
      const { retouch } = await import("./retouch.js");
      const made = await retouch(row);
      if (made) await put("photos", made);
      await again(cids);
    },
  });
}

// The sentence for what went wrong with a photo.
export function faultOf(reason) {
  if (reason instanceof PhotoError) return say(reason.key, reason.values);
  return say(isFull(reason) ? "photo_no_space" : "photo_not_kept", { mb: 10 });
}
