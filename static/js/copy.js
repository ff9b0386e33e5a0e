/* Copy buttons: [data-copy="#id"] or [data-copy-target="#id"] copies the text of that element.
   Where the browser refuses (plain http), the text is selected and the person told to copy it. */
(function () {
  "use strict";

  function textOf(element) {
    return "value" in element ? element.value : element.innerText;
  }

  function select(element) {
    if (element.select) {
      element.focus();
      element.select();
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function tell(button, text) {
    let words = button.nextElementSibling;
    if (!words || !words.matches("[data-copy-words]")) {
      words = document.createElement("span");
      words.dataset.copyWords = "";
      words.className = "small-note ms-2";
      words.setAttribute("role", "status");
      button.after(words);
    }
    words.textContent = text;
  }

  async function copy(button, source) {
    try {
      await navigator.clipboard.writeText(textOf(source));
      tell(button, "Đã sao chép.");
    } catch {
      // No clipboard here: the older command, and if that is refused too, the person's own hand.
      select(source);
      const done = document.execCommand && document.execCommand("copy");
      tell(button, done ? "Đã sao chép." : "Đã bôi đen: nhấn Ctrl+C, hoặc chạm giữ rồi chọn «Sao chép».");
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-target]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy || button.dataset.copyTarget);
    if (source) copy(button, source);
  });
})();
