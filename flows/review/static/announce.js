/** What screen readers are told, politely; and short messages that everybody sees. */

const SHOWN_MS = 8000;
let pending = 0;

/** Say something once, when whoever listens has a moment. The last of a quick series is said. */
export function announce(words) {
  const region = document.getElementById("announcements");
  if (!region || !words) return;
  clearTimeout(pending);
  pending = setTimeout(() => {
    region.textContent = region.textContent === words ? `${words}\u00a0` : words;
  }, 150);
}

/** Show a message at the foot of the window; `action` is `{label, run}` or nothing. */
export function toast(words, action = null) {
  const box = document.createElement("div");
  box.className = "toast";
  const text = document.createElement("span");
  text.textContent = words;
  box.append(text, ...(action ? [button(action.label, () => (box.remove(), action.run()))] : []));
  box.append(button("Dismiss", () => box.remove()));
  for (const old of document.querySelectorAll(".toast:not([data-asks])")) old.remove();
  box.toggleAttribute("data-asks", Boolean(action));
  document.querySelector(".toasts").append(box);
  announce(words);
  if (!action) setTimeout(() => box.matches(":hover, :focus-within") || box.remove(), SHOWN_MS);
  return box;
}

function button(label, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}
