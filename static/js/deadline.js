// A deadline is being set: say at once what speaks against the day. Without this the server asks after sending.

async function ask(place, input) {
  if (!input.value) return place.replaceChildren();
  const query = new URLSearchParams({ day: input.value, name: input.name });
  const answer = await fetch(`${place.dataset.advice}?${query}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return; // the server asks again after sending
  const words = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (query.get("day") === input.value) place.replaceChildren(...words.childNodes);
}

for (const place of document.querySelectorAll("[data-advice]")) {
  const input = document.querySelector(`input[data-deadline][name="${CSS.escape(place.dataset.for)}"]`);
  if (!input) continue;
  input.addEventListener("change", () => ask(place, input));
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (!button) return;
    event.preventDefault();
    input.value = button.value;
    input.focus();
    ask(place, input);
  });
}
