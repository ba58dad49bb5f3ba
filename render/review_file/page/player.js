// One screen that shows the takes of one shot, to the very frame.
const clips = new Map();

const contentOf = (clip) => byId(`clip-${clip}`).textContent;

// The address of a clip that lies in this page; made when it is first played, and kept.
function addressOf(clip) {
  if (!clips.has(clip)) {
    const bytes = Uint8Array.from(atob(contentOf(clip)), (each) => each.charCodeAt(0));
    clips.set(clip, URL.createObjectURL(new Blob([bytes], { type: "video/mp4" })));
  }
  return clips.get(clip);
}

class Player {
  constructor(root, onFrame) {
    this.video = root.querySelector("video");
    Object.assign(this, { root, onFrame, take: null, frame: 0, wanted: null });
    this.video.addEventListener("play", () => this.running(true));
    this.video.addEventListener("pause", () => this.running(false));
    this.video.addEventListener("ended", () => this.seek(this.take.frames - 1));
    this.video.addEventListener("seeked", () => this.arrived());
    this.video.addEventListener("error", () => this.otherwise());
    this.video.addEventListener("timeupdate", () => this.look(this.video.currentTime));
    root.querySelector(".screen").addEventListener("click", (event) => {
      if (!event.target.classList.contains("drawing")) this.toggle();
    });
  }

  show(take) {
    this.video.pause();
    Object.assign(this, { take, frame: 0, wanted: null, loaded: false });
    this.video.removeAttribute("src");
    this.video.load();
    Object.assign(this.video, { poster: take.poster, width: take.width, height: take.height });
    this.root.querySelector(".screen").style.aspectRatio = `${take.width} / ${take.height}`;
    this.root.classList.remove("begun");
    this.onFrame();
  }

  load() {
    if (this.loaded) return;
    this.loaded = true;
    this.root.classList.add("begun");
    this.video.src = addressOf(this.take.clip);
    if (this.video.requestVideoFrameCallback) this.follow();
  }

  // Some browsers play no blob of a page that is a file itself.
  otherwise() {
    if (this.loaded && this.video.src.startsWith("blob:")) this.video.src = `data:video/mp4;base64,${contentOf(this.take.clip)}`;
  }

  follow() {
    this.video.requestVideoFrameCallback((_, shown) => {
      this.look(shown.mediaTime);
      this.follow();
    });
  }

  look(seconds) {
    if (this.wanted !== null || this.video.paused) return;
    this.frame = this.frameAt(seconds);
    this.onFrame();
  }

  frameAt(seconds) {
    const { starts, frames } = this.take;
    const at = starts.fps ? Math.floor(seconds * starts.fps + 1e-3) : starts.times.findLastIndex((each) => each <= seconds + 1e-4);
    return Math.min(frames - 1, Math.max(0, at));
  }

  // In the middle of a frame no rounding shows the one beside it.
  middle(frame) {
    const { starts } = this.take;
    if (starts.fps) return (frame + 0.5) / starts.fps;
    const { times } = starts, begin = times[frame];
    return (begin + (frame + 1 < times.length ? times[frame + 1] : begin + 0.02)) / 2;
  }

  seek(frame) {
    this.load();
    this.video.pause();
    this.frame = this.wanted = Math.min(this.take.frames - 1, Math.max(0, frame));
    this.video.currentTime = this.middle(this.frame);
    this.onFrame();
  }

  arrived() {
    if (this.wanted !== null && Math.abs(this.video.currentTime - this.middle(this.wanted)) < 0.01) this.wanted = null;
  }

  running(runs) {
    this.root.classList.toggle("runs", runs);
    for (const each of this.root.querySelectorAll(".play, .big")) each.setAttribute("aria-label", runs ? "Pause" : "Play");
    this.root.querySelector(".play").textContent = runs ? "❚❚" : "▶";
    if (!runs && this.wanted === null && this.loaded) this.seek(this.frame);
  }

  play(speed = 1) {
    this.load();
    this.wanted = null;
    if (this.frame >= this.take.frames - 1) this.video.currentTime = 0;
    this.video.playbackRate = speed;
    for (const other of document.querySelectorAll("video")) if (other !== this.video) other.pause();
    this.video.play().catch(() => {});
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  faster() {
    this.play(this.video.paused ? 1 : Math.min(4, this.video.playbackRate * 2));
  }

  step(frames) {
    this.seek(this.frame + frames);
  }

  stepSeconds(seconds) {
    this.seek(this.frameAt(Math.max(0, this.middle(this.frame) + seconds)));
  }
}
