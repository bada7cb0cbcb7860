// A walk is begun from the day's list, or goes on under the list with which it was begun.

import { all, get, remove, request, transact } from "./store.js";
import { now, owner } from "./session.js";
import { dayOf } from "./day.js";
import { bootstrap } from "./whose.js";

// {draft, day: the day's data}: the walk that this person has under way, or a new one; null without a list.
export async function begin() {
  const me = await owner();
  const day = await bootstrap();
  if (!me || !day) return null;
  const drafts = await all("drafts");
  const mine = drafts.find((draft) => draft.kind === "patrol" && draft.owner === me.uid);
  if (mine) mine.list ??= (await get("ref", `list-${mine.cid}`))?.v;
  await tidy(drafts);
  if (mine) return { draft: mine, day: listOf(mine, day) };
  const today = dayOf(await now());
  const due = day.days[today];
  if (!due) return null;
  const { template, zones, points, school, switches } = day;
  const draft = {
    cid: crypto.randomUUID(), kind: "patrol", owner: me.uid, school: school.pk, template: template.pk,
    started: new Date().toISOString(), day: today, items: due.items, must: due.photo, answers: {},
    findings: [], checkins: [], photosOf: {}, note: "", list: { template, zones, points, school, switches },
  };
  return { draft, day: listOf(draft, day) };
}

// A walk goes on under the list with which it was begun, whatever the server has sent since: that of another day
// lacks the items that were due only then, that of another school all of them. Labels hung up meanwhile count.
function listOf({ list }, day) {
  if (!list) return day;
  const isElsewhere = Boolean(list.school) && list.school.pk !== day.school.pk;
  const newer = isElsewhere ? [] : day.points;
  const older = (list.points ?? []).filter(({ pk }) => !newer.some((point) => point.pk === pk));
  return { ...day, ...list, points: [...newer, ...older], switches: (isElsewhere ? list : day).switches };
}

// The release before kept the list beside the draft, and one for each walk that was only looked at.
async function tidy(drafts) {
  const keys = await transact(["ref"], "readonly", (tx) => request(tx.objectStore("ref").getAllKeys()));
  const wanted = new Set(drafts.map(({ cid }) => `list-${cid}`));
  for (const key of keys) if (key.startsWith("list-") && !wanted.has(key)) await remove("ref", key);
}

// [{kind, name, items}] in the order in which the school walks.
export function zonesOf(draft, day) {
  const items = new Map(day.template.items.map((item) => [item.pk, item]));
  const due = draft.items.map((pk) => items.get(pk)).filter(Boolean);
  const zones = day.zones.map((zone) => ({ ...zone, items: due.filter((item) => item.zone === zone.kind) }));
  return zones.filter((zone) => zone.items.length);
}
