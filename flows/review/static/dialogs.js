/** Native dialogs: buttons that open them, and the list of keys. Browsers that know `command` need none of it. */

import { bind, listKeys, allowSingleKeys, singleKeys } from "./keys.js";

const NATIVE = "command" in HTMLButtonElement.prototype;

export function startDialogs() {
  if (!NATIVE) document.addEventListener("click", byHand);
  document.addEventListener("click", lightDismiss);
  const help = document.getElementById("keys");
  if (!help) return;
  const open = () => {
    listKeys(help.querySelector(".key-list"));
    if (!help.open) help.showModal();
  };
  bind("Everywhere", "All keys", "?", open);
  for (const each of document.querySelectorAll("[data-opens-keys]")) {
    each.hidden = false;
    each.addEventListener("click", open);
  }
  const single = help.querySelector("[data-single-keys]");
  single.checked = singleKeys();
  single.addEventListener("change", () => allowSingleKeys(single.checked));
}

function byHand(event) {
  const button = event.target.closest("button[commandfor]");
  const dialog = button && document.getElementById(button.getAttribute("commandfor"));
  if (!dialog) return;
  if (button.getAttribute("command") === "show-modal") dialog.showModal();
  else dialog.close();
}

/** A press beside a dialog closes it, where nothing is written in it yet. */
function lightDismiss(event) {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  const written = [...dialog.querySelectorAll("textarea, input[type='text']")].some((each) => each.value !== each.defaultValue);
  if (!inside && !written) dialog.close();
}
