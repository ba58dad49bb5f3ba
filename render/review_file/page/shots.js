// The shots of the episode, each with its takes, its texts and its notes; and which of them the keys are for.
const cards = [];
let current = null;

class Card {
  constructor(shot) {
    this.shot = shot;
    this.root = byId("shot").content.firstElementChild.cloneNode(true);
    this.find = (name) => this.root.querySelector(name);
    this.root.id = `shot-${shot.key}`;
    this.find("h3").textContent = shot.key;
    this.find(".length").textContent = shot.length;
    this.find(".told").append(...shot.texts.map(toldOf));
    if (shot.takes.length) this.withTakes();
    else this.find(".parts").replaceChildren(this.find(".told"), make("p", { className: "empty", textContent: shot.standing }));
    for (const event of ["pointerdown", "focusin"]) this.root.addEventListener(event, () => choose(this, false));
  }

  withTakes() {
    this.player = new Player(this.find(".player"), () => this.refresh());
    this.drawing = new Drawing(this.find("canvas"), () => this.refresh());
    this.composer = new Composer(this.root, this.player, this.drawing);
    this.find(".takes").append(...this.shot.takes.map((take) => this.tab(take)));
    const range = this.find("input[type=range]");
    range.addEventListener("input", () => { this.look(); this.player.seek(Number(range.value)); });
    const deeds = { ".play": () => this.player.toggle(), ".back": () => this.player.step(-1), ".on": () => this.player.step(1), ".sound": () => this.hush() };
    for (const [name, deed] of Object.entries(deeds)) this.find(name).addEventListener("click", () => { this.look(); deed(); });
    this.show(this.shot.takes[0]);
  }

  tab(take) {
    const marks = take.marks.map((each) => make("small", { textContent: each, className: each }));
    return make("button", { type: "button", onclick: () => this.show(take) }, `Take ${take.number} `, ...marks);
  }

  show(take) {
    this.take = take;
    this.drawing.set([]);
    this.player.show(take);
    this.find("input[type=range]").max = take.frames - 1;
    this.find(".sound").hidden = !take.sound;
    [...this.find(".takes").children].forEach((tab, at) => tab.setAttribute("aria-pressed", String(this.shot.takes[at] === take)));
    this.list();
  }

  // What others drew goes as soon as one goes on.
  look() {
    if (!this.drawing.own) this.drawing.set([]);
  }

  hush() {
    this.player.video.muted = !this.player.video.muted;
    this.find(".sound").setAttribute("aria-pressed", String(!this.player.video.muted));
  }

  jump(note) {
    this.player.seek(note.frame);
    this.drawing.set(note.drawing, false);
  }

  refresh() {
    if (!this.player || !this.player.take || !this.composer) return;
    const { frame, take } = this.player;
    const range = this.find("input[type=range]");
    range.value = frame;
    range.setAttribute("aria-valuetext", `frame ${frame} of ${take.frames}`);
    this.find("output").textContent = `${frame} / ${take.frames - 1}`;
    this.composer.refresh();
  }

  list() {
    if (!this.take) return;
    const mine = state.notes.filter((each) => each.take === this.take.id);
    const own = { onJump: (note) => this.jump(note), onEdit: (note) => this.composer.edit(note), onDrop: (note) => drop(note) };
    this.find(".noted").replaceChildren(...this.take.notes.map((each) => noteItem(each, { onJump: own.onJump })), ...mine.map((each) => noteItem(each, own)));
    const ids = this.shot.takes.map((each) => each.id);
    const count = state.notes.filter((each) => ids.includes(each.take)).length;
    const before = this.shot.takes.reduce((sum, each) => sum + each.notes.length, 0);
    this.find(".count").hidden = !(count + before);
    this.find(".count").textContent = several(count + before, "note", "notes");
    this.thumb?.classList.toggle("has", count > 0);
  }
}

function toldOf({ part, label, text }) {
  return make("p", { className: part, dir: "auto" }, label ? make("b", { textContent: `${label} ` }) : null, text);
}

function choose(card, scroll = true) {
  current = card;
  for (const each of cards) {
    each.root.classList.toggle("current", each === card);
    each.thumb.setAttribute("aria-current", String(each === card));
  }
  if (!scroll) return;
  card.root.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  card.root.focus({ preventScroll: true });
}

function thumbOf(card) {
  const [take] = card.shot.takes;
  const picture = take ? make("img", { src: take.poster, alt: "", width: take.width, height: take.height }) : make("span", { className: "none" });
  return make("button", { type: "button", onclick: () => choose(card) }, picture, make("span", { textContent: card.shot.key }));
}

function begin() {
  for (const name of ["series", "title", "summary"]) byId(name).textContent = sheet[name];
  restore();
  let scene = null;
  for (const shot of sheet.shots) {
    const card = new Card(shot);
    card.thumb = thumbOf(card);
    if (shot.scene !== scene) byId("shots").append(make("h2", { dir: "auto", textContent: scene = shot.scene }));
    cards.push(card);
    byId("shots").append(card.root);
    byId("contents").append(card.thumb);
  }
  watchers.push(() => cards.forEach((each) => each.list()), told);
  byId("name").value = state.by;
  byId("name").addEventListener("input", () => { state.by = plainName(byId("name").value); changed(); });
  byId("save").addEventListener("click", save);
  changed();
  if (cards.length) choose(cards[0], false);
}

function told() {
  const count = unsaved(), kept = keeps ? "kept in this browser" : "this browser keeps nothing for files: save before you close";
  byId("save").classList.toggle("due", count > 0);
  byId("save").textContent = count ? `Save ${several(count, "note", "notes")}` : "Save notes";
  byId("state").textContent = state.notes.length || !keeps ? `${several(state.notes.length, "note", "notes")} of yours, ${count} not saved; ${kept}` : "";
}
