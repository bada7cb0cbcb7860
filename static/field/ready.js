// Can the next patrol be walked without network? Pages, list, points, space: each there or missing.

import { bootstrap } from "./whose.js";
import { rung } from "./host.js";
import { clone, fill } from "./draw.js";
import { say } from "./words.js";

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

export async function drawReadiness(day) {
  const found = await readiness(day);
  const rows = Object.entries(found).map(([what, isThere]) =>
    fill(clone("ready"), {
      mark: isThere ? "✓" : "✕",
      what: say(`ready_${what}`),
      state: say(isThere ? "ready_yes" : "ready_no"),
    }),
  );
  document.querySelector("[data-ready]").replaceChildren(...rows);
  const missing = Object.keys(found).filter((what) => !found[what]);
  const words = missing.map((what) => say(`ready_${what}`)).join(" · ");
  fill(document, { ready: missing.length ? say("not_ready", { what: words }) : "" });
  document.querySelector("[data-again]").hidden = !missing.length;
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
