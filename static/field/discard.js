// Throws a walk away that was begun by mistake: only after asking, and only what this phone holds.

import { request, transact } from "./store.js";
import { say } from "./words.js";

export async function discard({ draft }) {
  const n = Object.keys(draft.answers).length;
  if (n && !confirm(say("walk_discard_sure", { n }))) return;
  await transact(["drafts", "photos"], "readwrite", async (tx) => {
    const photos = tx.objectStore("photos");
    tx.objectStore("drafts").delete(draft.cid);
    for (const key of await request(photos.index("parent").getAllKeys(draft.cid))) photos.delete(key);
  });
  location.assign("/m/");
}
