// Burst mode: take all photos first, then choose some and press the item they belong to.

import { shot, targets } from "./burst_items.js";
import { clone } from "./draw.js";
import { add, drop, giveToFinding, giveToItem, loose } from "./loose.js";
import { wordOf } from "./keep.js";
import { bootstrap } from "./whose.js";
import { say } from "./words.js";

export { loose };
export { strip } from "./strip.js";

// Opens over the walk's page; `draft` is changed and stored as photos find their items. Returns how many are loose.
// `list` is the day's data under which the walk was begun; without it, today's.
export async function openBurst(draft, list = null) {
  const day = list ?? (await bootstrap());
  const dialog = clone("burst");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const words = { school: day.school.name, person: day.name, most: day.limits.photos_per_walk };
  let rows = [];
  let back = null;
  const shots = new Map();

  const tell = (key, values) => (part("status").textContent = key ? say(key, values) : "");
  const fail = (reason) => tell(...wordOf(reason));
  const chosen = () => rows.filter((row) => shots.get(row.cid)?.querySelector("input").checked);
  function count() {
    const n = chosen().length;
    part("count").textContent = n ? say("burst_chosen", { n }) : say("burst_loose", { n: rows.length });
    part("drop").disabled = !n;
    part("all").disabled = !rows.length;
  }
  async function show() {
    rows = await loose(draft);
    part("photos").replaceChildren(...rows.map((row, at) => shot(row, at, shots)));
    items.show(draft);
    part("undo").hidden = !back;
    count();
  }
  // Each change says what it did and how to take it back; one step is kept.
  async function change(act, key, values) {
    const some = chosen();
    try {
      back = await act();
      for (const row of some) shots.delete(row.cid);
      tell(key, values);
    } catch (reason) {
      fail(reason);
    }
    await show();
  }
  function give(item, isProblem) {
    const some = chosen();
    if (!some.length) return tell("burst_choose");
    const most = { most: day.limits.photos_per_finding };
    const act = () => (isProblem ? giveToFinding : giveToItem)(draft, item, some, most);
    return change(act, isProblem ? "burst_problem" : "burst_normal", { n: some.length, item: item.text });
  }
  async function taken(input) {
    const files = [...input.files];
    input.value = ""; // the same photo may be chosen again
    const faults = [];
    for (const [n, file] of files.entries()) {
      tell("burst_keeping", { n: n + 1, of: files.length });
      await add(draft, file, words).catch((reason) => faults.push(reason));
      await show();
    }
    if (faults.length) fail(faults.at(-1));
    else tell("burst_kept", { n: files.length });
  }

  const items = targets(part("items"), day, give);
  part("photos").addEventListener("change", count);
  for (const name of ["camera", "album"]) part(name).addEventListener("change", (event) => taken(event.target));
  for (const album of dialog.querySelectorAll("[data-from-album]")) album.hidden = day.switches?.album === false;
  part("all").addEventListener("click", () => {
    const isAll = chosen().length === rows.length;
    for (const box of part("photos").querySelectorAll("input")) box.checked = !isAll;
    count();
  });
  part("drop").addEventListener("click", () => {
    const some = chosen();
    change(() => drop(some), "burst_dropped", { n: some.length });
  });
  part("undo").addEventListener("click", () => change(async () => (await back(), null), "burst_undone"));
  part("close").addEventListener("click", () => dialog.close());

  await show();
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve));
  dialog.remove();
  return rows.length;
}
