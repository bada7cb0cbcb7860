// A photo as the record keeps it: small, upright, with its line of words, without the camera's data.

import { jpeg } from "./jpeg.js";
import { PhotoError, alone, decode } from "./picture.js";
import { now, skew } from "./session.js";
import { watermark } from "./watermark.js";

export { PhotoError };

// {bytes, type, w, h, band, sha256, taken}; throws PhotoError. `time` is the time by the server's clock (session.js
// now()), `skew` the milliseconds it is ahead of this phone or null, `sharp` keeps more for plates and gauges.
export function take(file, { school, place, person, time = new Date(), skew = null, sharp = false } = {}) {
  const taken = new Date(time);
  return alone(async () => {
    const picture = await decode(file);
    try {
      const paint = watermark({ time: taken, skew, school, place, person });
      const size = sharp ? { edge: 2048, quality: 0.8 } : { edge: 1600, quality: 0.72 };
      return { ...(await jpeg(picture, { ...size, paint })), taken: taken.toISOString() };
    } finally {
      picture.close();
    }
  });
}

// The row of the phone's database for one photo of a draft; not stored yet. `about` as in take, without the clock.
export async function photoOf(draft, what, file, about) {
  const made = await take(file, { ...about, time: await now(), skew: await skew() });
  return { cid: crypto.randomUUID(), parent: draft.cid, owner: draft.owner, what, sent: 0, ...made };
}
