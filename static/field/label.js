// What a point's label says, and which point of this phone's list it names.

// /m/p/<token>, on labels printed earlier /p/<token>/, or the token or the four digits alone.
const LABEL = /^(?:\S*\/(?:m\/)?p\/)?([\w-]{4,22})\/?$/;

export function pointOf(points, text) {
  const mark = LABEL.exec(text.normalize("NFKC").trim())?.[1];
  return points.find(({ code, token }) => code === mark || token === mark) ?? null;
}
