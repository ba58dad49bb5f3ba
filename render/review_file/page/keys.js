// The keys of a cutting room, for the shot that is looked at; none while somebody writes.
const KEYS = [
  ["L", "play; again: faster", (card) => card.player.faster()],
  ["K", "stop", (card) => card.player.video.pause()],
  ["J", "a second back", (card) => card.player.stepSeconds(-1)],
  ["ArrowLeft", "a frame back; with Shift: ten", (card, many) => card.player.step(many ? -10 : -1), "←"],
  ["ArrowRight", "a frame on; with Shift: ten", (card, many) => card.player.step(many ? 10 : 1), "→"],
  ["ArrowUp", "the shot before", (card) => choose(cards[Math.max(0, cards.indexOf(card) - 1)]), "↑"],
  ["ArrowDown", "the next shot", (card) => choose(cards[Math.min(cards.length - 1, cards.indexOf(card) + 1)]), "↓"],
  ["T", "the next take", (card) => card.show(card.shot.takes[(card.shot.takes.indexOf(card.take) + 1) % card.shot.takes.length])],
  ["N", "write a note; Ctrl+Enter adds it", (card) => card.composer.words.focus()],
  ["D", "draw on the frame", (card) => card.composer.draw(!card.drawing.active)],
  ["R", "wish for another take", (card) => card.composer.again.click()],
  ["S", "save your notes", () => save()],
  ["?", "this list", () => byId("help").showModal()],
];
const WITHOUT_CLIP = ["ArrowUp", "ArrowDown", "S", "?"];

function typing(target) {
  return target.matches("textarea, select, input:not([type=range], [type=checkbox])");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || byId("help").open || !current) return;
  const pressed = event.key === " " && !event.target.matches("button, input") ? (current.take ? "Space" : "") : event.key;
  const found = KEYS.find(([key]) => key.toLowerCase() === pressed.toLowerCase());
  if (!found && pressed !== "Space") return;
  event.preventDefault();
  if (pressed === "Space") current.player.toggle();
  else if (current.take || WITHOUT_CLIP.includes(found[0])) {
    if (current.take && found[0].startsWith("Arrow")) current.look();
    found[2](current, event.shiftKey);
  }
});

byId("keys").append(...KEYS.flatMap(([key, means, , sign]) => [make("dt", {}, make("kbd", { textContent: sign || key })), make("dd", { textContent: means })]));
byId("help-button").addEventListener("click", () => byId("help").showModal());
begin();
