// The phone's own database: opened once, opened anew when the browser closes it, read back when it matters.

const NAME = "schoolsafety";
const VERSION = 1;
// Errors of a connection that died under us (WebKit under memory pressure): a new one helps.
const DEAD = new Set(["InvalidStateError", "UnknownError", "TransactionInactiveError"]);
let opening = null;
export let isWiped = false; // then this page keeps nothing more, whatever answer still comes in

function upgrade(db) {
  db.createObjectStore("meta", { keyPath: "k" });
  db.createObjectStore("ref", { keyPath: "k" });
  db.createObjectStore("drafts", { keyPath: "cid" });
  db.createObjectStore("queue", { keyPath: "cid" }).createIndex("state", "state");
  db.createObjectStore("photos", { keyPath: "cid" }).createIndex("parent", "parent");
}

export function open() {
  if (isWiped) return Promise.reject(new DOMException("signed out", "AbortError"));
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => upgrade(asked.result);
    asked.onsuccess = () => {
      const db = asked.result;
      db.onclose = () => (opening = null);
      db.onversionchange = () => {
        db.close();
        opening = null;
      };
      resolve(db);
    };
    asked.onerror = () => {
      opening = null;
      reject(asked.error);
    };
  });
  return opening;
}

export function request(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Run `act(tx)` in one transaction; its value comes back once everything is on the disk, else all is undone.
export async function transact(stores, mode, act, again = true) {
  try {
    const tx = (await open()).transaction(stores, mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
    });
    const value = await Promise.all([act(tx), ended]).catch((reason) => {
      ended.catch(() => {});
      try {
        tx.abort();
      } catch {
        // it has ended already
      }
      throw tx.error ?? reason;
    });
    return value[0];
  } catch (reason) {
    if (!again || !DEAD.has(reason?.name)) throw reason;
    opening = null;
    return transact(stores, mode, act, false);
  }
}

export const get = (store, key) => transact([store], "readonly", (tx) => request(tx.objectStore(store).get(key)));
export const all = (store) => transact([store], "readonly", (tx) => request(tx.objectStore(store).getAll()));
export const put = (store, row) => transact([store], "readwrite", (tx) => request(tx.objectStore(store).put(row)));
export const remove = (store, key) =>
  transact([store], "readwrite", (tx) => request(tx.objectStore(store).delete(key)));
export const allOf = (store, index, key) =>
  transact([store], "readonly", (tx) => request(tx.objectStore(store).index(index).getAll(key)));

export const meta = async (key) => (await get("meta", key))?.v;
export const remember = (key, v) => put("meta", { k: key, v });

// Does this browser keep what it is told to keep? Written, read back, taken away.
export async function works() {
  try {
    await remember("probe", 1);
    return (await meta("probe")) === 1;
  } catch {
    return false;
  }
}

// Everything goes: after signing out nothing of anybody stays here.
export async function wipe() {
  isWiped = true;
  if (opening) (await opening.catch(() => null))?.close();
  opening = null;
  await request(indexedDB.deleteDatabase(NAME));
}
