// The queue's rows: put in once, marked as they go, settled only by a receipt. Tells whoever listens.

import { all, get, put, remember, request, transact } from "./store.js";
import { APP, device, owner, skew } from "./session.js";

export const events = new EventTarget();

export function tell(state, detail = {}) {
  events.dispatchEvent(new CustomEvent("state", { detail: { state, ...detail } }));
}

// Put a finished draft into the queue. One transaction: it is a draft or it is queued, never both or neither.
export async function enqueue({ draft, record, photos, title }) {
  const whose = await owner();
  const row = {
    cid: draft.cid, kind: draft.kind, owner: draft.owner ?? whose.uid, name: whose?.name ?? "", title,
    school: draft.school, photos, state: "queued", tries: 0, finished: record.finished,
    record: { ...record, app: APP, device: await device(), skew: await skew(), offline: !navigator.onLine },
  };
  await transact(["drafts", "queue"], "readwrite", (tx) => {
    tx.objectStore("drafts").delete(draft.cid);
    return request(tx.objectStore("queue").put(row));
  });
  tell("queued", await counts());
  return row;
}

// {unsent, mine, others}: what still waits here, and whose it is.
export async function counts() {
  const me = (await owner())?.uid;
  const waiting = (await all("queue")).filter((row) => row.state !== "sent");
  const mine = waiting.filter((row) => row.owner === me);
  return { n: waiting.length, mine: mine.length, others: waiting.length - mine.length };
}

export async function mark(row, state, more = {}) {
  const fresh = (await get("queue", row.cid)) ?? row;
  Object.assign(row, fresh, { state }, more);
  await put("queue", row);
}

// The receipt is kept and the photos go, in one transaction: before it, nothing of the record leaves the phone.
export async function settle(row, receipt) {
  const sent = { ...row, state: "sent", receipt, sentAt: new Date().toISOString(), error: null };
  await transact(["queue", "photos"], "readwrite", async (tx) => {
    const photos = tx.objectStore("photos");
    for (const key of await request(photos.index("parent").getAllKeys(row.cid))) photos.delete(key);
    return request(tx.objectStore("queue").put(sent));
  });
  await remember("lastSent", sent.sentAt);
  tell("sent", { cid: row.cid, receipt, ...(await counts()) });
}
