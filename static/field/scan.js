// Which point does somebody stand at: by the camera, by one photo of the label, or by its four digits.

import { show } from "./camera.js";
import { clone, fill } from "./draw.js";
import { pointOf } from "./label.js";
import { detector, readPhoto, watch } from "./reader.js";
import { bootstrap, refresh } from "./whose.js";
import { say } from "./words.js";

const PATIENCE = 4000; // milliseconds that a person at a wall waits for a fresh list

// The token of a point that this phone knows, or null when it was left.
export const scan = async () => (await locate())?.point.token ?? null;

// {point, how: "qr" | "code"}, {reason, how: "skip"} where a reason is taken (`zone`: for which zone), or null.
// `walk` is the day's data of a walk under way, whose school may not be the one that the phone shows.
export async function locate({ zone = null, walk = null } = {}) {
  const dialog = clone("scan");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const [digits, fault, status] = ["digits", "fault", "status"].map(part);
  let found = null;
  let off = () => {};
  let [end, last] = [() => {}, ""];

  const close = (what) => dialog.close(void (found = what));
  const tell = (key, values) => (fault.textContent = key ? say(key, values) : "");

  async function take(text, how) {
    const point = await known(text, walk);
    if (!dialog.open) return;
    if (point) return close({ point, how });
    tell(how === "qr" ? "scan_no_point" : navigator.onLine ? "scan_unknown" : "scan_unknown_offline", { code: text });
    if (how === "code") digits.elements.code.select();
  }
  function seen(text) {
    if (text === last) return; // the same label stays in the picture
    last = text;
    take(text, "qr");
  }
  async function photographed({ target }) {
    const [file] = target.files;
    if (!file) return;
    tell();
    status.textContent = say("scan_reading");
    const { text, fault: key } = await readPhoto(await eye, file);
    target.value = status.textContent = "";
    await (key ? tell(key) : take(text, "qr"));
  }
  async function look() {
    const reads = await eye;
    if (!reads) return (status.textContent = say("scan_no_reader"));
    try {
      off = await show(part("video"));
      if (!dialog.open) return off();
      part("live").hidden = false;
      end = watch(reads, part("video"), seen);
    } catch {
      status.textContent = say("scan_no_camera");
    }
  }

  const eye = detector();
  digits.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = digits.elements.code.value.normalize("NFKC").trim();
    if (/^\d{4}$/.test(code)) take(code, "code");
    else tell("scan_four");
  });
  part("photo").addEventListener("change", photographed);
  part("cancel").addEventListener("click", () => close(null));
  part("reason").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = event.target.elements.reason.value.trim();
    if (reason) close({ reason, how: "skip" });
    else tell("scan_reason");
  });
  part("skip").hidden = part("zone").hidden = !zone;
  fill(dialog, { zone: zone?.name ?? "" });

  document.body.append(dialog);
  dialog.showModal();
  look();
  await new Promise((resolve) => dialog.addEventListener("close", resolve));
  end();
  off();
  dialog.remove();
  return found;
}

// The point of the walk's or of this phone's list; a new one may have been put up since the list was fetched.
async function known(text, walk) {
  const day = walk ?? (await bootstrap());
  const point = pointOf(day?.points ?? [], text);
  if (point || !navigator.onLine) return point;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const fresh = await Promise.race([refresh(day?.school.pk).catch(() => null), patience]);
  const found = pointOf(fresh?.points ?? [], text);
  if (found) walk?.points.push(found);
  return found;
}
