"use strict";
(() => {
  const root = document.documentElement;
  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const all = [...document.querySelectorAll(".excerpt")];

  function toggleTheme() {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  }

  function show() {
    const word = filter.value.trim().toLowerCase();
    for (const excerpt of all) {
      excerpt.hidden = !excerpt.textContent.toLowerCase().includes(word);
    }
    shown.textContent = `${all.filter((e) => !e.hidden).length} examples`;
  }

  function step(by) {
    const open = all.filter((e) => !e.hidden);
    const at = open.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : at + by;
    open[Math.min(Math.max(next, 0), open.length - 1)]?.focus();
  }

  document.getElementById("theme").addEventListener("click", toggleTheme);
  filter.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter) {
      if (event.key === "Escape") filter.blur();
      return;
    }
    const action = { t: toggleTheme, j: () => step(1), k: () => step(-1), "/": () => filter.focus() }[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
})();
