/* The reader's own size of type, kept in this browser; loaded before the page so that nothing jumps. */
(function () {
  "use strict";
  const SIZES = ["", "text-large", "text-larger"];
  const root = document.documentElement;

  function stored() {
    try {
      return Number(localStorage.getItem("text-size")) || 0;
    } catch {
      return 0; // storage is switched off: the normal size
    }
  }

  function show(step) {
    SIZES.forEach((name, index) => name && root.classList.toggle(name, index === step));
  }

  let current = Math.min(Math.max(stored(), 0), SIZES.length - 1);
  show(current);

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-text-size]").forEach((box) => (box.hidden = false));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-text-size-step]");
    if (!button) return;
    current = Math.min(Math.max(current + Number(button.dataset.textSizeStep), 0), SIZES.length - 1);
    show(current);
    try {
      localStorage.setItem("text-size", String(current));
    } catch {
      // Storage is switched off: the size holds for this page.
    }
  });
})();
