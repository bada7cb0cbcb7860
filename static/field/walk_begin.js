// A walk is begun from the day's list, or goes on under the list with which it was begun.

import { all, get, put } from "./store.js";
import { now, owner } from "./session.js";
import { dayOf } from "./day.js";
import { bootstrap } from "./whose.js";

// {draft, day: the day's data}: the walk that this person has under way, or a new one; null without a list.
export async function begin() {
  const me = await owner();
  const day = await bootstrap();
  if (!me || !day) return null;
  const mine = (await all("drafts")).filter((draft) => draft.kind === "patrol" && draft.owner === me.uid);
  if (mine.length) return { draft: mine[0], day: await listOf(mine[0], day) };
  const today = dayOf(await now());
  const list = day.days[today];
  if (!list) return null;
  const draft = {
    cid: crypto.randomUUID(), kind: "patrol", owner: me.uid, school: day.school.pk, template: day.template.pk,
    started: new Date().toISOString(), day: today, items: list.items, must: list.photo, answers: {},
    findings: [], checkins: [], photosOf: {}, note: "",
  };
  await put("ref", { k: `list-${draft.cid}`, v: { template: day.template, zones: day.zones } });
  return { draft, day };
}

// A walk goes on under the list with which it was begun, whatever the server has sent since.
async function listOf(draft, day) {
  const kept = (await get("ref", `list-${draft.cid}`))?.v;
  return draft.template === day.template.pk || !kept ? day : { ...day, ...kept };
}

// [{kind, name, items}] in the order in which the school walks.
export function zonesOf(draft, day) {
  const items = new Map(day.template.items.map((item) => [item.pk, item]));
  const due = draft.items.map((pk) => items.get(pk)).filter(Boolean);
  const zones = day.zones.map((zone) => ({ ...zone, items: due.filter((item) => item.zone === zone.kind) }));
  return zones.filter((zone) => zone.items.length);
}
