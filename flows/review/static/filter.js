/** The filter of a board: words and states, kept in the address, counted aloud. */

import { announce } from "./announce.js";
import { bind } from "./keys.js";

export function startFilter() {
  const form = document.querySelector("[data-filter]");
  if (!form) return;
  const filter = new Filter(form);
  const search = form.querySelector('input[type="search"]');
  bind("Board", "Search", "/", () => (search.focus(), search.select()));
  bind("Board", "Show all again", "Escape", () => filter.clear());
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    filter.clear();
    search.blur();
  });
}

class Filter {
  constructor(form) {
    this.form = form;
    this.output = form.querySelector("output");
    form.hidden = false;
    for (const each of form.querySelectorAll("[data-without-script]")) each.hidden = true;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.apply());
    document.addEventListener("tailframe:swapped", () => this.apply({ silent: true }));
    this.#fromAddress();
    this.apply({ silent: true });
  }

  clear() {
    this.form.querySelector('input[type="search"]').value = "";
    for (const each of this.form.querySelectorAll("input:checked")) each.checked = false;
    this.apply();
  }

  /** Read all, then write all: no card is laid out in between. */
  apply({ silent = false } = {}) {
    const fields = new FormData(this.form);
    const words = String(fields.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(fields.getAll("state"));
    const only = fields.getAll("only");
    const cards = [...document.querySelectorAll("[data-card]")];
    const wanted = cards.map((card) => fits(card, words, states, only));
    cards.forEach((card, at) => (card.hidden = !wanted[at]));
    for (const scene of document.querySelectorAll("[data-scene]")) {
      scene.hidden = !scene.querySelector("[data-card]:not([hidden])");
    }
    const found = wanted.filter(Boolean).length;
    const told = words.length || states.size || only.length ? `${found} of ${cards.length} shots` : `${cards.length} shots`;
    this.output.textContent = told;
    const none = document.querySelector("[data-none-fits]");
    if (none) none.hidden = found > 0 || !cards.length;
    if (!silent) announce(told);
    this.#toAddress(words, { state: [...states], only });
  }

  #fromAddress() {
    const asked = new URLSearchParams(location.search);
    this.form.querySelector('input[type="search"]').value = asked.get("q") ?? "";
    for (const name of ["state", "only"]) {
      const ticked = new Set(asked.getAll(name));
      for (const each of this.form.querySelectorAll(`input[name="${name}"]`)) each.checked = ticked.has(each.value);
    }
  }

  #toAddress(words, ticked) {
    const to = new URL(location.href);
    for (const name of ["q", "state", "only"]) to.searchParams.delete(name);
    if (words.length) to.searchParams.set("q", words.join(" "));
    for (const [name, values] of Object.entries(ticked)) for (const each of values) to.searchParams.append(name, each);
    if (to.href !== location.href) history.replaceState(history.state, "", to);
  }
}

function fits(card, words, states, only) {
  const { text = "", state = "", only: has = "" } = card.dataset;
  return (!states.size || states.has(state)) && only.every((each) => has.includes(each)) && words.every((word) => text.includes(word));
}
