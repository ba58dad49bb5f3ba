/** The board by keyboard: arrows go from card to card as they lie on the screen, Enter opens one. */

import { bind } from "./keys.js";

export function startBoard() {
  if (!document.querySelector("[data-card]")) return;
  const group = "Board";
  bind(group, "From shot to shot", "ArrowLeft", () => along(-1), { shown: ["←", "→", "↑", "↓"] });
  bind(group, "From shot to shot", "ArrowRight", () => along(1), { shown: ["←", "→", "↑", "↓"] });
  bind(group, "From shot to shot", "ArrowUp", () => across(-1), { shown: ["←", "→", "↑", "↓"] });
  bind(group, "From shot to shot", "ArrowDown", () => across(1), { shown: ["←", "→", "↑", "↓"] });
  bind(group, "First shot", "Home", () => go(cards()[0]));
  bind(group, "Last shot", "End", () => go(cards().at(-1)));
  document.addEventListener("focusin", ({ target }) => (last = target.closest("[data-card]") ?? last));
  document.querySelector("[commandfor='retake']")?.addEventListener("click", fillIn);
}

let last = null;

/** A retake is asked for of the shots that the filter leaves, or of the one that had the focus. */
function fillIn() {
  const field = document.querySelector("[data-shots]");
  const shown = cards();
  const all = document.querySelectorAll("[data-card]").length;
  const meant = shown.length < all ? shown : last?.isConnected ? [last] : [];
  if (field && !field.value) field.value = meant.map(({ dataset }) => dataset.of).join(",");
}

function cards() {
  return [...document.querySelectorAll("[data-card]:not([hidden])")].filter((each) => !each.closest("[hidden]"));
}

function focused() {
  return document.activeElement?.closest?.("[data-card]");
}

function along(by) {
  const all = cards();
  const at = all.indexOf(focused());
  return go(at < 0 ? all[0] : all[at + by]);
}

/** The card in the next row that lies closest to this one's middle. */
function across(by) {
  const from = focused();
  if (!from) return go(cards()[0]);
  const here = from.getBoundingClientRect();
  const places = cards().map((card) => [card, card.getBoundingClientRect()]);
  const further = places.filter(([, box]) => (by > 0 ? box.top > here.top + 4 : box.top < here.top - 4));
  if (!further.length) return false;
  const rows = further.map(([, box]) => box.top);
  const row = by > 0 ? Math.min(...rows) : Math.max(...rows);
  const inRow = further.filter(([, box]) => Math.abs(box.top - row) < 4);
  const [next] = inRow.reduce((best, each) => (gap(each[1], here) < gap(best[1], here) ? each : best));
  return go(next);
}

function gap(one, other) {
  return Math.abs(one.left + one.width / 2 - other.left - other.width / 2);
}

function go(card) {
  const link = card?.querySelector("a");
  if (!link) return false;
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  return true;
}
