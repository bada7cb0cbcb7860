// What lies on this phone, sorted into the piles that the queue's page shows for one person.

import { all, request, transact } from "./store.js";

const newest = (name) => (a, b) => (a[name] < b[name] ? 1 : -1);

// {waiting, sent, others, gone}: the records of `me`, what waits of whom else, and how many photos went ahead.
export async function records(me) {
  const queue = await all("queue");
  const mine = queue.filter((row) => row.owner === me);
  const waiting = mine.filter((row) => row.state !== "sent").sort(newest("finished"));
  const gone = new Map();
  for (const row of waiting) if (row.photos.length) gone.set(row.cid, (await tally(row.cid)).sent);
  return {
    waiting, gone, sent: mine.filter((row) => row.state === "sent").sort(newest("sentAt")),
    others: queue.filter((row) => row.owner !== me && row.state !== "sent"),
  };
}

// {mine, others}: walks and reports that were begun. Of mine without their content, of others' the owner alone.
export async function drafts(me) {
  const rows = await all("drafts");
  const mine = [];
  for (const { cid, kind, started, owner } of rows.filter((row) => row.owner === me).sort(newest("started"))) {
    mine.push({ cid, kind, started, owner, photos: (await tally(cid)).all });
  }
  return { mine, others: rows.filter((row) => row.owner !== me).map(({ owner }) => ({ owner })) };
}

// [[name, how many]] by person; a draft does not know its owner's name, a record of the same person may.
export function byPerson(rows) {
  const found = new Map();
  for (const { owner, name } of rows) {
    const known = found.get(owner) ?? ["", 0];
    found.set(owner, [known[0] || name || "", known[1] + 1]);
  }
  return [...found.values()];
}

// How many photos a record has here, and how many of them went: walked through one by one, their bytes are big.
function tally(parent) {
  return transact(["photos"], "readonly", async (tx) => {
    const count = { all: 0, sent: 0 };
    const walk = tx.objectStore("photos").index("parent").openCursor(parent);
    for (let at = await request(walk); at; at = await request(walk)) {
      count.all += 1;
      count.sent += at.value.sent ? 1 : 0;
      at.continue();
    }
    return count;
  });
}
