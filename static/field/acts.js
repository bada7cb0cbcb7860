// What the buttons of the queue's page do.

import { mark } from "./outbox.js";
import { receiptOf } from "./receipt.js";
import { canShare, offer, rescueFile, share } from "./rescue.js";
import { dropDraft, saveAsNew } from "./resolve.js";
import { flush } from "./sync.js";
import { say } from "./words.js";

// `shown` holds the rows that the page drew last; only what is drawn can be acted on.
export function bind({ part, shown, draw }) {
  let file = null;
  let back = null;
  const tell = (words) => (part("said").textContent = words);
  const waiting = (cid) => shown.waiting.find((row) => row.cid === cid);

  const acts = {
    send: () => flush("tap"),
    async retry(cid) {
      const row = waiting(cid);
      if (row?.state === "blocked") await mark(row, "queued", { error: null });
      await flush("tap");
    },
    async renew(cid) {
      const row = await saveAsNew(cid, say("queue_renewed_note", { old: cid.slice(0, 8) }));
      if (row) tell(say("queue_renewed"));
      await draw();
      await flush("tap");
    },
    async export(cid) {
      tell(say("queue_exporting"));
      const made = await rescueFile(cid ? [waiting(cid)] : shown.waiting);
      file = made.file;
      const size = (file.size / 1048576).toFixed(1);
      const link = part("link");
      link.textContent = say("queue_file", { name: file.name, size });
      part("file").hidden = false;
      document.querySelector("[data-act=share]").hidden = !canShare(file);
      offer(link, file);
      tell(say("queue_exported", { n: made.records, photos: made.photos }));
    },
    share: () => share(file),
    async drop(cid) {
      const card = document.querySelector(`[data-cid="${cid}"]`);
      part("dropped").textContent = say("queue_dropped", { title: card.querySelector("[data-f=title]").textContent });
      back = await dropDraft(cid);
      part("undo").hidden = false;
      await draw();
      part("undo").querySelector("button").focus();
    },
    async undo() {
      part("undo").hidden = true;
      await back?.();
      back = null;
      await draw();
    },
    open(cid) {
      const row = shown.sent.find((each) => each.cid === cid);
      part("paper").replaceChildren(receiptOf(row.receipt, row.title));
      part("receipt").showModal();
    },
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-act]");
    const act = acts[button?.dataset.act];
    if (!act || button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      await act(button.closest("[data-cid]")?.dataset.cid);
    } catch (fault) {
      tell(say("queue_fault", { fault: fault?.message ?? String(fault) }));
    } finally {
      button.ariaBusy = null;
    }
  });
}
