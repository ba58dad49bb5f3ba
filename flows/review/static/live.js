/**
 * What changes elsewhere appears here: the room tells that something changed, this page is read again, and the parts
 * that differ are put in place. What somebody writes in, plays, or has open stays as it is.
 */

import { announce } from "./announce.js";

const SETTLE_MS = 120;
let waiting = 0;
let reading = null;
let source = null;

export function startLive() {
  if (!document.documentElement.dataset.events) return;
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", ({ persisted }) => persisted && listen());
  for (const name of ["focusout", "pause", "close"]) document.addEventListener(name, () => held.size && refresh(), true);
}

/** Hear of changes. A page that nobody sees does not: browsers have six connections for all pages of a room. */
function listen() {
  if (source) return;
  const page = document.documentElement.dataset;
  source = new EventSource(page.events);
  source.addEventListener("open", () => told("on", "Live"));
  source.addEventListener("error", () => told("off", "Not connected"));
  source.addEventListener("changed", refresh);
  source.addEventListener("here", ({ data }) => JSON.parse(data).mark !== page.mark && refresh());
}

function hush() {
  source?.close();
  source = null;
}

function told(state, words) {
  const shown = document.querySelector(".live");
  if (!shown || shown.dataset.state === state) return;
  const lost = state === "off" || shown.dataset.state === "off";
  shown.hidden = false;
  shown.dataset.state = state;
  shown.querySelector("[data-words]").textContent = words;
  if (lost) announce(state === "off" ? "The connection to the room is lost" : "Connected again");
  if (lost && state === "on") refresh();
}

/** Read this page again in a moment, once for a burst of news. */
export function refresh() {
  clearTimeout(waiting);
  waiting = setTimeout(readAgain, SETTLE_MS);
}

async function readAgain() {
  reading?.abort();
  reading = new AbortController();
  try {
    const answer = await fetch(location.href, { signal: reading.signal, headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    apply(parsed(await answer.text()));
    if (source?.readyState === EventSource.OPEN) told("on", "Live");
  } catch (error) {
    if (error.name !== "AbortError") told("off", "Not connected");
  }
}

export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

const held = new Set();

/** Put the parts of a newer reading of this page in place of those that differ. */
export function apply(newer, { say = true } = {}) {
  reading?.abort(); // what is still being read is older
  held.clear();
  const swapped = [...lists(newer), ...parts(newer)];
  const { mark } = newer.documentElement.dataset;
  if (mark && !held.size) document.documentElement.dataset.mark = mark;
  if (!swapped.length) return;
  const words = swapped.map(({ says }) => says).filter(Boolean);
  if (say) announce(words.slice(0, 3).join("; ") + (words.length > 3 ? `; and ${words.length - 3} more` : ""));
  document.dispatchEvent(new CustomEvent("tailframe:swapped", { detail: swapped.map(({ element }) => element) }));
}

/** Lists whose items come and go; each item that stays is a part of its own. */
function* lists(newer) {
  for (const old of document.querySelectorAll("[data-live-list]")) {
    const next = newer.querySelector(`[data-live-list="${CSS.escape(old.dataset.liveList)}"]`);
    if (!next) continue;
    const there = new Map([...old.children].map((each) => [each.dataset.live, each]));
    let after = null;
    for (const wanted of next.children) {
      let item = there.get(wanted.dataset.live);
      there.delete(wanted.dataset.live);
      if (!item) {
        item = document.importNode(wanted, true);
        yield { element: item, says: item.dataset.says };
        after ? after.after(item) : old.prepend(item);
      }
      after = item;
    }
    for (const gone of there.values()) if (!isBusy(gone)) gone.remove();
  }
}

function* parts(newer) {
  const fresh = new Map([...newer.querySelectorAll("[data-live]")].map((each) => [each.dataset.live, each]));
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.get(old.dataset.live);
    if (!old.isConnected || !next || next.dataset.version === old.dataset.version) continue;
    if (isBusy(old)) {
      held.add(old.dataset.live);
      continue;
    }
    const { says } = next.dataset;
    yield { says: says === old.dataset.says ? null : says, element: swap(old, document.importNode(next, true)) };
  }
}

/** Whether somebody is in the middle of something there. */
function isBusy(element) {
  if ([...element.querySelectorAll("video")].some((each) => !each.paused)) return true;
  if (element.matches("dialog:modal") || element.querySelector("dialog:modal")) return true;
  if (element.contains(document.activeElement) && document.activeElement.matches("form :is(textarea, input, select), canvas")) return true;
  if ([...element.querySelectorAll("[data-drawing-field]")].some((each) => each.value)) return true;
  return [...element.querySelectorAll("textarea, input[type='text']")].some((each) => each.value !== each.defaultValue);
}

function swap(old, next) {
  const focus = focusWithin(old);
  for (const each of old.querySelectorAll("details[id][open]")) next.querySelector(`#${CSS.escape(each.id)}`)?.setAttribute("open", "");
  const scrolled = old.scrollTop;
  old.replaceWith(next);
  next.scrollTop = scrolled;
  if (focus) (next.querySelector(focus) ?? next.querySelector("button, a, input"))?.focus({ preventScroll: true });
  return next;
}

function focusWithin(old) {
  const at = document.activeElement;
  if (!at || !old.contains(at)) return null;
  if (at.id) return `#${CSS.escape(at.id)}`;
  if (at.dataset.key) return `[data-key="${CSS.escape(at.dataset.key)}"]`;
  if (at.hasAttribute("href")) return `a[href="${CSS.escape(at.getAttribute("href"))}"]`;
  return at.name ? `[name="${CSS.escape(at.name)}"]` : at.tagName.toLowerCase();
}
