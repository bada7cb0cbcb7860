// Today: one sentence, one button; from the phone at once, then from the server.

import { all } from "./store.js";
import { now, owner } from "./session.js";
import { counts, events } from "./sync.js";
import { rung } from "./host.js";
import { bootstrap, refresh, whose } from "./whose.js";
import { drawReadiness, fillPages } from "./ready.js";
import { dayOf, timeOf } from "./day.js";
import { hero } from "./hero.js";
import { clone, fill } from "./draw.js";
import { say } from "./words.js";

const PAGES = { patrol: "/m/patrol/", snap: "/m/snap/", evidence: "/m/mine/" };
const find = (selector) => document.querySelector(selector);
let known = null; // the session, once asked for
let isSettled = false; // the first answer of the server is here, or will not come
let fresh = null; // what the server just said; on a shared phone it holds more than is kept

function titleOf(draft) {
  return say(`draft_${draft.kind}`, { day: draft.day, what: draft.evidence?.hazard ?? "" });
}

function drawDrafts(drafts) {
  find("[data-drafts]").hidden = !drafts.length;
  const rows = drafts.map((draft) => {
    const done = Object.keys(draft.answers ?? {}).length + (draft.findings?.length ?? 0);
    const state = say("draft_state", { done, time: timeOf(draft.started) });
    const row = fill(clone("draft"), { title: titleOf(draft), state, act: say("go_on") });
    row.firstElementChild.href = `${PAGES[draft.kind]}#${draft.cid}`;
    return row;
  });
  find("[data-drafts] [data-list]").replaceChildren(...rows);
}

function drawSchools(data) {
  const schools = data?.schools ?? [];
  find("[data-schools]").hidden = schools.length < 2;
  const buttons = schools.map((school) => {
    const button = fill(clone("school"), { name: school.name });
    button.setAttribute("aria-pressed", String(school.pk === data.school.pk));
    button.addEventListener("click", () => load(school.pk));
    return button;
  });
  find("[data-schools]").replaceChildren(...buttons);
}

async function draw() {
  if ((await rung()) === "online") return hero({ rung: "online" });
  const isOut = Boolean(known && !known.user);
  const data = isOut ? null : (fresh ?? (await bootstrap()));
  const me = (await owner())?.uid;
  const mine = (rows) => rows.filter((row) => row.owner === me);
  const day = dayOf(await now());
  const drafts = mine(await all("drafts"));
  hero({ data, day, isOut, drafts, queue: mine(await all("queue")) });
  drawDrafts(drafts);
  drawSchools(data);
  const { mine: unsent } = await counts();
  const hazards = data?.hazards?.length ? say("hazard_count", { n: data.hazards.length }) : "";
  fill(document, { school: data?.school.name ?? "\u00a0", unsent: String(unsent), hazards });
  return drawReadiness(day, isSettled);
}

// From the server, if it can be reached; what is on the phone is on the screen already.
async function load(school) {
  known = await whose();
  if (known?.user) fresh = await refresh(school ?? (await bootstrap())?.school.pk).catch(() => null);
  isSettled = true;
  await draw();
  await tidy().catch(() => {}); // there is a next time
}

// Not everybody opens the queue's page: what has lain here long enough goes from here as well.
async function tidy() {
  if (![...(await all("queue")), ...(await all("drafts"))].length) return;
  const { purge } = await import("./purge.js");
  await purge((await owner())?.uid);
}

find("[data-again]").addEventListener("click", async () => {
  await fillPages();
  await whose(true);
  await load();
});
events.addEventListener("state", draw);
for (const kind of ["online", "pageshow"]) addEventListener(kind, draw);
navigator.serviceWorker?.ready.then(draw);
await draw();
load();
