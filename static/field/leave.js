// Takes a person's things off this phone. What waits here of somebody else stays until that person comes.

import { all, meta, remove, transact, wipe } from "./store.js";
import { owner } from "./session.js";

const KEPT = new Set(["device", "skew", "skews", "persisted"]); // of the phone, not of a person

// {unsent, drafts, others}: what would be lost, and what of others lies here.
export async function inventory() {
  const me = (await owner())?.uid;
  const waiting = (await all("queue")).filter((row) => row.state !== "sent");
  const drafts = await all("drafts");
  const isMine = (row) => row.owner === me;
  return {
    unsent: waiting.filter(isMine).length,
    drafts: drafts.filter(isMine).length,
    others: [...waiting, ...drafts].filter((row) => !isMine(row)).length,
  };
}

// Everything of mine goes; with nothing of others here, the database goes as a whole, and the pages too.
export async function takeOff() {
  const { others } = await inventory();
  if (others) await takeMine();
  else await wipe();
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const each of registrations) await each.unregister();
  return others;
}

async function takeMine() {
  const me = (await owner())?.uid;
  const stores = ["meta", "ref", "drafts", "queue", "photos"];
  await transact(stores, "readwrite", (tx) => {
    tx.objectStore("ref").clear();
    for (const name of stores.filter((each) => each !== "ref")) {
      tx.objectStore(name).openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const row = cursor.value;
        const goes = name === "meta" ? !KEPT.has(row.k) : row.owner === me || row.state === "sent";
        if (goes) cursor.delete();
        cursor.continue();
      };
    }
  });
}

// A shared phone keeps nothing once all has arrived: what was sent goes, and the day's data with it.
export async function tidyShared() {
  if (!(await meta("is_shared"))) return;
  const sent = (await all("queue")).filter((row) => row.state === "sent");
  const { unsent, drafts } = await inventory();
  if (!sent.length || unsent || drafts) return;
  const me = (await owner())?.uid;
  for (const row of sent) await remove("queue", row.cid);
  for (const row of await all("photos")) if (row.owner === me) await remove("photos", row.cid);
  await remove("ref", "bootstrap");
}
