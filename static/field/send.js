// The two writes of the interface, and what each answer means for the record.

import { ask, call } from "./session.js";

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
