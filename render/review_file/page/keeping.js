// What was noted: kept in this browser where it lets files keep anything, and saved as a small file to send back.
const KEPT = `tailframe-review-${sheet.export}`;
const state = { by: "", notes: [] };
let keeps = true;
const watchers = [];

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) || "null");
    if (kept) Object.assign(state, { by: String(kept.by), notes: kept.notes.filter((each) => takeOf(each.take)) });
    localStorage.setItem(KEPT, JSON.stringify(state));
  } catch {
    keeps = false;
  }
}

function takeOf(id) {
  return sheet.shots.flatMap((shot) => shot.takes).find((take) => take.id === id);
}

function changed() {
  try {
    if (keeps) localStorage.setItem(KEPT, JSON.stringify(state));
  } catch {
    keeps = false;
  }
  watchers.forEach((each) => each());
}

const unsaved = () => state.notes.filter((each) => !each.saved).length;

// A note that was saved may have been sent already: what is written in its place is another note.
function keep(note, before) {
  const fresh = { ...note, id: before && !before.saved ? before.id : newId(), saved: false };
  if (before) state.notes.splice(state.notes.indexOf(before), 1, fresh);
  else state.notes.push(fresh);
  changed();
}

function drop(note) {
  state.notes.splice(state.notes.indexOf(note), 1);
  changed();
}

function fileOfNotes() {
  const notes = state.notes.map(({ id, take, words, frame, retake, drawing }) => ({ id, take, words, frame, retake, drawing }));
  return JSON.stringify({ tailframe_notes: 1, statement: sheet.statement, signature: sheet.signature, by: state.by, notes }, null, 1);
}

function save() {
  if (!state.by) return tell("Say who you are first: your name stands under your notes.", byId("name"));
  if (!state.notes.length) return tell("There is no note yet.");
  const name = [sheet.episode, state.by, "notes"].map((each) => each.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\w-]+/g, "-")).join("-");
  const address = URL.createObjectURL(new Blob([fileOfNotes()], { type: "application/json" }));
  make("a", { href: address, download: `${name}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  state.notes.forEach((each) => { each.saved = true; });
  changed();
  return tell(`Saved as ${name}.json: send that file back.`);
}

function tell(words, field = null) {
  byId("state").textContent = words;
  if (field) field.focus();
}

window.addEventListener("beforeunload", (event) => {
  if (!keeps && unsaved()) event.preventDefault();
});
