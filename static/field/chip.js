// The chip in the bar at the top: one short text that says where the records are.

import { say } from "./words.js";
import { counts, events } from "./sync.js";

const chip = document.querySelector("[data-chip]");

// Show one of: idle, queued, offline, saved, auth, sending, failed, blocked, other.
export function show(state, n = 0) {
  chip.dataset.chip = state;
  const text = say(`chip_${state}`, { n });
  const spot = chip.firstElementChild;
  if (spot.textContent !== text) spot.textContent = text; // a screen reader hears a change, not a repetition
}

// Without a pressing state: what waits, or whether there is a network.
function calm({ n = 0, mine = n, others = 0 } = {}) {
  if (mine) return show("queued", mine);
  if (others) return show("other");
  return show(navigator.onLine ? "idle" : "offline");
}

const look = () => counts().then(calm, () => calm());
events.addEventListener("state", ({ detail }) => {
  const { state } = detail;
  if (["auth", "blocked", "failed", "offline", "sending"].includes(state)) show(state);
  else look();
});
for (const kind of ["online", "offline"]) addEventListener(kind, look);
look();
