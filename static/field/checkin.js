// Check-ins at the zones of a walk: where somebody stood, or why not. Numbers to read, nothing to score.

import { save } from "./walks.js";

const HERE = new Set(["qr", "code"]);

// The zones of the walk at which a label hangs.
export const zonesWithPoints = (zones, points) => zones.filter(({ kind }) => points.some(({ zone }) => zone === kind));

// The check-in of a zone: the arrival if there is one, else the reason why not, else null.
export function arrived(draft, kind) {
  const rows = draft.checkins.filter(({ zone }) => zone === kind);
  return rows.find(({ how }) => HERE.has(how)) ?? rows.at(-1) ?? null;
}

// {n, m}: zones reached, of those at which one can check in.
export function countOf(draft, zones, points) {
  const all = zonesWithPoints(zones, points);
  return { n: all.filter(({ kind }) => HERE.has(arrived(draft, kind)?.how)).length, m: all.length };
}

// Note it in the draft. The time is the phone's, like every time of a record; the server knows the difference.
export function note(draft, { zone, point = null, how, reason = "" }) {
  const row = { zone, point: point?.pk ?? null, t: new Date().toISOString(), how, reason };
  draft.checkins.push(row);
  return row;
}

// Ask where somebody stands, or why the zone is left out. A label of another zone counts where it hangs.
export async function checkin(draft, zone, walk) {
  const { locate } = await import("./scan.js");
  const found = await locate({ zone, walk });
  if (!found) return null;
  const row = note(draft, { ...found, zone: found.point?.zone ?? zone.kind });
  await save(draft);
  return row;
}
