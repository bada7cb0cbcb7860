// The school's open hazards on the phone, each with a sheet for the evidence of its rectification.

import { fill } from "./draw.js";
import { dayOf } from "./day.js";
import { begun, theDay } from "./jot.js";
import { openSheet } from "./mine_sheet.js";
import { FILTERS, rowOf } from "./mine_rows.js";
import { outcome } from "./outcome.js";
import { now } from "./session.js";
import { all } from "./store.js";
import { events } from "./sync.js";
import { refresh } from "./whose.js";
import { say } from "./words.js";

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const list = document.querySelector("[data-hazards]");
let data = null;
let today = "";
let chosen = "all";
const find = (number) => data?.hazards.find((hazard) => hazard.number === number);

// {number: "draft" | "queued"} of what is on the phone and not with the server.
async function keptOf() {
  const waiting = (await all("queue")).filter((row) => row.kind === "evidence" && row.owner === data.uid && row.state !== "sent");
  const drafts = await begun("evidence", data.uid);
  return {
    ...Object.fromEntries(drafts.map((draft) => [draft.evidence.hazard, "draft"])),
    ...Object.fromEntries(waiting.map((row) => [row.record.evidence.hazard, "queued"])),
  };
}

async function draw() {
  if (!data) return;
  const kept = await keptOf();
  const rows = data.hazards.filter((hazard) => FILTERS[chosen](hazard, today));
  list.replaceChildren(...rows.map((hazard) => rowOf(hazard, today, kept[hazard.number])));
  for (const input of document.querySelectorAll("[name=filter]")) {
    const n = data.hazards.filter((hazard) => FILTERS[input.value](hazard, today)).length;
    fill(input.parentElement, { n: String(n) });
    input.checked = input.value === chosen;
  }
  part("empty").hidden = rows.length > 0;
  fill(part("empty"), { empty: say(data.hazards.length ? "mine_none_here" : "mine_none") });
}

async function show(number) {
  const hazard = find(number);
  if (!hazard) return;
  history.replaceState(null, "", `#${number}`);
  const row = await openSheet(hazard, data, today);
  history.replaceState(null, "", location.pathname);
  await draw();
  if (row) await outcome(part("outcome"), row, "");
  else list.querySelector(`[data-number="${CSS.escape(number)}"]`)?.focus();
}

// From the server when it can be reached; on a shared phone the hazards are only handed over, not kept.
async function fetchAnew() {
  const fresh = await refresh(data?.school.pk).catch(() => null);
  if (fresh) data = fresh;
  await draw();
}

list.addEventListener("click", ({ target }) => {
  const { number } = target.closest("button")?.dataset ?? {};
  if (number) show(number);
});
document.querySelector("[data-filters]").addEventListener("change", ({ target }) => {
  chosen = target.value;
  draw();
});
events.addEventListener("state", ({ detail }) => (detail.state === "sent" ? fetchAnew() : draw()));

// The address names a hazard by its number or a draft by its own.
async function named() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name || find(name)) return name;
  const draft = (await begun("evidence", data.uid)).find((each) => each.cid === name);
  if (!draft) return "";
  const { hazard: number, title } = draft.evidence;
  // Closed meanwhile, or not in the list any more: what was begun can still be handed over.
  const gone = { number, title, place: "", due: null, state: "closed", word: say("mine_gone"), may_submit: true, before: null };
  if (!find(number)) data = { ...data, hazards: [gone, ...data.hazards] };
  return number;
}

const day = await theDay();
today = dayOf(await now());
data = day.isOut ? null : day.data;
part("none").hidden = Boolean(data);
if (data) {
  fill(document, { school: data.school.name });
  await draw();
  const fetched = fetchAnew();
  if (!data.hazards.length) await fetched;
  const number = await named();
  if (number) show(number);
}
