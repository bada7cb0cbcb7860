// What has lain here long enough: receipts after a fortnight, other people's records after thirty days.

import { all, meta, remember, request, transact } from "./store.js";
import { now, skew } from "./session.js";

const DAY = 86400000;
export const KEEP_RECEIPTS = 14 * DAY;
export const KEEP_OTHERS = 30 * DAY;

// Take away what is old, for the person with the number `me`; returns the notes of what of others went.
// A phone that never met the server cannot tell how old anything is: then nothing goes.
export async function purge(me) {
  const notes = (await meta("purged")) ?? [];
  if ((await skew()) === null || me == null) return notes;
  const at = (await now()).getTime();
  const old = (iso, keep) => at - Date.parse(iso) > keep;
  const queue = await all("queue");
  const receipts = queue.filter((row) => row.state === "sent" && old(row.sentAt, KEEP_RECEIPTS));
  const others = queue.filter((row) => row.state !== "sent" && row.owner !== me && old(row.finished, KEEP_OTHERS));
  const drafts = (await all("drafts")).filter((row) => row.owner !== me && old(row.started, KEEP_OTHERS));
  if (!receipts.length && !others.length && !drafts.length) return notes;
  await take([...receipts, ...others], drafts);
  if (!others.length && !drafts.length) return notes;
  const more = count([...others, ...drafts], new Date(at).toISOString());
  const kept = [...notes, ...more].slice(-20);
  await remember("purged", kept);
  return kept;
}

async function take(queue, drafts) {
  await transact(["queue", "drafts", "photos"], "readwrite", async (tx) => {
    const photos = tx.objectStore("photos");
    for (const row of [...queue, ...drafts]) {
      for (const key of await request(photos.index("parent").getAllKeys(row.cid))) photos.delete(key);
    }
    for (const row of queue) tx.objectStore("queue").delete(row.cid);
    for (const row of drafts) tx.objectStore("drafts").delete(row.cid);
  });
}

// Whose and how many, never what: [{name, n, at}].
function count(rows, at) {
  const found = new Map();
  for (const row of rows) {
    const known = found.get(row.owner) ?? { name: "", n: 0, at };
    found.set(row.owner, { ...known, name: known.name || row.name || "", n: known.n + 1 });
  }
  return [...found.values()];
}
