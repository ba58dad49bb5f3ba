/** Notes on a frame: the form takes the frame that is shown, and what is drawn on it. */

import { announce } from "./announce.js";

export class Pen {
  /** `root` is the take's player, `takes` the stage that it stands on. */
  constructor(root, drawing, takes) {
    Object.assign(this, { root, drawing, takes });
    this.tools = root.querySelector(".pen");
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && drawing.active) this.done();
    });
    drawing.addEventListener("change", () => this.#write());
  }

  get form() {
    return document.querySelector(`[data-number="${CSS.escape(this.root.dataset.player)}"] form[data-note-form]`);
  }

  /** Open the form for the frame that is shown now. */
  note() {
    const { form, takes } = this;
    if (!form) return false;
    takes.clock.pause();
    form.closest("details").open = true;
    this.#setFrame(form);
    form.elements.words.focus();
    return true;
  }

  draw() {
    const { form, drawing, takes } = this;
    if (!form || !this.tools) return false;
    takes.clock.pause();
    form.closest("details").open = true;
    this.#setFrame(form);
    this.tools.hidden = false;
    drawing.activate(true);
    drawing.canvas.focus();
    announce("Drawing on this frame. Arrows move the pen, Space puts it down or lifts it, Escape ends.");
    return true;
  }

  done() {
    this.drawing.activate(false);
    this.tools.hidden = true;
    this.form?.elements.words.focus();
  }

  forget() {
    this.drawing.activate(false);
    this.drawing.clear();
    this.tools.hidden = true;
  }

  #setFrame(form) {
    const player = this.takes.current.player;
    form.elements.frame.value = player.frame;
  }

  #write() {
    const { form, drawing } = this;
    if (form) form.elements.drawing.value = drawing.strokes.length ? JSON.stringify(drawing.strokes) : "";
  }

  #clicked(event) {
    const does = event.target.closest("[data-pen]")?.dataset.pen;
    if (does === "undo") this.drawing.undo();
    else if (does === "clear") this.drawing.clear();
    else if (does === "done") this.done();
  }
}
