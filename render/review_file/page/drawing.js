// Strokes on the frame that is shown: points from 0 to 1, so that they mean the same at every size.
const MOST_STROKES = 200, MOST_POINTS = 4000, STEP = 0.004;

class Drawing {
  constructor(canvas, onChange) {
    Object.assign(this, { canvas, onChange, strokes: [], active: false, own: true });
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.follow(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.pen = null; });
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  set(strokes, own = true) {
    Object.assign(this, { strokes: strokes.map((each) => each.slice()), own, pen: null });
    this.paint();
    this.onChange();
  }

  allow(active) {
    this.active = active;
    this.canvas.classList.toggle("drawing", active);
  }

  begin(event) {
    if (!this.active || event.button || this.strokes.length >= MOST_STROKES) return;
    if (!this.own) this.set([]);
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.pen = [this.point(event)];
    this.strokes.push(this.pen);
    this.paint();
    this.onChange();
  }

  follow(event) {
    if (!this.pen) return;
    const [x, y] = this.point(event), [lastX, lastY] = this.pen[this.pen.length - 1];
    const points = this.strokes.reduce((sum, each) => sum + each.length, 0);
    if (Math.hypot(x - lastX, y - lastY) < STEP || points >= MOST_POINTS) return;
    this.pen.push([x, y]);
    this.paint();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (at, from, size) => Math.round(Math.min(1, Math.max(0, (at - from) / size)) * 1e4) / 1e4;
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  paint() {
    const { canvas } = this, dense = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * dense);
    canvas.height = Math.round(canvas.clientHeight * dense);
    const ink = canvas.getContext("2d");
    Object.assign(ink, { lineCap: "round", lineJoin: "round" });
    for (const [colour, width] of [["rgba(0,0,0,.55)", 6], ["#ffb020", 3]]) {
      Object.assign(ink, { strokeStyle: colour, lineWidth: width * dense });
      for (const stroke of this.strokes) {
        ink.beginPath();
        for (const [x, y] of stroke.length > 1 ? stroke : [stroke[0], stroke[0]]) ink.lineTo(x * canvas.width, y * canvas.height);
        ink.stroke();
      }
    }
  }
}
