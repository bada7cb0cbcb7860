// A draft as it is written: kept at each change, one write after the other, found again when the page was closed.

import { show } from "./chip.js";
import { bar } from "./host.js";
import { all, get, put } from "./store.js";
import { enqueue } from "./sync.js";
import { bootstrap, refresh, whose } from "./whose.js";

const PATIENCE = 1500; // ms: a slow server must not keep a person from working
const ended = new Set(); // drafts that became records: a late write would bring them back
let last = Promise.resolve();

// The day's data and whether its owner is signed out. Asked of the server only as long as that takes no time:
// another person may have signed in meanwhile, and nothing of the one before is shown to them.
export async function theDay() {
  const session = await Promise.race([whose(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const data = (await bootstrap()) ?? (await refresh().catch(() => null));
  return { data, isOut: Boolean(session && !session.user) };
}

// A new draft of `kind`; it is not on the phone before its first save. Its times are the phone's own, uncorrected:
// the server sets them right by the difference that the record brings along.
export async function begin(kind, { uid, school }, parts) {
  const started = new Date().toISOString();
  return { cid: crypto.randomUUID(), kind, owner: uid, school: school.pk, started, day: null, ...parts };
}

// Write it and read it back: a phone that keeps nothing must say so at once. Resolves to whether it is kept.
export function save(draft) {
  if (ended.has(draft.cid)) return last;
  const copy = structuredClone(draft);
  last = last.then(async () => {
    try {
      await put("drafts", copy);
      const isKept = Boolean(await get("drafts", copy.cid));
      if (isKept) show("saved");
      bar("lost", !isKept);
      return isKept;
    } catch {
      bar("lost");
      return false;
    }
  });
  return last;
}

// The drafts of one person and kind, the newest first.
export async function begun(kind, uid) {
  const rows = (await all("drafts")).filter((draft) => draft.kind === kind && draft.owner === uid);
  return rows.sort((a, b) => (a.started < b.started ? 1 : -1));
}

// The draft becomes a record of the queue; returns the queue's row.
export async function hand(draft, parts, photos, title) {
  ended.add(draft.cid);
  await last;
  const { kind, owner, school, started } = draft;
  const record = { kind, owner, school, started, finished: new Date().toISOString(), ...parts };
  try {
    return await enqueue({ draft, record, photos, title });
  } catch (fault) {
    ended.delete(draft.cid); // nothing was written: it is a draft still
    throw fault;
  }
}
