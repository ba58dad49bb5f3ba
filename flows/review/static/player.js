/** One video, by its frames: which one is shown, and showing another exactly. */

import { frameAt, middleOf, rate } from "./timecode.js";

export class Player {
  /** `root` holds a `video` and says `data-fps`, `data-frames`, and `data-times` where its rate varies. */
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.fps = rate(root.dataset.fps);
    this.counted = Number(root.dataset.frames) || 0;
    this.times = root.dataset.times ? JSON.parse(root.dataset.times) : null;
    this.video.controls = false;
    this.video.disablePictureInPicture = true;
    for (const name of ["error", "loadedmetadata", "loadeddata"]) this.video.addEventListener(name, () => this.#look());
    this.#look(); // at what was loaded before this script
  }

  get frames() {
    return this.counted || Math.max(1, Math.round((this.video.duration || 0) * this.fps));
  }

  get last() {
    return this.frames - 1;
  }

  get seconds() {
    return this.times ? this.times.at(-1) + 1 / this.fps : this.frames / this.fps;
  }

  get frame() {
    return this.frameOf(this.video.currentTime);
  }

  /** The number of the frame that is seen at a second; the last one after the end. */
  frameOf(second) {
    if (!this.times) return Math.max(0, Math.min(this.last, frameAt(second, this.fps)));
    const after = this.times.findIndex((each) => each > second + 0.0005);
    return after < 0 ? this.last : Math.max(0, after - 1);
  }

  /** A second in the middle of a frame. */
  secondOf(frame) {
    if (!this.times) return middleOf(frame, this.fps);
    return (this.times[frame] + (this.times[frame + 1] ?? this.seconds)) / 2;
  }

  /** Show the frame that is seen at a second, or the last one where the clip has ended by then. */
  seek(second) {
    const wanted = this.secondOf(this.frameOf(second));
    this.video.currentTime = Math.min(wanted, this.video.duration || Infinity);
  }

  /** Call back for each frame that is shown. */
  onFrame(callback) {
    const { video } = this;
    if (!video.requestVideoFrameCallback) {
      video.addEventListener("timeupdate", callback);
      return;
    }
    const each = () => {
      callback();
      video.requestVideoFrameCallback(each);
    };
    video.requestVideoFrameCallback(each);
  }

  #tell(words, kind) {
    for (const each of this.root.querySelectorAll(".screen video ~ p")) each.remove();
    const told = document.createElement("p");
    told.className = kind;
    told.textContent = words;
    this.video.after(told);
  }

  /** See to it that there is a picture, and no poster: the frame that the clip stands at. */
  #look() {
    const { video } = this;
    const noPicture = video.readyState >= 1 && !video.videoWidth; // browsers play the sound of what they cannot decode
    if (video.error?.code === MediaError.MEDIA_ERR_NETWORK) this.#tell("It could not be fetched. Load the page again.", "nothing");
    else if (video.error || noPicture) this.#useProxy();
    else if (video.readyState >= 2 && !video.currentTime && video.paused) this.seek(0);
  }

  /** A clip that this browser cannot play is there as one that any browser plays. */
  #useProxy() {
    const { proxy } = this.root.dataset;
    if (!proxy || this.video.getAttribute("src") === proxy) {
      this.#tell("This browser cannot play it.", "nothing");
      return;
    }
    this.video.src = proxy;
    this.#tell("A copy for this browser: decide about colours by the clip itself", "copied");
  }
}
