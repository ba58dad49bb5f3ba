/** How loud a master is from moment to moment, drawn; a press goes there. The words beside it say the same. */

export async function startLevels(clock) {
  const root = document.querySelector("[data-levels]");
  if (!root) return;
  const canvas = root.querySelector("canvas");
  const words = root.querySelector(".levels-words");
  try {
    const answer = await fetch(root.dataset.levels, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { peaks } = await answer.json();
    draw(canvas, words, clock, peaks.map((each) => each / 100));
  } catch {
    words.textContent = "The sound of this cut could not be measured.";
  }
}

function draw(canvas, words, clock, peaks) {
  canvas.hidden = !peaks.length;
  words.textContent = peaks.length ? told(peaks) : "This cut has no sound.";
  const levels = new Levels(canvas, clock, peaks);
  new ResizeObserver(() => levels.draw()).observe(canvas);
  clock.addEventListener("change", () => levels.draw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => levels.draw());
  canvas.addEventListener("click", (event) => {
    const { left, width } = canvas.getBoundingClientRect();
    clock.showFrame(Math.round(((event.clientX - left) / width) * clock.last));
  });
}

function told(peaks) {
  const loudest = Math.max(...peaks);
  const silent = peaks.filter((each) => each === 0).length / peaks.length;
  const level = loudest > 0 ? `About ${Math.round(20 * Math.log10(loudest))} dBFS at its loudest` : "Silent throughout";
  return silent >= 0.01 && loudest > 0 ? `${level}; silent for ${Math.round(silent * 100)} % of its time` : level;
}

class Levels {
  constructor(canvas, clock, peaks) {
    Object.assign(this, { canvas, clock, peaks });
  }

  draw() {
    const { canvas, clock, peaks } = this;
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    const dots = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * dots), Math.round(height * dots)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const on = canvas.getContext("2d");
    on.clearRect(0, 0, wide, high);
    const style = getComputedStyle(canvas);
    this.#bars(on, wide, high, style.color);
    const at = (clock.frame / Math.max(1, clock.last)) * wide;
    on.fillStyle = style.accentColor;
    on.fillRect(Math.min(wide - 2 * dots, at), 0, 2 * dots, high);
  }

  #bars(on, wide, high, colour) {
    const { peaks } = this;
    on.fillStyle = colour;
    for (let x = 0; x < wide; x += 2) {
      const from = Math.floor((x / wide) * peaks.length);
      const to = Math.max(from + 1, Math.floor(((x + 2) / wide) * peaks.length));
      let peak = 0;
      for (let each = from; each < to && each < peaks.length; each += 1) peak = Math.max(peak, peaks[each]);
      const tall = Math.max(1, peak * high);
      on.fillRect(x, (high - tall) / 2, 1.5, tall);
    }
  }
}
