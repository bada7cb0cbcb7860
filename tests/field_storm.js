// Run inside a page of the field client, through the modules that the page itself has loaded.

const soon = async (look, what) => {
  for (let n = 0; n < 300; n += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come`);
};

const loaded = async (name) => {
  const made = new RegExp(`/static/field/${name}(\\.[0-9a-f]+)?\\.js$`);
  const names = () => performance.getEntriesByType("resource").map((entry) => entry.name);
  return import(await soon(() => names().find((url) => made.test(url)), `${name}.js`));
};

// The day's data, once the page has fetched it.
async function theDay() {
  const { get } = await loaded("store");
  return (await soon(() => get("ref", "bootstrap"), "the day's data")).v;
}

const theDayWithHazards = () =>
  soon(async () => {
    const day = await theDay();
    return day.hazards.some((row) => row.may_submit) && day;
  }, "the day's data with open hazards");

async function sendNow() {
  const { flush } = await loaded("sync");
  await soon(async () => {
    await flush("tap");
    return Object.keys(await left()).length === 0;
  }, "the end of the sending");
}

const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;

async function fill(batch) {
  const { request, transact } = await loaded("store");
  const { enqueue } = await loaded("outbox");
  for (const { draft, record, photos, title } of batch) {
    const rows = photos.map(({ base64, ...row }) => ({ ...row, bytes: bytesOf(base64) }));
    await transact(["photos"], "readwrite", (tx) =>
      Promise.all(rows.map((row) => request(tx.objectStore("photos").put(row)))));
    await enqueue({ draft, record, photos: rows.map((row) => row.cid), title });
  }
}

// The client heeds `online`; it is told so a moment after every failure, so that nobody waits five minutes.
async function wakeAfterEachFailure() {
  const { events } = await loaded("sync");
  events.addEventListener("state", ({ detail }) => {
    if (detail.state === "offline" || detail.state === "failed")
      setTimeout(() => dispatchEvent(new Event("online")), 30);
  });
}

async function left() {
  const { all } = await loaded("store");
  const found = {};
  for (const { state } of await all("queue")) if (state !== "sent") found[state] = (found[state] ?? 0) + 1;
  return found;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const printOf = async (record) =>
  hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(record))));

async function everything(given) {
  const { all } = await loaded("store");
  const queue = [];
  for (const { cid, state, receipt, record, error, tries } of await all("queue"))
    queue.push({ cid, state, receipt, error, tries, sha256: record ? await printOf(record) : "" });
  return { queue: queue.filter(({ cid }) => given.includes(cid)), photos: (await all("photos")).length, drafts: (await all("drafts")).length };
}
