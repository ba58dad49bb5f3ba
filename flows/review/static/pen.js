/** Notes on a frame: the form takes the frame that is shown, and what is drawn on it. */

import { announce, toast } from "./announce.js";

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
    if (!this.#open()) return false;
    this.form.elements.words.focus();
    return true;
  }

  draw() {
    const { drawing } = this;
    if (!this.tools || !this.#open()) return false;
    this.tools.hidden = false;
    drawing.activate(true);
    drawing.canvas.focus();
    announce("Drawing on this frame. Arrows move the pen, Space puts it down or lifts it, Escape ends.");
    return true;
  }

  done() {
    this.leave({ strokes: this.drawing.strokes });
    this.form?.elements.words.focus();
  }

  /** Another frame is shown: what was drawn waits in the form, with its own frame. */
  leave({ strokes = [] } = {}) {
    this.drawing.activate(false);
    this.drawing.show(strokes);
    this.tools.hidden = true;
  }

  forget() {
    this.leave();
    this.#write();
  }

  /** The form for the frame that is shown, with what is drawn on that already; a drawing on another one is let go of. */
  #open() {
    const { form, takes, drawing } = this;
    if (!form) return false;
    takes.clock.pause();
    form.closest("details").open = true;
    const { frame, drawing: field } = form.elements;
    const here = String(takes.current.player.frame);
    if (field.value && frame.value !== here) toast(`What was drawn on frame ${frame.value} had not been sent, and is gone.`);
    const strokes = frame.value === here && field.value ? JSON.parse(field.value) : [];
    frame.value = this.frame = here;
    drawing.show(strokes);
    this.#write();
    return true;
  }

  #write() {
    const { form, drawing } = this;
    if (!form) return;
    if (drawing.strokes.length) form.elements.frame.value = this.frame; // the form may have been renewed meanwhile
    form.elements.drawing.value = drawing.strokes.length ? JSON.stringify(drawing.strokes) : "";
    form.elements.frame.readOnly = drawing.strokes.length > 0; // a drawing is of one frame
  }

  #clicked(event) {
    const does = event.target.closest("[data-pen]")?.dataset.pen;
    if (does === "undo") this.drawing.undo();
    else if (does === "clear") this.drawing.clear();
    else if (does === "done") this.done();
  }
}
