// The sentence of the day and its one button.

import { dayOf, shown, timeOf } from "./day.js";
import { fill } from "./draw.js";
import { say } from "./words.js";

// What is to be done, in the order of its weight: [sentence, detail, words on the button, address].
function duty({ rung, data, day, isOut, drafts = [], queue = [] }) {
  if (rung === "online") return [say("no_storage"), say("no_storage_detail"), say("online_form"), "/patrol/"];
  const walk = drafts.find((draft) => draft.kind === "patrol");
  if (walk) {
    const values = { done: Object.keys(walk.answers ?? {}).length, all: walk.items?.length ?? 0 };
    return [say("started"), say("started_detail", values), say("go_on"), "/m/patrol/"];
  }
  const today = queue.filter((row) => row.kind === "patrol" && dayOf(new Date(row.finished)) === day);
  if (today.some((row) => row.state !== "sent"))
    return [say("waiting"), say("waiting_detail"), say("waiting_show"), "/m/queue/"];
  if (isOut) return [say("no_session"), say("no_session_detail"), say("sign_in"), "/login/?next=/m/"];
  if (!data?.days?.[day]) return [say("no_list"), say("no_list_detail"), say("again"), "/m/"];
  const receipt = today.find((row) => row.receipt)?.receipt;
  if (receipt) {
    const values = { number: receipt.number, time: timeOf(receipt.received) };
    return [say("sent"), say("sent_detail", values), say("walk_again"), "/m/patrol/"];
  }
  const { items, photo, is_school_day: isDue = true } = data.days[day];
  const detail = say("due_detail", { n: items.length, m: photo.length });
  return isDue
    ? [say("due"), detail, say("begin"), "/m/patrol/"]
    : [say("closed_day"), detail, say("report_hazard"), "/m/snap/"];
}

export function hero(facts) {
  const [sentence, detail, words, address] = duty(facts);
  const spot = document.querySelector("[data-hero]");
  const day = shown(new Date(), { month: "long", day: "numeric", weekday: "long" });
  fill(spot, { day, sentence, detail, button: words });
  spot.querySelector("[data-f=button]").href = address;
}
