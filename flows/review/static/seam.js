/** A seam: how one shot ends beside how the next begins; one wiped over the other; and what differs between them. */

import { announce } from "./announce.js";
import { bind } from "./keys.js";

const WAYS = ["beside", "wipe", "difference"];

let bound = false;

export function startSeams() {
  for (const root of document.querySelectorAll("[data-seam]")) start(root);
  if (bound || !seams().length) return;
  bound = true;
  bind("Seams", "Beside each other, wiped, difference", "w", () => {
    const [first] = seams();
    if (!first) return false;
    const way = WAYS[(WAYS.indexOf(first.dataset.shown) + 1) % WAYS.length];
    for (const each of seams()) show(each, way);
    first.scrollIntoView({ block: "nearest" });
    announce(`Seams: ${way}`);
    return true;
  });
}

function seams() {
  return [...document.querySelectorAll("[data-seam][data-started]")];
}

function start(root) {
  const tools = root.querySelector(".seam-tools");
  if (root.dataset.started || !tools) return;
  root.dataset.started = "yes";
  const slider = root.querySelector("[data-wipe]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const way = event.target.closest("[data-way]")?.dataset.way;
    if (way) show(root, way);
  });
  slider.addEventListener("input", () => wipe(root, slider));
  root.querySelector("[data-louder]")?.addEventListener("change", (event) => {
    root.querySelector(".seam-stack").classList.toggle("louder", event.target.checked);
  });
  show(root, "beside");
  wipe(root, slider);
}

function show(root, way) {
  root.dataset.shown = way;
  for (const button of root.querySelectorAll("[data-way]")) {
    button.setAttribute("aria-pressed", String(button.dataset.way === way));
  }
  root.querySelector(".wipe").hidden = way !== "wipe";
  const louder = root.querySelector(".louder-choice");
  if (louder) louder.hidden = way !== "difference";
  if (way === "difference") measure(root);
}

function wipe(root, slider) {
  root.querySelector(".seam-stack").style.setProperty("--wipe", `${slider.value}%`);
  slider.setAttribute("aria-valuetext", `${slider.value} % of the frame before`);
}

/** Say in numbers what the picture of the difference shows: how far apart the frames are on average, and at most. */
async function measure(root) {
  const words = root.querySelector("[data-difference]");
  const images = [...root.querySelectorAll("img")];
  if (!words || images.length !== 2) return;
  try {
    await Promise.all(images.map((each) => each.decode()));
    const [one, other] = images.map(pixels);
    let sum = 0;
    let far = 0;
    for (let at = 0; at < one.length; at += 4) {
      const apart = (Math.abs(one[at] - other[at]) + Math.abs(one[at + 1] - other[at + 1]) + Math.abs(one[at + 2] - other[at + 2])) / 3;
      sum += apart;
      far += apart > 32 ? 1 : 0;
    }
    const mean = (100 * sum * 4) / one.length / 255;
    const share = (100 * far * 4) / one.length;
    words.textContent = `${mean.toFixed(1)} % apart on average; ${share.toFixed(0)} % of the picture differs visibly`;
  } catch {
    words.textContent = "The frames could not be measured.";
  }
}

function pixels(image) {
  const canvas = new OffscreenCanvas(160, 90);
  const on = canvas.getContext("2d", { willReadFrequently: true });
  on.drawImage(image, 0, 0, 160, 90);
  return on.getImageData(0, 0, 160, 90).data;
}
