// What was not sent, with its photos, as ONE file that any other device can hand in at /m/rescue/.
//
// Lines of JSON, photos in base64. Not a zip: a zip's table of contents stands at its end, so half a file is no
// file; here every line stands for itself, says its own sum, and a file cut short still yields what is whole. It
// is plain text (.txt): every phone, mail and chat passes it on, and needs no code to make beyond this. A record's
// body is the very text that sync.js would have sent, so the server knows it again when the phone sends it too.

import { allOf } from "./store.js";
import { APP, device, now } from "./session.js";

export const VERSION = 1;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sum = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// The file for `rows` of the queue; one photo at a time in memory: each becomes a Blob, which may live on the disk.
export async function rescueFile(rows) {
  const lines = [{ type: "rescue", version: VERSION, app: APP, device: await device(), records: rows.length }];
  const parts = [text(lines[0])];
  let photos = 0;
  for (const row of rows) {
    const mine = (await allOf("photos", "parent", row.cid)).filter((photo) => row.photos.includes(photo.cid));
    parts.push(text(await recordLine(row, mine.length)));
    for (const photo of mine) parts.push(text(await photoLine(photo)));
    photos += mine.length;
  }
  parts.push(text({ type: "end", records: rows.length, photos }));
  const name = `xiaoan-${(await now()).toISOString().slice(0, 16).replace(/[^0-9T]/g, "").replace("T", "-")}.txt`;
  return { file: new File(parts, name, { type: "text/plain" }), records: rows.length, photos };
}

const text = (line) => new Blob([JSON.stringify(line), "\n"]);

async function recordLine(row, photos) {
  const body = JSON.stringify(row.record);
  const sha256 = await sum(new TextEncoder().encode(body));
  return { type: "record", uuid: row.cid, title: row.title, name: row.name, finished: row.finished, photos, sha256, body };
}

async function photoLine(photo) {
  const { cid, parent, sha256, taken } = photo;
  return { type: "photo", uuid: cid, parent, sha256, taken, data: await base64(photo.bytes) };
}

function base64(bytes) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
}

// Hand the file over: a link that stays on the page, pressed once by itself. Works offline and without a worker.
export function offer(link, file) {
  if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.hidden = false;
  link.click();
}

// Chats and mail by the phone's own menu, where the browser has one: some phones cannot save a file from a page.
export const canShare = (file) => Boolean(navigator.canShare?.({ files: [file] }));
export const share = (file) => navigator.share({ files: [file], title: file.name }).catch(() => {});
