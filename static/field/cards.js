// A row of the queue as a card: the state as shape and word, why it waits, and what can be done about it.

import { clone, fill } from "./draw.js";
import { stamp } from "./receipt.js";
import { say } from "./words.js";

const LOOK = { draft: "wait", queued: "wait", sending: "todo", auth: "warn", failed: "warn", blocked: "late" };
const ACTS = {
  draft: ["continue", "drop"], queued: ["send"], sending: [], auth: ["login"], failed: ["retry"], blocked: ["retry", "export"],
};

// A record of one's own that is not with the server yet. `next`: when it goes on by itself (Date or null).
export function recordCard(row, sent, next) {
  const node = card("record", row.state, row.cid);
  node.querySelector(".q-state").classList.add(`tag-${LOOK[row.state]}`);
  fill(node, {
    title: row.title, why: why(row, next), finished: say("queue_finished", { when: stamp(row.finished) }),
    photos: row.photos.length ? say("queue_photos", { n: sent, of: row.photos.length }) : "",
    tries: row.tries ? say("queue_tries", { n: row.tries }) : "",
    next: row.state === "failed" && next ? say("queue_next", { when: clock(next) }) : "",
  });
  offer(node, row.state === "blocked" && row.error?.code === "changed" ? ["renew", "export"] : ACTS[row.state]);
  errors(node.querySelector("[data-errors]"), row.error);
  return node;
}

export function draftCard(draft) {
  const node = card("record", "draft", draft.cid);
  node.querySelector(".q-state").classList.add("tag-wait");
  const photos = draft.photos ? say("queue_photos_kept", { n: draft.photos }) : "";
  fill(node, { title: say(`queue_kind_${draft.kind}`), why: say("queue_why_draft"), photos, tries: "", next: "" });
  fill(node, { finished: say("queue_begun", { when: stamp(draft.started) }) });
  const go = node.querySelector("[data-act=continue]");
  go.href = go.dataset[draft.kind] + (draft.kind === "patrol" ? "" : `#${draft.cid}`);
  offer(node, ACTS.draft);
  return node;
}

// How many of whom: nothing else of another person's record is ever drawn.
export function lockedCard(name, n) {
  const node = card("locked", "other");
  fill(node, { why: name ? say("queue_why_other", { name, n }) : say("queue_why_somebody", { n }) });
  return node;
}

export function sentCard(row) {
  const node = card("sent", "sent", row.cid);
  const { number, received, sha256 } = row.receipt;
  fill(node, { title: row.title, why: say("queue_why_sent", { number }), when: stamp(received), hash: sha256 });
  return node;
}

function card(name, state, cid) {
  const node = clone(name);
  node.dataset.state = state;
  if (cid) node.dataset.cid = cid;
  node.querySelector("[data-shape]").append(clone(`shape-${state}`));
  fill(node, { state: say(`queue_${state}`) });
  return node;
}

// Why it waits. For what needs a person: our words for the case, else those of the server.
export function why(row, next) {
  if (row.state === "sending") return say("queue_why_sending_record");
  if (row.state === "failed" && next) return say("queue_why_failed_next", { when: clock(next) });
  if (row.state !== "blocked") return say(`queue_why_${row.state}`);
  const key = `queue_why_${row.error?.code}`;
  const words = say(key); // the key itself when there are none of ours
  return words === key ? row.error?.message || say("queue_why_blocked") : words;
}

// Which photo of how many is on its way.
export const sendingWords = ({ photo, photos }) =>
  photos ? say("queue_why_sending", { n: Math.min(photo, photos), of: photos }) : say("queue_why_sending_record");

const clock = (time) => stamp(time.toISOString()).slice(11);

function offer(node, acts) {
  for (const each of node.querySelectorAll("[data-act]")) each.hidden = !acts.includes(each.dataset.act);
}

// The server's lines about single fields, as plain text.
function errors(list, error) {
  const lines = Object.values(error?.errors ?? {}).flat();
  list.hidden = !lines.length;
  for (const line of lines) list.append(Object.assign(document.createElement("li"), { textContent: line }));
}
