// A phrase suggests how bad it is; what a person chose by hand stays. The photo of after shows when asked for.

const grades = [...document.querySelectorAll("input[name=proposed_grade]")];
let byHand = false;
for (const grade of grades) grade.addEventListener("click", () => (byHand = true));
for (const phrase of document.querySelectorAll("input[name=phrase][data-grade]")) {
  phrase.addEventListener("change", () => {
    const suggested = grades.find((grade) => grade.value === phrase.dataset.grade);
    if (suggested && !byHand) suggested.checked = true;
  });
}

const fixed = document.querySelector("input[name=is_fixed_on_spot]");
const after = document.querySelector("[name=after_photos]")?.closest(".field");
if (fixed && after) {
  const show = () => (after.hidden = !fixed.checked);
  fixed.addEventListener("change", show);
  show();
}
