// Light, dark, or as the system has it: set before the first paint, which is why this is no module.
(() => {
  const KEPT = "tailframe.scheme";
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  const WORDS = { auto: "Colours as the system has them", light: "Light colours", dark: "Dark colours" };
  const root = document.documentElement;

  function kept() {
    try {
      return WORDS[localStorage.getItem(KEPT)] ? localStorage.getItem(KEPT) : "auto";
    } catch {
      return "auto";
    }
  }

  function show(scheme) {
    root.dataset.scheme = scheme;
    for (const button of document.querySelectorAll("[data-scheme-button]")) {
      button.hidden = false;
      button.title = WORDS[scheme];
      button.setAttribute("aria-label", `${WORDS[scheme]}; change`);
    }
  }

  root.dataset.scheme = kept();
  document.addEventListener("DOMContentLoaded", () => show(kept()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-scheme-button]")) return;
    const scheme = NEXT[kept()];
    localStorage.setItem(KEPT, scheme);
    show(scheme);
  });
})();
