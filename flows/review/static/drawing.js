/**
 * A pen on one frame: strokes of points from 0 to 1, so that they lie right at any size.
 *
 * With a mouse, a finger or a stylus; with arrows and Space where there is only a keyboard.
 */

const STEP = 0.02;
const FINE = 0.004;
const MOST_STROKES = 200;
const MOST_POINTS = 4000;

export class Drawing extends EventTarget {
  /** `canvas` is laid over the picture of `video`: not over the black beside it, where its box has another shape. */
  constructor(canvas, video) {
    super();
    this.canvas = canvas;
    this.video = video;
    this.strokes = [];
    this.active = false;
    this.pen = null;
    this.down = false;
    new ResizeObserver(() => this.#lay()).observe(video);
    video.addEventListener("loadedmetadata", () => this.#lay());
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.#end());
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Take up the pen, or lay it down. */
  activate(active) {
    this.active = active;
    this.canvas.classList.toggle("drawing", active);
    this.canvas.toggleAttribute("data-own-keys", active);
    this.canvas.ariaHidden = active ? null : "true";
    if (active) {
      this.canvas.tabIndex = 0;
      this.pen = [0.5, 0.5];
      this.canvas.setAttribute("role", "application");
      this.canvas.setAttribute("aria-label", "Drawing: arrows move the pen, Space puts it down or lifts it, Backspace takes a stroke back, Escape ends");
    } else {
      this.canvas.removeAttribute("tabindex");
      this.canvas.removeAttribute("role");
      this.canvas.removeAttribute("aria-label");
      this.down = false;
    }
    this.draw();
  }

  show(strokes) {
    this.strokes = strokes;
    this.draw();
  }

  undo() {
    this.strokes = this.strokes.slice(0, -1);
    this.down = false;
    this.#changed();
  }

  clear() {
    this.strokes = [];
    this.down = false;
    this.#changed();
  }

  draw() {
    const { canvas } = this;
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    const dots = devicePixelRatio || 1;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    const on = canvas.getContext("2d");
    on.lineCap = on.lineJoin = "round";
    for (const [wide, colour] of [[7, "rgb(0 0 0 / 65%)"], [4, "#ffd23f"]]) {
      on.lineWidth = wide * dots;
      on.strokeStyle = colour;
      for (const stroke of this.strokes) this.#line(on, stroke);
    }
    if (this.active && this.pen) this.#cross(on, dots);
  }

  #lay() {
    const { canvas, video } = this;
    const [wide, high] = [video.videoWidth || video.width, video.videoHeight || video.height];
    const scale = Math.min(video.clientWidth / wide, video.clientHeight / high);
    Object.assign(canvas.style, {
      width: `${wide * scale}px`,
      height: `${high * scale}px`,
      left: `${video.offsetLeft + (video.clientWidth - wide * scale) / 2}px`,
      top: `${video.offsetTop + (video.clientHeight - high * scale) / 2}px`,
    });
    this.draw();
  }

  #line(on, stroke) {
    const { width, height } = this.canvas;
    on.beginPath();
    stroke.forEach(([x, y], at) => (at ? on.lineTo(x * width, y * height) : on.moveTo(x * width, y * height)));
    if (stroke.length === 1) on.lineTo(stroke[0][0] * width + 0.1, stroke[0][1] * height);
    on.stroke();
  }

  #cross(on, dots) {
    const [x, y] = [this.pen[0] * this.canvas.width, this.pen[1] * this.canvas.height];
    const arm = 9 * dots;
    for (const [wide, colour] of [[3, "#000"], [1, this.down ? "#ffd23f" : "#fff"]]) {
      on.lineWidth = wide * dots;
      on.strokeStyle = colour;
      on.beginPath();
      on.moveTo(x - arm, y);
      on.lineTo(x + arm, y);
      on.moveTo(x, y - arm);
      on.lineTo(x, y + arm);
      on.stroke();
    }
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, size) => Math.round(Math.max(0, Math.min(1, value / size)) * 1e4) / 1e4;
    return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
  }

  #begin(event) {
    if (!this.active || event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#open(this.#point(event));
    event.preventDefault();
  }

  #move(event) {
    if (!this.active || !this.down || !event.buttons) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.#add(this.#point(each));
  }

  #end() {
    if (this.down) this.down = false;
    this.#changed();
  }

  #open(point) {
    if (this.strokes.length >= MOST_STROKES) return;
    this.down = true;
    this.pen = point;
    this.strokes = [...this.strokes, [point]];
    this.#changed();
  }

  #add(point) {
    const stroke = this.strokes.at(-1);
    const [x, y] = stroke.at(-1);
    this.pen = point;
    if (Math.hypot(point[0] - x, point[1] - y) < 0.002 || this.strokes.flat().length >= MOST_POINTS) return;
    stroke.push(point);
    this.#changed();
  }

  #key(event) {
    const by = event.shiftKey ? FINE : STEP;
    const ways = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (ways[event.key]) this.#walk(ways[event.key]);
    else if (event.key === " ") this.down ? this.#end() : this.#open(this.pen);
    else if (event.key === "Backspace") this.undo();
    else return;
    this.draw();
    event.preventDefault();
  }

  #walk([right, down]) {
    const share = (value) => Math.round(Math.max(0, Math.min(1, value)) * 1e4) / 1e4;
    const point = [share(this.pen[0] + right), share(this.pen[1] + down)];
    if (this.down) this.#add(point);
    this.pen = point;
  }

  #changed() {
    this.draw();
    this.dispatchEvent(new Event("change"));
  }
}
