// Can the next patrol be walked without network? Pages, list, points, space: each there or missing.

import { bootstrap } from "./whose.js";
import { rung } from "./host.js";
import { fill } from "./draw.js";
import { say } from "./words.js";

const FIRST = 20_000; // milliseconds in which a first visit has its pages
const LEAST = 50e6; // bytes: below this a day's photos may not fit

async function hasPages() {
  const registration = await navigator.serviceWorker?.getRegistration("/m/");
  return Boolean(registration?.active && (await caches.match("/m/patrol/", { ignoreVary: true })));
}

async function hasSpace() {
  if ((await rung()) === "online") return false;
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || quota - usage > LEAST;
}

// {pages, list, points, space} for the day "2026-11-24".
export async function readiness(day) {
  const data = await bootstrap();
  const isThere = Boolean(data?.days?.[day]);
  return { pages: await hasPages(), list: isThere, points: Boolean(data?.points), space: await hasSpace() };
}

// Until the first download has ended, what is not there yet is on its way and not missing.
export async function drawReadiness(day, isSettled) {
  const found = await readiness(day);
  // The worker of a first visit is still fetching the pages.
  if (!found.pages && navigator.serviceWorker && navigator.onLine && performance.now() < FIRST) isSettled = false;
  for (const row of document.querySelectorAll("[data-ready] [data-what]")) {
    const isThere = found[row.dataset.what];
    const mark = isThere ? "✓" : isSettled ? "✕" : "…";
    fill(row, { mark, state: say(isThere ? "ready_yes" : isSettled ? "ready_no" : "ready_coming") });
  }
  const missing = Object.keys(found).filter((what) => !found[what]);
  const what = missing.map((each) => say(`ready_${each}`)).join(" · ");
  const words = !missing.length ? "ready_all" : isSettled ? "not_ready" : "ready_coming";
  fill(document, { ready: say(words, { what }) });
  document.querySelector("[data-again]").hidden = !missing.length || !isSettled;
  return found;
}

// Pages that the browser threw away are fetched again by the worker itself.
export async function fillPages() {
  const active = (await navigator.serviceWorker?.getRegistration("/m/"))?.active;
  if (!active) return false;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage("FILL", [port2]);
  return done;
}
