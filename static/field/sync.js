// The way of a record from the phone to the server: photos first, the record last, gone only on a receipt.

import { all, isWiped } from "./store.js";
import { ask } from "./session.js";
import { counts, enqueue as keep, events, mark, tell } from "./outbox.js";
import { deliver } from "./deliver.js";
import { mayGo, onGranted, tellHeld } from "./metered.js";

export { counts, events };
const LONGEST_WAIT = 300;
export let nextTry = null; // when it goes on by itself, in milliseconds; null while it need not
let timer = null;
let tries = 0;
let again = false;
let running = null;

// Put a finished draft into the queue and set out at once; returns the queue's row.
export async function enqueue(finished) {
  const row = await keep(finished);
  flush("enqueue");
  return row;
}

// One flush at a time in all tabs; a wish that comes meanwhile is granted afterwards.
export async function flush(reason) {
  if (reason !== "timer") tries = 0;
  if (running) {
    again = true;
    return running;
  }
  const once = () => run().catch(broken);
  const work = navigator.locks
    ? navigator.locks.request("schoolsafety-flush", { ifAvailable: true }, (lock) => (lock ? once() : later()))
    : once();
  running = work.finally(() => (running = null));
  await running;
  if (again) {
    again = false;
    return flush("again");
  }
}

async function run() {
  if (isWiped) return undefined;
  clearTimeout(timer);
  nextTry = null;
  const rows = (await all("queue")).filter((row) => row.state !== "sent" && row.state !== "blocked");
  if (!rows.length) return tell("idle", await counts());
  let session;
  try {
    session = await ask();
  } catch {
    tell("offline", await counts());
    return later();
  }
  if (!session.user) {
    for (const row of rows) await mark(row, "auth");
    return tell("auth", await counts());
  }
  onGranted(() => flush("metered"));
  const mine = rows.filter((row) => row.owner === session.uid).sort((a, b) => (a.finished < b.finished ? -1 : 1));
  let isHeld = false;
  for (const [at, row] of mine.entries()) {
    if (!(await mayGo(row))) {
      isHeld = true;
      if (row.state !== "queued") await mark(row, "queued", { error: null });
      continue;
    }
    const { went, wait } = await deliver(row, session, { at: at + 1, of: mine.length });
    if (went === "sent") tries = 0;
    if (went === "later") later(wait);
    if (went === "later" || went === "auth") return undefined;
  }
  tellHeld(isHeld);
  const left = await counts();
  tell(isHeld ? "queued" : left.others ? "other" : left.n ? "blocked" : "idle", left);
}

// The phone's own fault, its database for one: that passes as a bad network does.
function broken(fault) {
  tell("failed", { error: String(fault) });
  later();
}

// Try again by itself: 1, 2, 4 … 300 seconds, or when the server said.
function later(seconds) {
  clearTimeout(timer);
  const wait = seconds ?? Math.min(2 ** tries, LONGEST_WAIT);
  tries += 1;
  nextTry = Date.now() + wait * 1000;
  timer = setTimeout(() => flush("timer"), wait * 1000);
}

addEventListener("online", () => flush("online"));
addEventListener("pageshow", () => flush("show"));
document.addEventListener("visibilitychange", () => document.hidden || flush("visible"));
