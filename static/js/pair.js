/* Number pairs: the percent while typing, a word where the part is larger than the whole, and the grey of
   «Không thay đổi so với kỳ trước». The server decides; this only shows at once what it will say.

   [data-pair]            holds two inputs and an output[data-percent]; data-goal moves the bar of its card
   [data-unchanged], input[name$=".unchanged"]   in the same card: figures are kept, but may not be typed */
(function () {
  "use strict";

  const CARD = "[data-number-card], .target-card, .card";
  const GROUPED = /^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/;
  const PLAIN = /^\d+(,\d+)?$/;
  const DOT = /^(\d+\.(\d{1,2}|\d{4,})|0\.\d{3})$/;
  const SPACED = /^\d{1,3}( \d{3})+([.,]\d+)?$/;

  /** The number of a Vietnamese text ("1.234,5", "1 234", "85,5"); null for an empty one, NaN for no number. */
  function parse(text) {
    const plain = text.replace(/[\s\u200b\ufeff]+/g, " ").trim();
    if (!plain) return null;
    if (GROUPED.test(plain)) return Number(plain.replaceAll(".", "").replace(",", "."));
    if (SPACED.test(plain)) return Number(plain.replaceAll(" ", "").replace(",", "."));
    if (PLAIN.test(plain) || DOT.test(plain)) return Number(plain.replace(",", "."));
    return NaN;
  }

  function shown(number) {
    return number.toLocaleString("vi-VN", { maximumFractionDigits: 2 });
  }

  /** One decimal, half up, as the server rounds. */
  function percent(part, whole) {
    const tenths = Math.floor((part * 2000 + whole) / (2 * whole));
    return `${Math.floor(tenths / 10).toLocaleString("vi-VN")},${tenths % 10}%`;
  }

  function drawBar(pair, part, whole) {
    const goal = Number(pair.dataset.goal);
    const card = pair.closest(CARD);
    const fill = goal && card && card.querySelector(".bar .fill");
    if (!fill) return;
    const share = whole > 0 ? Math.min((part / whole) * 10000 / goal, 100) : 0;
    fill.setAttribute("width", `${share.toFixed(1)}%`);
    fill.classList.toggle("met", share >= 100);
    const pace = card.querySelector(".bar .pace");
    fill.classList.toggle("behind", Boolean(pace) && share < parseFloat(pace.getAttribute("x")));
  }

  function tooLarge(part, whole) {
    return `Tử số (${shown(part)}) lớn hơn mẫu số (${shown(whole)}): kiểm tra lại hai số.`;
  }

  function refresh(pair) {
    const [part, whole] = [...pair.querySelectorAll("input")].slice(0, 2).map((input) => parse(input.value));
    const output = pair.querySelector("[data-percent]");
    const both = part !== null && whole !== null && !Number.isNaN(part) && !Number.isNaN(whole);
    const wrong = both && part > whole;
    if (output) output.textContent = both && whole > 0 && !wrong ? percent(part, whole) : both || wrong ? "–" : "";
    const words = wordsOf(pair);
    if (words) words.textContent = wrong ? tooLarge(part, whole) : "";
    if (both && !wrong) drawBar(pair, part, whole);
  }

  /** Where the word about the pair stands: made when the page has none; not beside the server's own message. */
  function wordsOf(pair) {
    let words = pair.parentElement.querySelector("[data-pair-error]");
    const first = pair.querySelector("input");
    const said = first && document.querySelector(`[data-error-for="${CSS.escape(first.name)}"]`);
    if (said && said.textContent.trim()) return words && ((words.textContent = ""), null);
    if (!words) {
      words = document.createElement("div");
      words.className = "field-error";
      words.dataset.pairError = "";
      words.setAttribute("role", "status");
      pair.after(words);
    }
    return words;
  }

  function greyOut(box) {
    const card = box.closest(CARD);
    if (!card) return;
    card.classList.toggle("is-unchanged", box.checked);
    // Read-only, not disabled: what was typed is still sent and kept, should the tick be taken away again.
    card.querySelectorAll(".pair input, .number-pair input, .number-single input").forEach((input) => {
      input.readOnly = box.checked;
    });
  }

  const UNCHANGED = 'input[type="checkbox"][data-unchanged], input[type="checkbox"][name$=".unchanged"]';

  document.addEventListener("input", (event) => {
    const pair = event.target.closest("[data-pair]");
    if (pair) refresh(pair);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(UNCHANGED)) greyOut(event.target);
  });

  function refreshAll() {
    document.querySelectorAll("[data-pair]").forEach(refresh);
    document.querySelectorAll(UNCHANGED).forEach(greyOut);
  }

  window.Portal = window.Portal || {};
  Portal.pairs = { parse, percent, refreshAll };
  refreshAll();
})();
