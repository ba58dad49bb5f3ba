/**
 * Several takes under one clock: they play, stop and step together, less than a frame apart.
 *
 * One of them leads; whoever strays is nudged back by its speed, and by a seek where it is far off. The one that is
 * heard leads, so that no nudge is heard; where it has ended, the longest goes on.
 */

import { Player } from "./player.js";
import { frameAt, middleOf } from "./timecode.js";

const SPEEDS = [1, 2, 4, 8];
const FAR_S = 0.3;
const CHECKS_MS = 50;
const PULL = 8; // of its speed, for each second that one is off: at 50 ms a check that is steady
const MOST_PULL = 0.5;

export class InStep extends EventTarget {
  constructor(roots = []) {
    super();
    this.players = [];
    this.heard = null;
    this.speed = 0;
    this.loops = false;
    this.muted = false;
    for (const root of roots) this.add(root);
  }

  /** A player for what `root` holds, under this clock. */
  add(root) {
    const player = new Player(root);
    this.players.push(player);
    this.heard ??= player;
    this.#watch(player);
    return player;
  }

  /** Forget players that are no longer on the page. */
  prune() {
    this.players = this.players.filter(({ root }) => root.isConnected);
    if (!this.players.includes(this.heard)) this.heard = this.players[0] ?? null;
  }

  /** Those that are on the stage. */
  get shown() {
    return this.players.filter((each) => !each.root.hidden);
  }

  get longest() {
    return this.shown.reduce((best, each) => (best && best.seconds >= each.seconds ? best : each), null);
  }

  get leader() {
    const heard = this.shown.includes(this.heard) ? this.heard : null;
    return heard && !heard.video.ended ? heard : this.longest;
  }

  get fps() {
    return this.longest?.fps ?? 24;
  }

  get last() {
    return this.longest?.last ?? 0;
  }

  get frame() {
    return Math.min(this.last, frameAt(this.seconds, this.fps));
  }

  get seconds() {
    return this.leader?.video.currentTime ?? 0;
  }

  /** How far apart those are that are still running, in seconds. */
  get spread() {
    const times = this.shown.filter((each) => !each.video.ended).map((each) => each.video.currentTime);
    return times.length > 1 ? Math.max(...times) - Math.min(...times) : 0;
  }

  async play(speed = 1) {
    this.#stopReverse();
    if (this.longest && this.frame >= this.last) this.#seek(0);
    this.speed = speed;
    this.dispatchEvent(new Event("moved"));
    const running = this.shown.filter((each) => each.seconds > this.seconds);
    for (const { video } of running) video.playbackRate = speed;
    this.#sound();
    await Promise.allSettled(running.map(({ video }) => video.play()));
    clearInterval(this.checking);
    if (this.speed !== speed) return; // somebody stopped it meanwhile
    this.checking = setInterval(() => this.#correct(), CHECKS_MS);
    this.#tell();
  }

  pause() {
    clearInterval(this.checking);
    this.#stopReverse();
    this.speed = 0;
    for (const { video } of this.players) video.pause();
    this.#seek(this.seconds);
    this.#tell();
  }

  toggle() {
    return this.speed ? this.pause() : this.play();
  }

  /** J and L: begin in a direction, faster with each press, slower and back by the other. */
  shuttle(direction) {
    const at = SPEEDS.indexOf(Math.abs(this.speed));
    const same = Math.sign(this.speed) === direction;
    const next = same ? SPEEDS[Math.min(SPEEDS.length - 1, at + 1)] : this.speed && at > 0 ? SPEEDS[at - 1] : 0;
    const speed = same || !this.speed ? (next || 1) * direction : next * -direction;
    if (!speed) this.pause();
    else if (speed > 0) this.play(speed);
    else this.#reverse(-speed);
  }

  step(frames) {
    this.showFrame(this.frame + frames);
  }

  showFrame(frame) {
    this.showSecond(middleOf(Math.max(0, Math.min(this.last, frame)), this.fps));
  }

  showSecond(second) {
    if (this.speed) this.pause();
    this.dispatchEvent(new Event("moved"));
    this.#seek(second);
    this.#tell();
  }

  frameAtSecond(second) {
    return frameAt(second, this.fps);
  }

  /** Call back once the first of them can be sought in. */
  whenReady(callback) {
    const video = this.longest?.video;
    if (!video) return;
    if (video.readyState >= 1) callback();
    else video.addEventListener("loadedmetadata", callback, { once: true });
  }

  /** Let one be heard, and lead. */
  hear(player) {
    this.heard = player;
    this.#sound();
    this.#tell();
  }

  mute(muted) {
    this.muted = muted;
    this.#sound();
    this.#tell();
  }

  /** Bring those that have just come onto the stage to where the others are. */
  join() {
    const running = this.speed;
    this.pause();
    if (running > 0) this.play(running);
  }

  #watch(player) {
    player.onFrame(() => player === this.leader && this.#tell());
    player.video.addEventListener("seeked", () => this.#tell());
    player.video.addEventListener("loadedmetadata", () => this.#tell());
    player.video.addEventListener("ended", () => this.#ended());
  }

  #ended() {
    if (this.speed <= 0 || this.shown.some(({ video }) => !video.ended && !video.paused)) return;
    if (this.loops) {
      this.#seek(0);
      this.play(this.speed);
    } else {
      this.pause();
    }
  }

  #sound() {
    for (const { video } of this.players) video.muted = true;
    if (this.heard) this.heard.video.muted = this.muted || this.speed < 0 || this.heard.root.hidden;
  }

  #seek(seconds) {
    for (const player of this.shown) player.seek(seconds);
  }

  #correct() {
    const lead = this.leader;
    if (!lead || this.speed <= 0 || lead.video.seeking) return;
    if (lead.video.playbackRate !== this.speed) lead.video.playbackRate = this.speed;
    for (const player of this.shown) if (player !== lead && !player.video.ended) this.#nudge(player, lead);
    this.#tell();
  }

  #nudge(player, lead) {
    const off = player.video.currentTime - lead.video.currentTime;
    if (player.video.seeking || player.seconds <= lead.video.currentTime) return;
    if (Math.abs(off) > FAR_S) player.video.currentTime = lead.video.currentTime;
    const wanted = Math.abs(off) < 0.15 / player.fps ? 0 : Math.max(-MOST_PULL, Math.min(MOST_PULL, off * PULL));
    const speed = this.speed * (1 - wanted);
    if (Math.abs(player.video.playbackRate - speed) > 0.005) player.video.playbackRate = speed;
  }

  /** Browsers play no video backwards: seek as fast as frames come. */
  #reverse(speed) {
    const from = this.seconds;
    for (const { video } of this.players) video.pause();
    clearInterval(this.checking);
    this.#stopReverse();
    this.speed = -speed;
    const began = performance.now();
    const back = (now) => {
      const target = from - ((now - began) / 1000) * speed;
      if (target <= 0) {
        this.showFrame(0);
        return;
      }
      if (this.shown.every(({ video }) => !video.seeking)) this.#seek(target);
      this.reversing = requestAnimationFrame(back);
    };
    this.reversing = requestAnimationFrame(back);
    this.#tell();
  }

  #stopReverse() {
    cancelAnimationFrame(this.reversing ?? 0);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
