// Photos into a finding of the walk, also when its sheet was left before they came.

import { shoot } from "./camera_input.js";
import { addPhotos, faultOf, inTurn } from "./shots.js";
import { problem, save } from "./walks.js";
import { say } from "./words.js";

const onTheirWay = new Map(); // finding → lots of photos
export const isBusy = (finding) => onTheirWay.get(finding) > 0;
const count = (finding, n) => onTheirWay.set(finding, (onTheirWay.get(finding) ?? 0) + n);

// Opens camera or album inside the press. `asked` is the sheet's {draft, item, zone, day} at that moment: another one
// may be open when the photos come. `told(finding, fault)` when they set out (no fault) and when they are kept or not.
export function camera(asked, list, kind, told) {
  shoot(kind, (files) => {
    const finding = problem(asked.draft, asked.item); // left without a photo, it was taken back
    count(finding, 1);
    told(finding);
    inTurn(async () => {
      const fault = await taken(asked, finding, list, files).catch(faultOf);
      count(finding, -1);
      told(finding, fault);
    });
  });
}

// The sentence about those that were too many, or "".
async function taken({ draft, day, zone }, finding, list, files) {
  const most = day.limits.photos_per_finding;
  const room = most - finding[list].length;
  await addPhotos(draft, files.slice(0, room), {
    what: list === "after" ? "after" : "finding", place: finding.place || zone.name, day,
    beside: () => finding[list],
    onEach: (cid) => {
      finding[list] = [...finding[list], cid];
      return save(draft);
    },
  });
  return files.length > room ? say("photo_too_many", { n: most }) : "";
}
