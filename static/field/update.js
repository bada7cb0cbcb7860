// A new release waits until the person wants it, never in the middle of a walk; one press, one reload.

import { bar } from "./host.js";
import { say } from "./words.js";

const EVERY = 6 * 3600 * 1000;
const SCOPE = "/m/";
let registration = null;
let isAsked = false;
let isLater = false;
let isMust = false;

// A screen that must not be disturbed says so with data-busy on the body.
const isHeld = () => document.body.hasAttribute("data-busy");

function show() {
  const isDue = isMust || (registration?.waiting && navigator.serviceWorker.controller && !isLater);
  const shown = bar("update", Boolean(isDue) && !isHeld());
  if (!isDue || !shown) return;
  shown.querySelector("[data-f=text]").textContent = say(isMust ? "update_must" : "update_new");
  shown.querySelector("[data-later]").hidden = isMust;
}

// The server no longer takes what this release sends: the bar cannot be put off. The queue stays as it is.
export function demand() {
  isMust = true;
  registration?.update().catch(() => {});
  show();
}

// The newest worker, once it is ready to take over; null when there is none.
async function next() {
  registration ??= (await navigator.serviceWorker?.getRegistration(SCOPE)) ?? null; // pressed before this page knew
  // Twice: the browser joins a look with one under way already, and that one may have seen the server of before.
  for (let looks = 0; looks < 2 && registration && !registration.waiting; looks += 1) {
    await registration.update().catch(() => {});
    const coming = registration.installing;
    if (coming)
      await new Promise((resolve) =>
        coming.addEventListener("statechange", () => coming.state !== "installing" && resolve()),
      );
  }
  return registration?.waiting;
}

export async function press() {
  if (isAsked) return;
  isAsked = true;
  const worker = await next();
  if (!worker) return location.reload(); // without a worker, the network has the newest page
  worker.postMessage("SKIP_WAITING");
}

export function watch(found) {
  registration = found;
  const follow = () => registration.installing?.addEventListener("statechange", show);
  registration.addEventListener("updatefound", follow);
  follow();
  const ask = () => navigator.onLine && registration.update().catch(() => {});
  ask();
  setInterval(ask, EVERY);
  show();
}

navigator.serviceWorker?.addEventListener("controllerchange", () => {
  if (!isAsked) return;
  isAsked = false;
  location.reload();
});
new MutationObserver(show).observe(document.body, { attributeFilter: ["data-busy"] });
document.querySelector("[data-update]")?.addEventListener("click", press);
document.querySelector("[data-later]")?.addEventListener("click", () => {
  isLater = true;
  show();
});
