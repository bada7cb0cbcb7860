// Who is signed in, what time the server has, and the token for the next write: asked for, never stored.

import { meta, remember } from "./store.js";

export const APP = 1; // the release of this client's interface; the server says the least it serves
export class Offline extends Error {}

// A fetch that ends: an answer in time, or an error. A redirect is an error: a login page is no success.
export async function call(address, { seconds = 8, ...options } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const common = { cache: "no-store", credentials: "same-origin", redirect: "error", signal: stop.signal };
    const answer = await fetch(address, { ...common, ...options });
    // Whatever answers without JSON is not our server: a hotel's login page, a proxy's error.
    const isOurs = answer.status === 304 || (answer.headers.get("content-type") ?? "").includes("json");
    const body = isOurs && answer.status !== 304 ? await answer.json() : null;
    if (!isOurs && answer.status < 500) throw new Offline("not our server");
    return { status: answer.status, ok: answer.ok, headers: answer.headers, body };
  } catch (reason) {
    throw reason instanceof Offline ? reason : new Offline(reason?.message, { cause: reason });
  } finally {
    clearTimeout(timer);
  }
}

// The session as the server sees it now; throws Offline when there is no way to it.
export async function ask() {
  const asked = Date.now();
  const { ok, body } = await call("/api/m/session");
  if (!ok || !body || !("csrf" in body)) throw new Offline("no session");
  await keepSkew(Date.parse(body.now) - (asked + Date.now()) / 2);
  return body;
}

// The middle of the last three differences: one slow answer does not move the clock.
async function keepSkew(difference) {
  const last = [...((await meta("skews")) ?? []), Math.round(difference)].slice(-3);
  await remember("skews", last);
  await remember("skew", [...last].sort((a, b) => a - b)[last.length >> 1]);
}

// Milliseconds by which the server is ahead of this phone; null if this phone never reached it.
export const skew = async () => (await meta("skew")) ?? null;

// The time by the server's clock, as far as this phone knows it.
export const now = async () => new Date(Date.now() + ((await skew()) ?? 0));

// Has somebody else signed in since? The server tells the browser whose it is: no waiting for an answer.
export function isOther({ uid }) {
  const signedIn = document.cookie.match(/(?:^|; )whose=(\d+)/)?.[1];
  return Boolean(signedIn) && Number(signedIn) !== uid;
}

// Whose records these are: the person who last fetched the day's data here; null once somebody else has signed in.
export async function owner() {
  const known = await meta("owner");
  return known && !isOther(known) ? known : null;
}

// A number for this browser, made once: it tells two phones of one person apart.
export async function device() {
  const known = await meta("device");
  if (known) return known;
  const made = crypto.randomUUID();
  await remember("device", made);
  return made;
}
