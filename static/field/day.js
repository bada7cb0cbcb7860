// Days and times as the school counts them, whatever the phone is set to.

const ZONE = "Asia/Shanghai";
const language = document.documentElement.lang;

// "2026-11-24" of a moment.
export const dayOf = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(moment);

export const shown = (moment, options) =>
  new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options }).format(moment);

// "11/24 08:12" of an ISO time.
export const timeOf = (iso) =>
  shown(new Date(iso), { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
