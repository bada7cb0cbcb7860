// One record of the queue to the server: its photos first, itself last; what an answer makes of it.

import { allOf, get, put } from "./store.js";
import { Offline } from "./session.js";
import { counts, mark, settle, tell } from "./outbox.js";
import { sendPhoto, sendRecord } from "./send.js";

// {went: "sent" | "next" (this one needs a person, the others go on) | "auth" | "later", wait: seconds or undefined}
export async function deliver(row, session, { at, of }) {
  try {
    const photos = (await allOf("photos", "parent", row.cid)).filter((photo) => row.photos.includes(photo.cid));
    for (const [n, photo] of photos.entries()) {
      if (photo.sent) continue;
      await mark(row, "sending");
      tell("sending", { cid: row.cid, at, of, photo: n + 1, photos: photos.length });
      await sendPhoto(photo, row, session);
      await put("photos", { ...photo, sent: 1 });
    }
    await settle(row, await sendRecord(row, session));
    return { went: "sent" };
  } catch (fault) {
    return refused(row, fault);
  }
}

async function refused(row, fault) {
  for (const cid of fault.missing ?? []) {
    const photo = await get("photos", cid);
    if (photo) await put("photos", { ...photo, sent: 0 });
  }
  const isOffline = fault instanceof Offline;
  const state = isOffline ? "queued" : (fault.state ?? "failed");
  const error = isOffline ? null : { code: fault.code ?? "fault", message: fault.message, errors: fault.errors };
  await mark(row, state, { error, tries: row.tries + 1 });
  tell(isOffline ? "offline" : state, { cid: row.cid, error, ...(await counts()) });
  const went = { blocked: "next", auth: "auth" }[state] ?? "later";
  return { went, wait: fault.wait };
}
