/** Forms that change something, sent without leaving the page. Without this they are sent as browsers do. */

import { announce, toast } from "./announce.js";
import { apply, parsed, refresh } from "./live.js";

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-whole-page")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
}

async function send(form, submitter) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  form.querySelector("[data-problem]")?.toggleAttribute("hidden", true);
  const fields = new FormData(form, submitter);
  const buttons = [...form.querySelectorAll("button")].filter((each) => !each.disabled);
  for (const each of buttons) each.setAttribute("aria-busy", "true");
  try {
    const to = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    const answer = await fetch(to, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "text/html" } });
    await take(form, answer);
  } catch {
    lost(form, submitter);
  } finally {
    delete form.dataset.sending;
    for (const each of buttons) each.removeAttribute("aria-busy");
  }
}

async function take(form, answer) {
  const page = parsed(await answer.text());
  if (!answer.ok) {
    refuse(form, page, answer);
    return;
  }
  const here = new URL(answer.url).pathname === location.pathname;
  const dialog = form.closest("dialog");
  if (!here && !dialog) {
    location.assign(answer.url);
    return;
  }
  form.reset();
  dialog?.close();
  form.dispatchEvent(new CustomEvent("tailframe:sent", { bubbles: true }));
  if (here) apply(page, { say: false });
  else refresh();
  const words = page.querySelector("[data-told]")?.textContent.trim();
  if (words) toast(words);
}

/** Somebody decided otherwise meanwhile, or it cannot be done: say what the room says, and show how things stand. */
function refuse(form, page, answer) {
  const words = page.querySelector("[role='alert'] pre, [data-refusal]")?.textContent.trim() ?? `The room refused this (${answer.status}).`;
  const place = form.querySelector("[data-problem]");
  if (place) {
    place.textContent = words;
    place.hidden = false;
    announce(words);
  } else {
    toast(words);
  }
  refresh();
}

function lost(form, submitter) {
  const words = "Not sent: the room cannot be reached. What you wrote is still here.";
  toast(words, { label: "Try again", run: () => form.isConnected && send(form, submitter) });
}
