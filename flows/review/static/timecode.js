/** Frames, seconds and timecode of one rate. Pure. */

/** Frames a second, from "24", "23.976" or "24000/1001". */
export function rate(written) {
  const [above, below = "1"] = String(written).split("/");
  const found = Number(above) / Number(below);
  return Number.isFinite(found) && found > 0 ? found : 24;
}

/** The frame that is shown at a second; browsers round a frame's own start now and then to just before it. */
export function frameAt(seconds, fps) {
  return Math.max(0, Math.floor(seconds * fps + 0.01));
}

/** A second in the middle of a frame, which every browser shows as that frame. */
export function middleOf(frame, fps) {
  return (frame + 0.5) / fps;
}

/** `MM:SS:FF`, with hours where there are any; frames are counted, none is dropped. */
export function timecode(frame, fps) {
  const whole = Math.max(1, Math.round(fps));
  const seconds = Math.floor(frame / whole);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60, frame % whole];
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((each) => String(each).padStart(2, "0")).join(":");
}

/** A timecode as a screen reader should say it. */
export function spoken(frame, fps) {
  const seconds = frame / fps;
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(1);
  return `${minutes ? `${minutes} min ` : ""}${rest} s, frame ${frame}`;
}
