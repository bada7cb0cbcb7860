// Photos over mobile data: where the bureau wants them to wait for Wi-Fi they wait, or the officer says "now".

import { allOf, get, meta, remember } from "./store.js";

const HOUR = 3_600_000;

// May this record of the queue go over the network at hand? Where the browser cannot tell, the person is asked.
export async function mayGo(row) {
  const day = (await get("ref", "bootstrap"))?.v;
  if (day?.switches?.mobile_photos !== false) return true;
  if (row.record.findings?.some(({ grade }) => grade === "major")) return true; // never held back
  const isOwed = (await allOf("photos", "parent", row.cid)).some(({ cid, sent }) => !sent && row.photos.includes(cid));
  if (!isOwed || ["wifi", "ethernet"].includes(navigator.connection?.type)) return true;
  return ((await meta("meteredUntil")) ?? 0) > Date.now();
}

// Say above the page whether photos wait.
export function tellHeld(isHeld) {
  const bar = document.querySelector("[data-bar=metered]");
  if (bar) bar.hidden = !isHeld;
}

let isWatched = false;

// Calls `go` when the person says that photos may go for an hour, and when the phone changes its network.
export function onGranted(go) {
  if (isWatched) return;
  isWatched = true;
  navigator.connection?.addEventListener?.("change", go);
  document.querySelector("[data-metered]")?.addEventListener("click", async () => {
    await remember("meteredUntil", Date.now() + HOUR);
    tellHeld(false);
    go();
  });
}
