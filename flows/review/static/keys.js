/** One registry of all keys, from which the list behind `?` is made. Off while somebody types. */

const OFF = "tailframe.single-keys-off";
const TYPED = 'input:not([type="checkbox"], [type="radio"], [type="range"], [type="button"], [type="submit"]), textarea, select, [contenteditable]';
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
const NAMES = { Escape: "Esc", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space" };

const keys = new Map();

/**
 * Let keys do something. `written` are names as in KeyboardEvent.key, with `Shift+` before them where it counts.
 * `shown` is how the list writes them, where it should not name each.
 */
export function bind(group, label, written, run, { shown = null } = {}) {
  const names = [].concat(written);
  for (const name of names) keys.set(name, { group, label, run, names, shown });
}

/** Press what has a key by its key: an element says `data-key="c"` and `data-key-label`, and is clicked. */
export function bindElements(root = document) {
  for (const element of root.querySelectorAll("[data-key]")) {
    const { key, keyGroup = "This page", keyLabel } = element.dataset;
    element.setAttribute("aria-keyshortcuts", key);
    bind(keyGroup, keyLabel ?? element.textContent.trim(), key, () => press(key));
  }
}

/** Of several elements with one key, the one that is there; of those in takes, the chosen take's and never another's. */
function press(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((each) => each.checkVisibility());
  const chosen = all.find((each) => !each.closest("[data-take]") || each.closest("[data-chosen]"));
  if (!chosen || chosen.disabled) return false;
  chosen.focus({ preventScroll: true });
  chosen.click();
  return true;
}

export function singleKeys() {
  return localStorage.getItem(OFF) === null;
}

export function allowSingleKeys(allowed) {
  if (allowed) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** AltGr writes signs such as `[` on many keyboards, and says that it is Ctrl and Alt. */
function hasModifier(event) {
  return !event.getModifierState("AltGraph") && (event.ctrlKey || event.metaKey || event.altKey);
}

/** Signs by what they are, wherever a keyboard has them; digits by their place, as some keyboards write them with Shift. */
function nameOf({ key, code = "", shiftKey }) {
  const letter = /^[a-z]$/i.test(key);
  if (key.length === 1 && !letter && !/[0-9]/.test(key) && keys.has(key)) return key;
  const [, digit] = /^Digit([0-9])$/.exec(code) ?? [];
  const name = digit ?? (letter ? key.toLowerCase() : key);
  return shiftKey && (digit || letter || key.length > 1) ? `Shift+${name}` : name;
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || hasModifier(event)) return;
  const name = nameOf(event);
  const found = keys.get(name);
  if (!found || (event.key.length === 1 && event.key !== " " && event.key !== "?" && !singleKeys())) return;
  if (event.target.closest(TYPED) || ownKeys(event)) return;
  if (document.querySelector("dialog:modal")) return;
  if (found.run(event) !== false) event.preventDefault();
}

/** Sliders, radios, buttons, links and the drawing have keys of their own. */
function ownKeys(event) {
  const { target, key } = event;
  if (target.closest("[data-own-keys]")) return true;
  if (MOVES.has(key)) return target.matches('input[type="range"], input[type="radio"]') && !target.matches("[data-scrub]");
  if (key === " ") return target.matches("button, summary, input, [role=button]");
  return key === "Enter" && target.matches("a, button, summary, input");
}

function row({ label, names, shown }) {
  const term = document.createElement("dt");
  const keysOfIt = document.createElement("dd");
  term.textContent = label;
  for (const name of shown ?? names) {
    const drawn = document.createElement("kbd");
    drawn.textContent = name.split("+").map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
    keysOfIt.append(drawn, " ");
  }
  return [term, keysOfIt];
}

/** Fill the dialog with what is bound now, by group. */
export function listKeys(into) {
  const groups = new Map();
  for (const entry of new Set([...keys.values()].map((each) => each.label))) {
    const found = [...keys.values()].find((each) => each.label === entry);
    groups.set(found.group, [...(groups.get(found.group) ?? []), found]);
  }
  into.replaceChildren(...[...groups].map(([group, entries]) => {
    const section = document.createElement("section");
    const head = document.createElement("h3");
    const list = document.createElement("dl");
    head.textContent = group;
    list.append(...entries.flatMap(row));
    section.append(head, list);
    return section;
  }));
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
  bindElements();
}
