// Photos taken first and given to their items later: what becomes of the rows and of the walk's draft.

import { keep } from "./keep.js";
import { PhotoError, photoOf } from "./photo.js";
import { allOf, get, request, transact } from "./store.js";
import { findingOf, problem, save } from "./walks.js";

// Photos of the walk that belong to no item yet, in the order in which they were taken. A receipt deletes what is
// loose with the rest: ask about them before the walk is handed in.
export async function loose(draft) {
  const rows = await allOf("photos", "parent", draft.cid);
  return rows.filter((row) => row.what === "loose").sort((a, b) => (a.taken < b.taken ? -1 : 1));
}

// One file into the database. It is there, or there is a PhotoError.
export async function add(draft, file, { school, person, most }) {
  const there = (await allOf("photos", "parent", draft.cid)).length;
  if (there >= most) throw new PhotoError("photo_too_many", { n: most });
  const row = await photoOf(draft, "loose", file, { school, person });
  if (!(await get("drafts", draft.cid))) await save(draft); // without its walk nobody would find the photo again
  await keep([row]);
  return row;
}

const partsOf = ({ answers, findings, photosOf, dropped }) => structuredClone({ answers, findings, photosOf, dropped });

// Draft and photos change together or not at all, also the draft in the page's memory. Returns what takes it back.
async function together(draft, rows, change) {
  const before = partsOf(draft);
  const write = (photos) =>
    transact(["drafts", "photos"], "readwrite", (tx) => {
      for (const row of photos) tx.objectStore("photos").put(row);
      return request(tx.objectStore("drafts").put(draft));
    });
  try {
    await write(change());
  } catch (reason) {
    Object.assign(draft, before);
    throw reason;
  }
  return async () => {
    Object.assign(draft, structuredClone(before));
    await write(rows);
  };
}

function room(there, rows, most) {
  if (there.length + rows.length > most) throw new PhotoError("photo_too_many", { n: most });
}

// The item is fine, and the photos show it.
export async function giveToItem(draft, item, rows, { most }) {
  const there = draft.photosOf[item.pk] ?? [];
  room(there, rows, most);
  return together(draft, rows, () => {
    draft.answers = { ...draft.answers, [item.pk]: "nf" };
    draft.photosOf = { ...draft.photosOf, [item.pk]: [...there, ...rows.map((row) => row.cid)] };
    return rows.map((row) => ({ ...row, what: "item" }));
  });
}

// Something is wrong at the item: its finding gets the photos; a new one still wants its words.
export async function giveToFinding(draft, item, rows, { most }) {
  const there = findingOf(draft, item.pk) ?? draft.dropped?.[item.pk];
  room(there?.photos ?? [], rows, most);
  return together(draft, rows, () => {
    const finding = problem(draft, item);
    finding.photos = [...finding.photos, ...rows.map((row) => row.cid)];
    return rows.map((row) => ({ ...row, what: "finding" }));
  });
}

// Away with them; the way back lasts as long as the page is open.
export async function drop(rows) {
  const each = (act) => transact(["photos"], "readwrite", async (tx) => rows.forEach((row) => act(tx.objectStore("photos"), row)));
  await each((photos, row) => photos.delete(row.cid));
  return () => each((photos, row) => photos.put(row));
}
