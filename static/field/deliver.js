// One record of the queue to the server: its photos first, itself last; what each answer makes of it.

import { allOf, get, put } from "./store.js";
import { Offline, ask, call } from "./session.js";
import { counts, mark, settle, tell } from "./outbox.js";

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

// An answer that is no success: `state` is what becomes of the record, `wait` the seconds until the next try.
export class Refused extends Error {
  constructor({ status, body, headers }) {
    super(body?.message ?? String(status));
    this.code = body?.code ?? `http_${status}`;
    this.errors = body?.errors; // {field: [sentence]} of a record that the server cannot take as it is
    this.missing = body?.missing; // photos that the server has thrown away meanwhile
    this.state = stateOf(status, this.code);
    const wait = Number(headers.get("retry-after"));
    if (wait) this.wait = wait;
  }
}

function stateOf(status, code) {
  if (status === 401 || code === "csrf") return "auth";
  if (status === 429 || status >= 500 || code === "photos") return "failed";
  if (status === 426) return "failed"; // goes on by itself after the update
  return "blocked";
}

// The token goes stale when somebody signs in anew in another tab: asked for once more, then it is a matter of auth.
async function write(address, session, options, again = true) {
  const headers = { ...options.headers, "X-CSRFToken": session.csrf };
  const answer = await call(address, { method: "PUT", ...options, headers });
  if (answer.status === 403 && answer.body?.code === "csrf" && again) {
    Object.assign(session, await ask());
    return write(address, session, options, false);
  }
  if (!answer.ok) throw new Refused(answer);
  return answer.body;
}

// One photo. The same bytes again are a success: the reply may have been lost on the way.
export function sendPhoto(photo, row, session) {
  const headers = {
    "Content-Type": photo.type, "X-Content-SHA256": photo.sha256, "X-Parent": row.cid, "X-Taken": photo.taken,
    "X-Owner": String(row.owner),
  };
  return write(`/api/m/photos/${photo.cid}`, session, { body: photo.bytes, headers, seconds: 90 });
}

// The record; the receipt must name it, or it is not a receipt.
export async function sendRecord(row, session) {
  const headers = { "Content-Type": "application/json", "X-Owner": String(row.owner) };
  const body = JSON.stringify(row.record);
  const receipt = await write(`/api/m/records/${row.cid}`, session, { body, headers, seconds: 30 });
  if (receipt?.uuid !== row.cid || !receipt.number) throw new Error("a receipt for something else");
  return receipt;
}
