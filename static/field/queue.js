// The page of the queue: draws what is on this phone, for the person who is signed in and for nobody else.

import { bind } from "./acts.js";
import { draftCard, lockedCard, recordCard, sendingWords, sentCard } from "./cards.js";
import { byPerson, drafts, records } from "./piles.js";
import { purge } from "./purge.js";
import { stamp } from "./receipt.js";
import { owner } from "./session.js";
import { events, nextTry } from "./sync.js";
import { whose } from "./whose.js";
import { say } from "./words.js";

const part = (name) => document.querySelector(`[data-q=${name}]`);
const ANSWERED = new Set(["sending", "sent", "idle", "auth", "failed", "blocked", "other"]); // by the server
const shown = { waiting: [], sent: [] };
let me; // whose records may be drawn; undefined until that is known
let drawing = Promise.resolve();

// Nothing is drawn before it is known for whom: asked of the server, or remembered when there is no way to it.
async function start(again = false) {
  const session = await whose(again);
  me = session?.uid ?? (await owner())?.uid ?? null;
  part("checking").hidden = true;
  await draw();
}

function blank() {
  me = undefined;
  part("checking").hidden = false;
  part("receipt").close();
  part("paper").replaceChildren();
  for (const list of document.querySelectorAll("[data-rows]")) list.replaceChildren();
}

const draw = () => (drawing = drawing.then(redraw, redraw));

async function redraw() {
  const asked = me;
  if (asked === undefined) return;
  const notes = await purge(asked);
  const [found, begun] = [await records(asked), await drafts(asked)];
  if (me !== asked) return;
  Object.assign(shown, found);
  const next = nextTry ? new Date(nextTry) : null;
  const held = document.activeElement?.closest("[data-cid]")?.dataset.cid;
  const act = document.activeElement?.dataset.act;
  rows("waiting", found.waiting.map((row) => recordCard(row, found.gone.get(row.cid) ?? 0, next)));
  rows("drafts", begun.mine.map(draftCard));
  rows("others", byPerson([...found.others, ...begun.others]).map(([name, n]) => lockedCard(name, n)));
  rows("sent", found.sent.map(sentCard));
  rows("notes", notes.map(noteLine));
  part("all").hidden = !found.waiting.length;
  part("empty").hidden = Boolean(found.waiting.length || begun.mine.length);
  if (held) document.querySelector(`[data-cid="${held}"] [data-act=${act}]:not([hidden])`)?.focus();
}

function rows(name, nodes) {
  part(name).hidden = !nodes.length;
  part(name).querySelector("[data-rows]").replaceChildren(...nodes);
}

function noteLine({ name, n, at }) {
  const words = { name: name || say("queue_somebody"), n, day: stamp(at).slice(0, 10) };
  return Object.assign(document.createElement("li"), { textContent: say("queue_purged", words) });
}

// While photos go up only one line changes; every other news draws the page anew.
events.addEventListener("state", ({ detail }) => {
  const line = document.querySelector(`[data-cid="${detail.cid}"][data-state=sending] [data-f=why]`);
  if (detail.state === "sending" && line) line.textContent = sendingWords(detail);
  else draw();
  if (detail.state === "offline") part("offline").hidden = false;
  else if (ANSWERED.has(detail.state)) part("offline").hidden = true;
  if (detail.state === "auth" || detail.state === "other") start(true);
});
// A page that comes back from the browser's memory may come back to somebody else.
addEventListener("pagehide", blank);
addEventListener("pageshow", (event) => event.persisted && start(true));
document.addEventListener("visibilitychange", () => document.hidden || start(true));

bind({ part, shown, draw });
start();
