/** The controls beneath players: buttons, the scrubber with its marks, timecode; and the keys that do the same. */

import { announce } from "./announce.js";
import { bind } from "./keys.js";
import { spoken, timecode } from "./timecode.js";

const STILL_MS = 450;

export class Transport {
  /** `root` is the controls' element; `clock` an InStep. */
  constructor(root, clock) {
    this.root = root;
    this.clock = clock;
    this.slider = root.querySelector("[data-scrub]");
    root.hidden = false;
    root.addEventListener("click", (event) => this.#clicked(event));
    this.slider.addEventListener("input", () => clock.showFrame(Number(this.slider.value)));
    clock.addEventListener("change", () => this.#soon());
    this.#bindKeys();
    this.#draw();
  }

  /** Dots over the scrubber: `frames` that somebody wrote about; and a line where the cut leaves a take. */
  mark(frames, out = null) {
    const ticks = this.root.querySelector(".ticks");
    const at = (frame, kind) => {
      const tick = document.createElement("i");
      tick.className = kind;
      tick.style.insetInlineStart = `${(100 * frame) / Math.max(1, this.clock.last)}%`;
      return tick;
    };
    ticks.replaceChildren(...frames.map((frame) => at(frame, "noted")), ...(out === null ? [] : [at(out, "out")]));
  }

  #clicked(event) {
    const does = event.target.closest("[data-do]")?.dataset.do;
    const { clock } = this;
    const deeds = {
      play: () => clock.toggle(),
      back: () => clock.step(-1),
      forward: () => clock.step(1),
      first: () => clock.showFrame(0),
      last: () => clock.showFrame(clock.last),
      reverse: () => clock.shuttle(-1),
      faster: () => clock.shuttle(1),
      loop: () => ((clock.loops = !clock.loops), this.#draw()),
      mute: () => clock.mute(!clock.muted),
      full: () => this.#full(),
    };
    deeds[does]?.();
  }

  #bindKeys() {
    const { clock } = this;
    const group = "Playing";
    bind(group, "Play backwards, faster with each press", "j", () => clock.shuttle(-1));
    bind(group, "Stop", "k", () => clock.pause());
    bind(group, "Play, faster with each press", "l", () => clock.shuttle(1));
    bind(group, "Play or stop", " ", () => clock.toggle());
    bind(group, "One frame back", ["ArrowLeft", ","], () => clock.step(-1));
    bind(group, "One frame on", ["ArrowRight", "."], () => clock.step(1));
    bind(group, "One second back", "Shift+ArrowLeft", () => clock.step(-Math.round(clock.fps)));
    bind(group, "One second on", "Shift+ArrowRight", () => clock.step(Math.round(clock.fps)));
    bind(group, "First frame", "Home", () => clock.showFrame(0));
    bind(group, "Last frame", "End", () => clock.showFrame(clock.last));
    bind(group, "Sound on or off", "m", () => clock.mute(!clock.muted));
    bind(group, "Again and again", "Shift+l", () => ((clock.loops = !clock.loops), this.#draw()));
    bind(group, "Full screen", "f", () => this.#full());
  }

  #full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.querySelector("[data-stage]")?.requestFullscreen?.();
  }

  #soon() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.#draw();
    });
  }

  #draw() {
    const { clock, root, slider } = this;
    const { frame, fps, last, speed } = clock;
    slider.max = last;
    if (Number(slider.value) !== frame) slider.value = frame;
    slider.setAttribute("aria-valuetext", spoken(frame, fps));
    root.dataset.spreadMs = (clock.spread * 1000).toFixed(1);
    this.#write("[data-timecode]", timecode(frame, fps));
    this.#write("[data-frame]", `frame ${frame} of 0–${last}`);
    this.#write("[data-speed]", speed ? `${speed < 0 ? "−" : ""}${Math.abs(speed)}×` : "");
    this.#write("[data-spread]", clock.shown.length > 1 && speed > 0 ? `in step: ${Math.round(clock.spread * 1000)} ms apart` : "");
    this.#press("play", speed !== 0, speed ? "Stop" : "Play");
    this.#press("loop", clock.loops);
    this.#press("mute", clock.muted);
    if (!speed) this.#sayWhenStill(frame, fps);
  }

  /** A frame that one stopped at is said, those on the way there are not. */
  #sayWhenStill(frame, fps) {
    if (this.said === frame) return;
    const first = this.said === undefined;
    this.said = frame;
    clearTimeout(this.saying);
    if (first || document.activeElement === this.slider) return;
    this.saying = setTimeout(() => announce(spoken(frame, fps)), STILL_MS);
  }

  #write(where, words) {
    const found = this.root.querySelector(where);
    if (found && found.textContent !== words) found.textContent = words;
  }

  #press(does, pressed, label = null) {
    const button = this.root.querySelector(`[data-do="${does}"]`);
    if (!button) return;
    if (label) button.setAttribute("aria-label", label);
    else button.setAttribute("aria-pressed", String(pressed));
    button.dataset.on = pressed ? "yes" : "no";
  }
}
