// Reads codes out of the camera or a photo: by the browser where it can, else by the server while there is one.

import { call, ask } from "./session.js";
import { jpeg } from "./jpeg.js";
import { alone, decode } from "./picture.js";

const EVERY = 150; // milliseconds between two looks at the camera
const EDGE = 1280; // pixels of a photo that the server reads

// What reads codes here, or null: Safari and Firefox have none, some browsers have it without QR codes.
export async function detector() {
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null;
  }
}

// Look at the camera until `seen(text)` has had enough; returns what ends it.
export function watch(eye, video, seen) {
  let isOn = true;
  const look = async () => {
    if (!isOn) return;
    const found = await eye.detect(video).catch(() => []); // no picture yet, or the page is in the background
    for (const { rawValue } of found) if (isOn) seen(rawValue);
    if (isOn) setTimeout(look, EVERY);
  };
  look();
  return () => (isOn = false);
}

// {text} of the code in a photo, {fault: key of a word} if there is none or nobody to read it.
export function readPhoto(eye, file) {
  return alone(async () => {
    const picture = await decode(file).catch(() => null);
    if (!picture) return { fault: "photo_unreadable" };
    try {
      const found = eye ? await eye.detect(picture.source).catch(() => []) : [];
      if (found.length) return { text: found[0].rawValue };
      return await byServer(picture);
    } finally {
      picture.close();
    }
  });
}

const FAULTS = { no_code: "scan_no_code", no_point: "scan_no_point", sign_in: "scan_sign_in" };

async function byServer(picture) {
  try {
    const { csrf } = await ask();
    const { bytes } = await jpeg(picture, { edge: EDGE });
    const headers = { "Content-Type": "image/jpeg", "X-CSRFToken": csrf };
    const { ok, body } = await call("/api/m/scan", { method: "POST", body: bytes, headers, seconds: 30 });
    return ok ? { text: body.token } : { fault: FAULTS[body?.code] ?? "scan_busy" };
  } catch {
    return { fault: "scan_offline" };
  }
}
