// The colours drawn into photos: they belong to the picture, so the page's light or dark does not change them.

export const INK = {
  band: "rgb(0 0 0 / 0.55)", // under the watermark
  words: "rgb(255 255 255)",
  mark: "rgb(229 25 32)", // arrows and circles
  halo: "rgb(255 255 255)", // around them, so that they show on red and on dark ground
  ground: "rgb(255 255 255)", // behind a picture with holes: a JPEG has none
};
