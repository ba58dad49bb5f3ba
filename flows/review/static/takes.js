/** The takes of a shot on the stage: which are shown, which one is chosen and heard, and notes on its frames. */

import { announce } from "./announce.js";
import { Drawing } from "./drawing.js";
import { InStep } from "./in_step.js";
import { bind } from "./keys.js";
import { Pen } from "./pen.js";
import { Transport } from "./transport.js";

const MOST_SHOWN = 4;

export function startTakes() {
  const stage = document.querySelector("[data-stage='takes']");
  if (!stage) return;
  const takes = new Takes();
  takes.read();
  document.addEventListener("tailframe:swapped", () => takes.read());
  document.addEventListener("tailframe:sent", ({ target }) => target.matches("[data-note-form]") && takes.noted(target));
  document.addEventListener("change", (event) => event.target.matches("[data-shows]") && takes.showAsTicked(event.target));
  document.addEventListener("click", (event) => takes.clicked(event));
  for (let number = 1; number <= 9; number += 1) {
    bind("Takes", "Choose a take, and hear it", String(number), () => takes.choose(String(number)), { shown: ["1–9"] });
    bind("Takes", "Show a take beside, or take it away", `Shift+${number}`, () => takes.flip(String(number)), { shown: ["Shift+1–9"] });
  }
}

class Takes {
  constructor() {
    this.clock = new InStep();
    this.transport = null;
    this.known = new Map();
    this.shown = new Set();
    this.chosen = null;
    this.clock.addEventListener("moved", () => this.known.forEach(({ pen }) => pen?.leave()));
  }

  /** Find what is on the page now; those that were shown stay shown. */
  read() {
    const found = [...document.querySelectorAll("[data-player]")];
    const first = !this.known.size;
    const arrived = found.filter((root) => !this.known.has(root));
    for (const root of arrived) this.known.set(root, this.#begun(root));
    for (const root of this.known.keys()) if (!root.isConnected) this.known.delete(root);
    if (first) for (const root of found) if (!root.hidden) this.shown.add(root.dataset.player);
    this.clock.prune();
    this.#transport();
    const circled = document.querySelector("[data-take][data-circled]")?.dataset.number;
    const named = (number) => found.find((root) => root.dataset.player === number);
    const chosen = named(this.chosen) ?? named(circled) ?? found.find((root) => !root.hidden) ?? found[0];
    this.#lay();
    if (chosen) this.choose(chosen.dataset.player, { silent: true });
    if (!first && arrived.length) this.#arrive(arrived);
  }

  #begun(root) {
    const player = root.querySelector("video") ? this.clock.add(root) : null;
    const canvas = root.querySelector("canvas");
    const drawing = canvas ? new Drawing(canvas, root.querySelector("video")) : null;
    return { player, drawing, pen: drawing && new Pen(root, drawing, this) };
  }

  #transport() {
    const root = document.querySelector("[data-transport]");
    if (root && !this.transport && this.clock.players.length) this.transport = new Transport(root, this.clock);
    if (root && this.transport && this.clock.players.length) root.hidden = false;
  }

  #arrive(roots) {
    for (const root of roots) {
      if (root.querySelector("video") && this.shown.size < MOST_SHOWN) this.shown.add(root.dataset.player);
    }
    this.#lay();
    this.clock.join();
  }

  #lay() {
    for (const root of this.known.keys()) root.hidden = !this.shown.has(root.dataset.player);
    for (const tick of document.querySelectorAll("[data-shows]")) {
      tick.checked = this.shown.has(tick.dataset.shows);
      tick.disabled = false;
    }
  }

  /** Make a take the one that is heard, noted on and decided about. */
  choose(name, { silent = false } = {}) {
    const root = [...this.known.keys()].find((each) => each.dataset.player === name);
    if (!root) return false;
    this.chosen = name;
    if (!this.shown.has(name)) {
      if (this.shown.size >= MOST_SHOWN) this.shown.delete([...this.shown].at(-1));
      this.shown.add(name);
      this.#lay();
      this.clock.join();
    }
    const { player } = this.known.get(root);
    if (player) this.clock.hear(player);
    for (const each of document.querySelectorAll("[data-player], [data-take]")) {
      each.toggleAttribute("data-chosen", (each.dataset.player ?? each.dataset.number) === name);
    }
    for (const each of document.querySelectorAll("[data-chooses]")) {
      each.setAttribute("aria-pressed", String(each.dataset.chooses === name));
    }
    this.#marks();
    if (!silent) announce(`Take ${name} chosen`);
    return true;
  }

  flip(name) {
    if (![...this.known.keys()].some((each) => each.dataset.player === name)) return false;
    if (!this.shown.delete(name)) this.shown.add(name);
    else if (!this.shown.size) this.shown.add(name);
    this.#lay();
    if (!this.shown.has(this.chosen)) this.choose([...this.shown][0], { silent: true });
    this.clock.join();
    announce(`Take ${name} ${this.shown.has(name) ? "shown" : "taken away"}`);
    return true;
  }

  showAsTicked(tick) {
    if (tick.checked !== this.shown.has(tick.dataset.shows)) this.flip(tick.dataset.shows);
  }

  clicked(event) {
    const chooses = event.target.closest("[data-chooses]");
    if (chooses) this.choose(chooses.dataset.chooses);
    const at = event.target.closest("[data-frame-of]");
    if (at) this.#goTo(at);
    const does = event.target.closest("[data-does]");
    if (does) this.#pen(does);
  }

  /** A note was taken: its form closes, and the pen is laid down. */
  noted(form) {
    form.closest("details").open = false;
    const of = form.closest("[data-take]").dataset.number;
    for (const [root, { pen }] of this.known) if (root.dataset.player === of) pen?.forget();
  }

  #pen(button) {
    const take = button.closest("[data-take]")?.dataset.number;
    if (take && take !== this.chosen) this.choose(take, { silent: true });
    const { pen, player } = this.current;
    if (pen && player) pen[button.dataset.does]?.();
  }

  /** Show the frame that a note is about, with what was drawn on it. */
  #goTo(button) {
    this.choose(button.dataset.frameOf, { silent: true });
    const { player, drawing } = this.current;
    if (!player) return;
    this.clock.pause();
    this.clock.showSecond(player.secondOf(Number(button.dataset.at)));
    drawing.show(JSON.parse(button.dataset.drawing || "[]"));
    this.current.root.scrollIntoView({ block: "nearest" });
  }

  get current() {
    const root = [...this.known.keys()].find((each) => each.dataset.player === this.chosen);
    return { root, ...this.known.get(root) };
  }

  #marks() {
    const { player } = this.current;
    const of = document.querySelectorAll(`[data-frame-of="${CSS.escape(this.chosen)}"]`);
    if (!player || !this.transport) return;
    const inClock = (frame) => this.clock.frameAtSecond(player.secondOf(frame));
    const { out } = this.current.root.dataset;
    this.transport.mark([...of].map((each) => inClock(Number(each.dataset.at))), out ? inClock(Number(out)) : null);
  }
}
