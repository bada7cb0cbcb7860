// Who is signed in as against whose data lie here; nothing of one person is shown to the next.

import { get, put, remember, remove, meta } from "./store.js";
import { APP, ask, call, isOther } from "./session.js";
import { bar } from "./host.js";
import { demand } from "./update.js";

let asked = null;

// The session, or null without network. One question a page, however many modules want to know.
export function whose(again = false) {
  if (again) asked = null;
  asked ??= check().catch(() => null);
  return asked;
}

async function check() {
  const session = await ask();
  const known = await meta("owner");
  if (session.min_client > APP) demand();
  bar("auth", !session.user && Boolean(known));
  if (session.user && known?.uid !== session.uid) {
    await remove("ref", "bootstrap");
    await remember("owner", { uid: session.uid, name: session.user, school: null });
  }
  await remember("is_shared", Boolean(session.is_shared));
  return session;
}

// What this phone has of the day, {…} as the server sent it, or null. Kept as {k: "bootstrap", v, etag}.
export async function bootstrap() {
  const day = (await get("ref", "bootstrap"))?.v;
  return day && !isOther(day) ? day : null;
}

// Fetch it if it changed. On a shared phone the hazards are only handed back, not kept.
export async function refresh(school) {
  const row = await get("ref", "bootstrap");
  const isSame = row && !row.isCut && (!school || row.v.school.pk === school);
  const address = school ? `/api/m/bootstrap?school=${school}` : "/api/m/bootstrap";
  const headers = isSame ? { "If-None-Match": row.etag } : {};
  const { status, ok, body, headers: back } = await call(address, { headers, seconds: 20 });
  if (status === 304) return row.v;
  if (!ok) return null;
  const isCut = Boolean(await meta("is_shared"));
  const v = isCut ? { ...body, hazards: [] } : body;
  await put("ref", { k: "bootstrap", v, etag: back.get("etag") ?? `"${body.etag}"`, isCut });
  await remember("owner", { uid: body.uid, name: body.name, school: body.school });
  if (body.min_client > APP) demand();
  return body;
}

// Back from the browser's own cache, perhaps after somebody else signed in.
addEventListener("pageshow", async (event) => {
  if (!event.persisted) return;
  const before = (await asked)?.uid;
  const now = await whose(true);
  if (now && before !== now.uid) location.reload();
});
