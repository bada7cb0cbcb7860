// Marks on a photo: how an arrow, a circle and a blurred box are drawn. Coordinates are the photo's own pixels.

import { INK } from "./ink.js";
import { pixelate } from "./pixelate.js";

// A press without a drag, or two points too near each other, makes a mark of a useful size at that place.
export function sized({ tool, x0, y0, x1, y1 }, w, h) {
  const unit = Math.max(w, h);
  if (Math.hypot(x1 - x0, y1 - y0) > unit / 50) return { tool, x0, y0, x1, y1 };
  if (tool === "arrow") {
    const [dx, dy] = [x0 > w / 2 ? -1 : 1, y0 > h / 2 ? -1 : 1]; // it comes from where there is room
    return { tool, x0: x0 + (dx * unit) / 8, y0: y0 + (dy * unit) / 8, x1: x0, y1: y0 };
  }
  const r = tool === "circle" ? unit / 12 : unit / 16;
  return { tool, x0: x0 - r, y0: y0 - r, x1: x0 + r, y1: y0 + r };
}

function boxOf({ x0, y0, x1, y1 }) {
  return { x: Math.min(x0, x1), y: Math.min(y0, y1), w: Math.abs(x1 - x0), h: Math.abs(y1 - y0) };
}

// White below, red above: legible on any ground.
function stroke(context, path, thick) {
  context.lineCap = context.lineJoin = "round";
  for (const [style, width] of [[INK.halo, thick * 1.8], [INK.mark, thick]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke(path);
  }
}

function arrow({ x0, y0, x1, y1 }, head) {
  const path = new Path2D();
  const angle = Math.atan2(y1 - y0, x1 - x0);
  path.moveTo(x0, y0);
  path.lineTo(x1, y1);
  for (const side of [-0.45, 0.45]) {
    path.moveTo(x1, y1);
    path.lineTo(x1 - head * Math.cos(angle + side), y1 - head * Math.sin(angle + side));
  }
  return path;
}

function circle(mark) {
  const { x, y, w, h } = boxOf(mark);
  const path = new Path2D();
  path.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
  return path;
}

function rectangle(mark) {
  const { x, y, w, h } = boxOf(mark);
  const path = new Path2D();
  path.rect(x, y, w, h);
  return path;
}

function cross({ x0, y0 }, arm) {
  const path = new Path2D();
  path.moveTo(x0 - arm, y0);
  path.lineTo(x0 + arm, y0);
  path.moveTo(x0, y0 - arm);
  path.lineTo(x0, y0 + arm);
  return path;
}

// `box` is a blur still being drawn, `cross` where the keyboard stands: neither is ever part of a photo.
const SHAPES = { arrow, circle, box: rectangle, cross };

// All marks in their order; the line at the bottom (`band` pixels) stays as it was printed.
export function paint(context, marks, band) {
  const { width, height } = context.canvas;
  const thick = Math.max(3, Math.max(width, height) / 200);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height - band);
  context.clip();
  for (const mark of marks) {
    if (mark.tool === "blur") pixelate(context, boxOf(mark));
    else stroke(context, SHAPES[mark.tool](mark, thick * 6), thick);
  }
  context.restore();
}
