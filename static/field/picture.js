// A file as an upright picture, one at a time, or a clear word why not.

// What went wrong with a photo, as the key of a word and the numbers in it.
export class PhotoError extends Error {
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

let last = Promise.resolve();
// One picture at a time: two at full size side by side are more than a small phone's memory holds.
export function alone(work) {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}

// {source, width, height, close}: upright, by the camera's own mark. What no decoder knows is refused.
export async function decode(blob) {
  try {
    const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
    return { source: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() };
  } catch {
    return decodeByImage(blob); // browsers without the option above, or without the function
  }
}

async function decodeByImage(blob) {
  const image = new Image();
  const address = URL.createObjectURL(blob);
  const close = () => {
    URL.revokeObjectURL(address);
    image.removeAttribute("src");
  };
  try {
    image.src = address;
    await image.decode();
    if (!image.naturalWidth || !image.naturalHeight) throw new Error("no pixels");
    return { source: image, width: image.naturalWidth, height: image.naturalHeight, close };
  } catch {
    close();
    throw new PhotoError("photo_unreadable");
  }
}
