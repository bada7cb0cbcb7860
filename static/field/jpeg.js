// A picture out of a canvas as a JPEG that is small enough to send and carries none of the camera's data.

import { INK } from "./ink.js";
import { PhotoError } from "./picture.js";

export const LIMIT = 307200; // bytes, as in the day's `limits.photo_bytes`
const STEPS = [0.85, 0.8, 0.72, 0.6, 0.5, 0.4];

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
}

function blobOf(canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new PhotoError("photo_unreadable"))), "image/jpeg", quality);
  });
}

// `paint(context, w, h)` draws on top and says how many pixels at the bottom it has taken.
function draw(canvas, picture, edge, paint) {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new PhotoError("photo_unreadable");
  context.fillStyle = INK.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "medium";
  context.drawImage(picture.source, 0, 0, canvas.width, canvas.height);
  return paint?.(context, canvas.width, canvas.height) ?? 0;
}

// Lower the quality until it fits; what never fits (noise, gravel, leaves) becomes smaller instead of mush.
export async function jpeg(picture, { edge, quality = 0.72, limit = LIMIT, paint }) {
  const canvas = document.createElement("canvas");
  try {
    for (let longest = Math.min(edge, Math.max(picture.width, picture.height)); ; ) {
      const band = draw(canvas, picture, longest, paint);
      let blob;
      for (const step of STEPS.filter((each) => each <= quality)) {
        blob = await blobOf(canvas, step);
        if (blob.size <= limit) return await sealed(blob, canvas.width, canvas.height, band);
      }
      longest = Math.floor(longest * Math.max(0.5, Math.min(0.9, Math.sqrt(limit / blob.size))));
    }
  } finally {
    canvas.width = canvas.height = 0; // Safari keeps a canvas's memory until it is emptied
  }
}

async function sealed(blob, w, h, band) {
  const bytes = await blob.arrayBuffer();
  return { bytes, type: "image/jpeg", w, h, band, sha256: await sha256(bytes) };
}
