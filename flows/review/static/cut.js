/** The page of a cut: its player, the strip of shots, its levels, and which shot is at a moment. */

import { bind } from "./keys.js";
import { InStep } from "./in_step.js";
import { startLevels } from "./levels.js";
import { Transport } from "./transport.js";

export function startCut() {
  size();
  const clock = begin();
  const asked = Number(document.querySelector("[data-stage='cut']")?.dataset.at);
  if (asked > 0) clock?.whenReady(() => clock.showFrame(asked));
  document.addEventListener("tailframe:swapped", ({ detail }) => {
    size();
    if (detail.some((each) => each.querySelector("[data-stage='cut']"))) begin();
  });
}

/** The master that is on the page now, under a clock of its own; the keys follow it. */
function begin() {
  const player = document.querySelector("[data-stage='cut'] [data-player]");
  if (!player?.querySelector("video")) return null;
  const clock = new InStep([player]);
  const strip = new Strip(clock);
  new Transport(document.querySelector("[data-transport]"), clock);
  clock.addEventListener("change", () => strip.follow());
  strip.follow();
  startLevels(clock);
  return clock;
}

/** Widths by length: without this all are as wide, and it is read as a list. */
function size() {
  for (const each of document.querySelectorAll("[data-share]")) each.style.flexGrow = each.dataset.share;
}

class Strip {
  constructor(clock) {
    this.clock = clock;
    this.items = [...document.querySelectorAll(".strip li[data-start]")];
    this.now = document.querySelector("[data-now]");
    this.at = null;
    document.querySelector(".strip").addEventListener("click", (event) => {
      const item = event.target.closest("button")?.closest("li");
      if (item) clock.showFrame(Number(item.dataset.start));
    });
    const group = "Cut";
    bind(group, "Shot before", ["[", "ArrowUp"], () => this.#go(-1));
    bind(group, "Next shot", ["]", "ArrowDown"], () => this.#go(1));
    bind(group, "Open the shot that is shown", ["o", "Enter"], () => this.#open(), { shown: ["o", "Enter"] });
    for (let number = 1; number <= 9; number += 1) {
      bind(group, "Go to a scene", String(number), () => this.#scene(number), { shown: ["1–9"] });
    }
  }

  #index() {
    const { frame } = this.clock;
    return this.items.findLastIndex((each) => Number(each.dataset.start) <= frame);
  }

  follow() {
    const item = this.items[this.#index()];
    if (!item || item === this.at) return;
    this.at?.removeAttribute("data-playing");
    this.at?.querySelector("button")?.removeAttribute("aria-current");
    item.setAttribute("data-playing", "");
    item.querySelector("button")?.setAttribute("aria-current", "true");
    this.at = item;
    if (!this.now) return;
    const link = this.now.querySelector("a");
    link.textContent = item.dataset.keyOf;
    link.href = item.dataset.link;
    this.now.querySelector("[data-now-words]").textContent = item.dataset.words ?? "";
  }

  #go(by) {
    const at = this.#index();
    const back = by < 0 && this.clock.frame > Number(this.items[at]?.dataset.start) + 12 ? 0 : by;
    const item = this.items[Math.max(0, Math.min(this.items.length - 1, at + back))];
    if (item) this.clock.showFrame(Number(item.dataset.start));
  }

  #scene(number) {
    const item = this.items.filter((each) => each.hasAttribute("data-begins-scene"))[number - 1];
    if (!item) return false;
    this.clock.showFrame(Number(item.dataset.start));
    return true;
  }

  #open() {
    if (this.at?.dataset.link) location.assign(this.at.dataset.link);
  }
}
