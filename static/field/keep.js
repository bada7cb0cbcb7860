// Photos into the phone's database; when it is full: smaller first, then a plain word about how much to free.

import { jpeg } from "./jpeg.js";
import { PhotoError, alone, decode } from "./picture.js";
import { put } from "./store.js";

const MB = 2 ** 20;
const ROOM_FOR_A_WALK = 10; // MB: what a walk's own photos take, so that the next one does not fail again

// Browsers differ in where the name stands; the transaction's error and the request's both reach here.
export const isFull = (reason) => reason?.name === "QuotaExceededError";

// What to say of anything that went wrong with a photo, as the arguments of say().
export function wordOf(reason) {
  if (reason instanceof PhotoError) return [reason.key, reason.values];
  if (isFull(reason)) return ["photo_no_space", { mb: ROOM_FOR_A_WALK, n: 1 }];
  return ["photo_not_kept", {}];
}

// The photos of one finding, those kept before too: they shrink together. Store the finding's words before this.
// Rows are changed in place when they had to shrink; what does not fit at all is named by PhotoError.rows.
export async function keep(rows) {
  if (!(await leftOver(rows)).length) return rows;
  for (const row of rows) if (!row.sent) Object.assign(row, await smaller(row));
  const left = await leftOver(rows);
  if (!left.length) return rows;
  const missing = left.reduce((sum, row) => sum + row.bytes.byteLength, 0);
  const fault = new PhotoError("photo_no_space", { mb: Math.ceil(missing / MB) + ROOM_FOR_A_WALK, n: left.length });
  fault.rows = left;
  throw fault;
}

async function leftOver(rows) {
  const left = [];
  for (const row of rows) {
    try {
      await put("photos", row);
    } catch (reason) {
      if (!isFull(reason)) throw reason;
      left.push(row);
    }
  }
  return left;
}

function smaller(row) {
  return alone(async () => {
    const picture = await decode(new Blob([row.bytes], { type: row.type }));
    try {
      const made = await jpeg(picture, { edge: 1280, quality: 0.6 });
      if (made.bytes.byteLength >= row.bytes.byteLength) return {};
      return { ...made, band: Math.round(((row.band ?? 0) * made.h) / row.h) };
    } finally {
      picture.close();
    }
  });
}
