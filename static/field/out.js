// Signing out: first what would be lost, then everything goes, here and at the server; here also without network.

import { call } from "./session.js";
import { inventory, takeOff } from "./leave.js";
import { fill } from "./draw.js";
import { say } from "./words.js";
import { rung } from "./host.js";

const sections = [...document.querySelectorAll("[data-out]")];
const section = (name) => sections.find((each) => each.dataset.out === name);

function only(name) {
  for (const each of sections) each.hidden = each.dataset.out !== name;
  return section(name);
}

// The server's part. Without network it must wait: a cookie that the server reads ends the session then.
async function endSession(isClear) {
  try {
    const { body: session } = await call("/api/m/session"); // nothing of it is kept: all has just gone
    const headers = { "X-CSRFToken": session.csrf };
    const body = new URLSearchParams(isClear ? { clear: "1" } : {});
    const answer = await fetch("/logout/", { method: "POST", headers, body });
    return answer.ok;
  } catch {
    document.cookie = "signed_out=1; path=/; max-age=31536000; samesite=lax";
    return false;
  }
}

async function leave() {
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  const others = await takeOff();
  const isEnded = await endSession(!others);
  fill(only("done"), { done: say(isEnded ? "out_done" : "out_later") });
}

async function start() {
  const which = await rung();
  const { unsent, drafts, others } = which === "online" ? { unsent: 0, drafts: 0, others: 0 } : await inventory();
  const all = unsent + drafts;
  const shown = fill(only(all ? "unsent" : "clear"), {
    unsent: say("unsent", { n: unsent, m: drafts }),
    others: say("left_others", { n: others }),
  });
  shown.querySelector("[data-f=others]").hidden = !others;
  section("clear").querySelector("[data-leave]").addEventListener("click", leave);
  section("unsent").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = event.target.querySelector("input").value.trim();
    if (typed === String(all)) leave();
    else fill(event.target, { wrong: say("count_wrong", { n: all }) });
  });
}

start();
