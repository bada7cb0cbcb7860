// A receipt as a piece of the page: for the walk that was just sent, and for those of the last fortnight.

import { clone, fill } from "./draw.js";
import { say } from "./words.js";

const TIME = { timeZone: "Asia/Shanghai", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" };
const CLOCK = new Intl.DateTimeFormat("sv-SE", { ...TIME, hour: "2-digit", minute: "2-digit" });

// "2026-11-24 08:31" by the school's clock, whatever zone the phone is set to.
export function stamp(iso) {
  const time = new Date(iso ?? NaN);
  return Number.isNaN(time.getTime()) ? "" : CLOCK.format(time);
}

// The section for one receipt; `title` says what was sent.
export function receiptOf(receipt, title) {
  const node = clone("receipt");
  const received = stamp(receipt.received);
  fill(node, { title, number: receipt.number, message: receipt.message, received, sha256: receipt.sha256 });
  node.querySelector("[data-f=message]").hidden = !receipt.message;
  node.setAttribute("aria-label", `${title} ${receipt.number}`);
  list(node, "flags", receipt.flags, (flag) => tag(say(`receipt_${flag}`)));
  // A snap report is its hazard: the number stands above already.
  const others = receipt.findings?.filter((row) => row.number !== receipt.number);
  list(node, "findings", others, (row) => link(row.url, row.number));
  list(node, "missed", receipt.missed, (text) => text);
  const open = node.querySelector("[data-open]");
  if (local(receipt.url)) open.href = receipt.url;
  else open.remove();
  node.querySelector("[data-copy]").onclick = () => copy(node, receipt, title);
  node.querySelector("[data-print]").onclick = () => print(node);
  return node;
}

function list(node, name, rows, draw) {
  const target = node.querySelector(`[data-list=${name}]`);
  for (const row of rows ?? []) {
    const line = document.createElement("li");
    line.append(draw(row));
    target.append(line);
  }
  (target.closest("[data-part]") ?? target).hidden = !rows?.length;
}

function tag(words) {
  const node = document.createElement("span");
  node.className = "tag tag-warn";
  node.textContent = words;
  return node;
}

// An address of this very site, or nothing: a receipt leads nowhere else.
const local = (url) => /^\/(?!\/)/.test(url ?? "");

function link(url, words) {
  const node = document.createElement(local(url) ? "a" : "span");
  if (local(url)) node.href = url;
  node.textContent = words;
  return node;
}

async function copy(node, receipt, title) {
  const numbers = new Set([receipt.number, ...(receipt.findings ?? []).map((row) => row.number)]);
  const words = [title, [...numbers].join(" "), stamp(receipt.received), `SHA-256 ${receipt.sha256}`];
  const done = await write(node, words.filter(Boolean).join("\n")).then(() => true, () => false);
  node.querySelector("[data-said]").textContent = say(done ? "receipt_copied" : "receipt_not_copied");
}

// The clipboard where the browser gives it, else a selection that the old command copies. The selection is made
// inside the receipt: outside an open dialog nothing can be selected.
async function write(node, words) {
  if (navigator.clipboard?.writeText) {
    const went = await navigator.clipboard.writeText(words).then(() => true, () => false);
    if (went) return;
  }
  const area = document.createElement("textarea");
  area.value = words;
  area.className = "vh";
  node.append(area);
  area.select();
  const went = document.execCommand("copy");
  area.remove();
  if (!went) throw new Error("no clipboard");
}

// The receipt alone on the sheet: a copy beside the page, which the print rules show instead of it.
function print(node) {
  const sheet = document.createElement("div");
  sheet.className = "print-sheet";
  sheet.append(node.cloneNode(true));
  document.body.append(sheet);
  document.documentElement.dataset.print = "sheet";
  addEventListener("afterprint", () => (sheet.remove(), delete document.documentElement.dataset.print), { once: true });
  window.print();
}
