// Check-ins on the screen of the walk: plain numbers, a button at each zone where the bureau asks, labels scanned.

import { arrived, checkin, countOf, note, zonesWithPoints } from "./checkin.js";
import { clone, fill } from "./draw.js";
import { pointOf } from "./label.js";
import { get } from "./store.js";
import { save } from "./walks.js";
import { say } from "./words.js";

const tool = document.querySelector("[data-arrive]");
const rows = new Map(); // zone's kind → its line
let at = null;

export async function arrive(walk) {
  at = walk;
  const zones = zonesWithPoints(at.zones, at.day.points);
  if (!zones.length) return;
  const node = clone("arrive");
  node.querySelector("button").addEventListener("click", scanned);
  tool.replaceChildren(node);
  for (const zone of zones) rows.set(zone.kind, lineOf(zone));
  draw();
  addEventListener("hashchange", follow);
  await follow();
}

function lineOf(zone) {
  const line = clone("checkin");
  const button = line.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${zone.name}`);
  button.addEventListener("click", async () => {
    if (await checkin(at.draft, zone, at.day).catch(lost)) draw();
  });
  document.querySelector(`#z-${zone.kind} > header`).after(line);
  return line;
}

function draw() {
  const { draft, day } = at;
  const count = countOf(draft, at.zones, day.points);
  const isTold = day.switches.checkin || draft.checkins.length > 0;
  fill(tool, { arrivals: isTold ? say("checkin_count", count) : "" });
  for (const [kind, line] of rows) {
    const row = arrived(draft, kind);
    const isHere = Boolean(row) && row.how !== "skip";
    line.hidden = !row && !day.switches.checkin;
    line.querySelector("button").hidden = isHere || !day.switches.checkin;
    const point = day.points.find(({ pk }) => pk === row?.point);
    const values = { time: row ? new Date(row.t).toTimeString().slice(0, 5) : "", name: point?.name ?? "", why: row?.reason };
    fill(line, { arrival: row ? say(isHere ? "checkin_here" : "checkin_skipped", values) : "" });
  }
}

async function scanned() {
  const { locate } = await import("./scan.js");
  const found = await locate({ walk: at.day });
  if (found) await goTo(found.point, found.how);
}

// A label that the camera of the phone opened: /m/patrol/#p=<digits or token>.
async function follow() {
  const mark = new URLSearchParams(location.hash.slice(1)).get("p");
  if (!mark) return;
  const point = pointOf(at.day.points, mark);
  if (point) await goTo(point, "qr");
  else tell("scan_unknown", { code: mark });
}

// To the point's zone, with the check-in noted once.
async function goTo(point, how) {
  const zone = document.getElementById(`z-${point.zone}`);
  if (!zone) return tell("checkin_elsewhere", { name: point.name });
  tell();
  const known = arrived(at.draft, point.zone);
  if (!known || known.how === "skip") {
    note(at.draft, { zone: point.zone, point, how });
    // A label that is only looked at begins no walk: without check-ins asked for, the first answer stores it too.
    if (at.day.switches.checkin || (await get("drafts", at.draft.cid))) await save(at.draft).catch(lost);
  }
  draw();
  zone.scrollIntoView({ block: "start" });
  zone.querySelector("button[data-say]")?.focus({ preventScroll: true });
}

const tell = (key, values) => (document.querySelector("[data-said]").textContent = key ? say(key, values) : "");
const lost = () => (document.querySelector("[data-bar=lost]").hidden = false);
