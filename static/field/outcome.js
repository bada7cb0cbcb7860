// After saving: the record is on this phone and has no number yet; then the server's receipt in its place.

import { clone, fill } from "./draw.js";
import { receiptOf } from "./receipt.js";
import { get } from "./store.js";
import { events } from "./sync.js";
import { say } from "./words.js";

// Shows in `spot` what became of the queue's `row`; goes on by itself when the server answers.
export async function outcome(spot, row, note) {
  const kept = clone("kept");
  const number = say("kept_pending");
  fill(kept, { title: row.title, number, note, photos: say("kept_photos", { n: row.photos.length }) });
  kept.querySelector("[data-f=note]").hidden = !note;
  spot.replaceChildren(kept);
  spot.hidden = false;
  kept.focus();
  const look = async () => {
    const fresh = await get("queue", row.cid);
    if (fresh?.receipt) return settled(fresh);
    const isStuck = ["blocked", "auth", "failed"].includes(fresh?.state);
    fill(kept, { state: isStuck ? (fresh.error?.message ?? say("kept_stuck")) : say("kept_waits") });
    kept.dataset.state = fresh?.state ?? "queued";
    return undefined;
  };
  function settled(fresh) {
    events.removeEventListener("state", look);
    const hadFocus = kept.contains(document.activeElement);
    const paper = receiptOf(fresh.receipt, row.title);
    if (kept.isConnected) kept.replaceWith(paper);
    if (hadFocus) paper.focus();
  }
  events.addEventListener("state", look);
  await look();
}
