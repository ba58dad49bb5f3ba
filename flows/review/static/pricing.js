/** The price of a retake, asked for and shown in a dialog: nothing is ordered before its button is pressed. */

import { announce, toast } from "./announce.js";
import { parsed } from "./live.js";

export function startPricing() {
  const dialog = document.getElementById("price");
  if (!dialog) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-form='price']")) return;
    event.preventDefault();
    ask(form, dialog);
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-closes]")) return;
    event.preventDefault();
    dialog.close();
  });
}

async function ask(form, dialog) {
  const to = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  const button = form.querySelector("[type='submit']");
  button.setAttribute("aria-busy", "true");
  try {
    const page = parsed(await (await fetch(to, { headers: { Accept: "text/html" } })).text());
    const priced = page.querySelector("[data-price]");
    if (priced) show(document.importNode(priced, true), form.closest("dialog"), dialog);
    else refuse(form, page.querySelector("[role='alert'] pre")?.textContent.trim() ?? "The room could not tell the price.");
  } catch {
    toast("The room cannot be reached.", { label: "Try again", run: () => ask(form, dialog) });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function show(priced, asking, dialog) {
  asking?.close();
  dialog.querySelector("[data-priced]").replaceChildren(priced);
  dialog.showModal();
  (dialog.querySelector("[type='submit']") ?? dialog).focus();
  const total = dialog.querySelector(".price strong")?.textContent;
  if (total) announce(`Together, at most ${total}`);
}

function refuse(form, words) {
  const place = form.querySelector("[data-problem]");
  place.textContent = words;
  place.hidden = false;
}
