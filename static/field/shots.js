// Photos of a draft: taken through the pipeline, stored at once, shown, drawn on, taken away.

import { now, skew } from "./session.js";
import { allOf, put, remove } from "./store.js";
import { PhotoError, take } from "./photo.js";
import { keep } from "./keep.js";
import { strip } from "./strip.js";
import { say } from "./words.js";

// Stores the files as photos of the draft, one after the other; `onEach(cid)` after each. Throws PhotoError.
export async function addPhotos(draft, files, { what, place, day, onEach }) {
  const there = (await allOf("photos", "parent", draft.cid)).length;
  const most = day.limits.photos_per_walk;
  if (there + files.length > most) throw new PhotoError("photo_too_many", { n: most });
  for (const file of files) {
    const about = { school: day.school.name, place, person: day.name, time: await now(), skew: await skew() };
    const row = { cid: crypto.randomUUID(), parent: draft.cid, owner: draft.owner, what, sent: 0 };
    Object.assign(row, await take(file, about));
    await keep([row]);
    await onEach(row.cid);
  }
}

// The thumbnails of these photos in `container`; `changed(cids)` gets what is left after one was taken away.
export async function showPhotos(container, draft, cids, changed) {
  const all = await allOf("photos", "parent", draft.cid);
  const rows = cids.map((cid) => all.find((row) => row.cid === cid)).filter(Boolean);
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
export const faultOf = (reason) =>
  reason instanceof PhotoError ? say(reason.key, reason.values) : say("photo_not_kept");
