// The notes on one take: those that were there, and one's own, which can be changed until they are sent.

function noteItem(note, { onJump, onEdit = null, onDrop = null }) {
  const place = note.frame === null ? make("span", { className: "place", textContent: "whole take" })
    : make("button", { type: "button", className: "place", textContent: `frame ${note.frame}`, onclick: () => onJump(note) });
  const marks = [note.retake ? make("b", { textContent: "another take" }) : null, note.drawing.length ? make("i", { textContent: "drawn" }) : null];
  const by = onEdit ? (note.saved ? "yours, saved" : "yours") : `${note.by}, ${note.at}`;
  const head = make("p", { className: "from" }, place, ...marks, make("span", { className: "by", textContent: by }));
  if (onEdit) {
    head.append(make("button", { type: "button", textContent: "Change", onclick: () => onEdit(note) }));
    head.append(make("button", { type: "button", textContent: "Remove", onclick: () => onDrop(note) }));
  }
  return make("li", { className: onEdit ? "own" : "" }, make("p", { className: "words", dir: "auto", textContent: note.words }), head);
}

class Composer {
  constructor(root, player, drawing) {
    const find = (name) => root.querySelector(name);
    Object.assign(this, { player, drawing, before: null, form: find("form.write"), words: find("textarea"), draws: find(".draw"), wipe: find(".wipe") });
    Object.assign(this, { ofFrame: find(".of-frame"), shown: find(".of-frame + span"), again: find(".again") });
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.add(); });
    this.words.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.add(); });
    this.draws.addEventListener("click", () => this.draw(!drawing.active));
    this.wipe.addEventListener("click", () => drawing.set([]));
  }

  draw(active) {
    if (active) this.player.seek(this.player.frame);
    this.drawing.allow(active);
    this.draws.setAttribute("aria-pressed", String(active));
  }

  refresh() {
    this.shown.textContent = `frame ${this.player.frame}`;
    const drawn = this.drawing.own && this.drawing.strokes.length > 0;
    this.wipe.hidden = !drawn;
    if (drawn) this.ofFrame.checked = true;
    this.ofFrame.disabled = drawn;
  }

  add() {
    const drawing = this.drawing.own ? this.drawing.strokes : [];
    const otherwise = this.again.checked ? "Another take, please" : drawing.length ? "See the drawing" : "";
    const words = plain(this.words.value) || otherwise;
    if (!words) return tell("Write what you see first.", this.words);
    const frame = this.ofFrame.checked ? this.player.frame : null;
    keep({ take: this.player.take.id, words, frame, retake: this.again.checked, drawing }, this.before);
    this.clear();
    return tell("Noted.");
  }

  edit(note) {
    this.clear();
    this.before = note;
    if (note.frame !== null) this.player.seek(note.frame);
    this.drawing.set(note.drawing);
    Object.assign(this.words, { value: note.words });
    Object.assign(this.ofFrame, { checked: note.frame !== null });
    Object.assign(this.again, { checked: note.retake });
    this.words.focus();
  }

  clear() {
    this.before = null;
    this.form.reset();
    this.draw(false);
    this.drawing.set([]);
  }
}
