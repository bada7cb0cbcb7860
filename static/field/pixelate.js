// Blurs a box of a picture for good: faces of pupils, number plates.

const CELLS = 6; // along the longer side: fewer than a face or a plate needs to be known again

// The mean of each cell replaces it: what was there is gone from the picture, not hidden under it.
export function pixelate(context, box) {
  const { canvas } = context;
  const [left, top] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const w = Math.min(canvas.width, Math.ceil(box.x + box.w)) - left;
  const h = Math.min(canvas.height, Math.ceil(box.y + box.h)) - top;
  if (w < 1 || h < 1) return;
  const cell = Math.ceil(Math.max(w, h) / CELLS);
  const { data } = context.getImageData(left, top, w, h);
  for (let y = 0; y < h; y += cell) {
    for (let x = 0; x < w; x += cell) {
      context.fillStyle = mean(data, w, x, y, Math.min(x + cell, w), Math.min(y + cell, h));
      context.fillRect(left + x, top + y, Math.min(cell, w - x), Math.min(cell, h - y));
    }
  }
}

function mean(data, width, left, top, right, bottom) {
  const sum = [0, 0, 0];
  let n = 0;
  for (let y = top; y < bottom; y += 2) {
    for (let x = left; x < right; x += 2, n += 1) {
      for (const c of [0, 1, 2]) sum[c] += data[(y * width + x) * 4 + c];
    }
  }
  return `rgb(${sum.map((each) => Math.round(each / n)).join(" ")})`;
}
