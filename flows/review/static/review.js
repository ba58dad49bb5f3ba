/** Begins whatever this page has. */

import { startBoard } from "./board.js";
import { startCut } from "./cut.js";
import { startDialogs } from "./dialogs.js";
import { startFilter } from "./filter.js";
import { startForms } from "./forms.js";
import { bind, bindElements, startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startPricing } from "./pricing.js";
import { startSeams } from "./seam.js";
import { startTakes } from "./takes.js";
import { showTimes } from "./times.js";

for (const link of document.querySelectorAll("a[data-go]")) {
  bind("Everywhere", link.dataset.goLabel ?? link.textContent.trim(), link.dataset.go, () => link.click());
  link.setAttribute("aria-keyshortcuts", link.dataset.go);
}
startDialogs();
startTakes();
startCut();
startSeams();
startFilter();
startBoard();
startForms();
startPricing();
startKeys();
startLive();
showTimes();
document.addEventListener("tailframe:swapped", ({ detail }) => {
  for (const each of detail) {
    bindElements(each);
    showTimes(each);
  }
  startSeams();
});
const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done"); // said once; a page that is read again has nothing done
  history.replaceState(history.state, "", address);
}
document.documentElement.dataset.ready = "yes";
