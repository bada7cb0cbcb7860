// What a person decides about a record that cannot go as it is: save it as a new one, throw a draft away, or not.

import { all, get, request, transact } from "./store.js";

const NOTES = {
  patrol: (record, note) => (record.walk.note = join(record.walk.note, note, 300)),
  snap: (record, note) => (record.findings[0].note = join(record.findings[0].note, note, 2000)),
  evidence: (record, note) => (record.evidence.measure = join(record.evidence.measure, note, 2000)),
};

// The words of the person stay whole; the note is what gives way when there is no room for both.
const join = (words, note, most) => [words, note].filter(Boolean).join("\n").slice(0, Math.max(most, words?.length ?? 0));

// Every number in the record, old → new: its own, its findings', its photos'.
function numbers(row) {
  const findings = row.record.findings ?? [];
  return new Map([row.cid, ...row.photos, ...findings.map((each) => each.uuid)].map((old) => [old, crypto.randomUUID()]));
}

// The same JSON with each number replaced wherever it stands.
function renumbered(value, to) {
  if (typeof value === "string") return to.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => renumbered(each, to));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renumbered(each, to)]));
}

// The record under new numbers, to be sent as another one; `note` says which it came from. One transaction: the
// old row and its photos go in the moment in which the new ones are there.
export async function saveAsNew(cid, note) {
  return transact(["queue", "photos"], "readwrite", async (tx) => {
    const queue = tx.objectStore("queue");
    const photos = tx.objectStore("photos");
    const old = await request(queue.get(cid));
    if (!old || old.state === "sent" || old.state === "sending") return null;
    const to = numbers(old);
    for (const photo of await request(photos.index("parent").getAll(cid))) {
      photos.delete(photo.cid);
      photos.put({ ...photo, cid: to.get(photo.cid) ?? photo.cid, parent: to.get(cid), sent: 0 });
    }
    const record = renumbered(old.record, to);
    NOTES[old.kind]?.(record, note);
    const row = {
      ...old, cid: to.get(cid), photos: old.photos.map((each) => to.get(each)), record, state: "queued", tries: 0,
      error: null, from: cid,
    };
    queue.delete(cid);
    await request(queue.put(row));
    return row;
  });
}

// A draft with its photos goes; what comes back is the way to undo it.
export async function dropDraft(cid) {
  const draft = await get("drafts", cid);
  const mine = (await all("photos")).filter((photo) => photo.parent === cid);
  await transact(["drafts", "photos"], "readwrite", (tx) => {
    for (const photo of mine) tx.objectStore("photos").delete(photo.cid);
    return request(tx.objectStore("drafts").delete(cid));
  });
  return () =>
    transact(["drafts", "photos"], "readwrite", (tx) => {
      for (const photo of mine) tx.objectStore("photos").put(photo);
      return request(tx.objectStore("drafts").put(draft));
    });
}
