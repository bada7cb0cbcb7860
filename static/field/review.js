// Before the walk is handed in: what is missing, what was found, how it was answered; then the queue and the receipt.

import { fill } from "./draw.js";
import { loose } from "./loose.js";
import { receiptOf } from "./receipt.js";
import { idle } from "./shots.js";
import { enqueue, events } from "./sync.js";
import { foundLine, missingLine } from "./review_lines.js";
import { missingOf, said, save } from "./walks.js";
import { say } from "./words.js";

const dialog = document.querySelector("[data-review]");
const part = (name) => dialog.querySelector(`[data-${name}]`);
let at = null;

const count = (draft, fits) => draft.items.filter((pk) => fits(said(draft, pk))).length;

export async function review(walk) {
  at = walk;
  const { draft, items } = at;
  const missing = missingOf(draft, items);
  const bulk = count(draft, (answer) => answer === "nb");
  const skipped = count(draft, (answer) => answer[0] === "x");
  const each = items.length - missing.length - bulk - skipped;
  const left = (await loose(draft)).length;
  fill(dialog, {
    counts: say("walk_counts", { each, bulk, skipped }),
    missing: say("walk_missing", { n: missing.length }),
    found: say("walk_found", { n: draft.findings.length }),
    loose: say("walk_loose", { n: left }),
  });
  part("missing-part").hidden = !missing.length;
  part("list-missing").replaceChildren(...missing.map((item) => missingLine(item, dialog)));
  part("list-found").replaceChildren(...draft.findings.map((finding) => foundLine(finding, items)));
  part("loose-part").hidden = !left;
  part("confirm").hidden = missing.length > 0;
  dialog.querySelector("textarea").value = draft.note;
  dialog.showModal();
}

dialog.querySelector("textarea").addEventListener("input", ({ target }) => {
  at.draft.note = target.value;
  save(at.draft);
});
part("back").addEventListener("click", () => dialog.close());

part("confirm").addEventListener("click", async ({ target }) => {
  if (target.ariaBusy === "true") return;
  target.ariaBusy = "true";
  const { draft, day } = at;
  await idle(); // a photo that comes later would bring the draft back
  const { template, items, answers, checkins, note, photosOf, findings, school, started } = draft;
  const walk = { template, day: draft.day, items, answers, photos: photosOf, checkins, note };
  const record = {
    kind: "patrol", owner: draft.owner, school, started, finished: new Date().toISOString(), walk, findings,
  };
  const photos = [...findings.flatMap((each) => [...each.photos, ...each.after]), ...Object.values(photosOf).flat()];
  const title = `${say("walk_title")} ${draft.day} · ${day.school.name}`;
  const shown = receiptFor(draft.cid, title);
  try {
    await enqueue({ draft, record, photos, title });
    dialog.close();
    done(shown);
  } catch {
    document.querySelector("[data-bar=lost]").hidden = false;
  }
  target.ariaBusy = "false";
});

// The server's own receipt in the panel, whenever it comes.
function receiptFor(cid, title) {
  const panel = document.querySelector("[data-done]");
  events.addEventListener("state", ({ detail }) => {
    if (detail.state !== "sent" || detail.cid !== cid) return;
    panel.replaceChildren(receiptOf(detail.receipt, title));
    panel.focus();
  });
  return panel;
}

// Until then: that this phone has it.
function done(panel) {
  document.body.removeAttribute("data-busy");
  document.querySelector("[data-under-way]").hidden = true;
  panel.hidden = false;
  panel.focus();
  scrollTo(0, 0);
}
