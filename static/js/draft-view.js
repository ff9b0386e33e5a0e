/* What the person sees of a draft: the state of saving, errors beside the fields, notes, the choice between
   two texts. No network and no storage here; draft.js decides.

   [data-save-state]            the state of the whole form, anywhere on the page
   [data-card-state]            the state of the card a changed field stands in
   [data-error-for="name"]      the message of a field
   [data-soft-for="name"]       a warning that asks for a reason; [data-soft-text] in it says what is odd */
(function () {
  "use strict";

  window.Portal = window.Portal || {};

  const CARD = "[data-number-card], .target-card, .field-card";
  const { controlsOf } = Portal.draftFields;
  const STATES = ["saved", "saving", "unsaved", "waiting", "invalid", "failed"];

  function element(tag, css, text) {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (text) made.textContent = text;
    return made;
  }

  function button(css, text, act) {
    const made = element("button", css, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function paint(target, state, text) {
    target.classList.add("save-state");
    STATES.forEach((name) => target.classList.toggle(name, name === state));
    if (target.textContent !== text) target.textContent = text;
  }

  function showState(state, text) {
    document.querySelectorAll("[data-save-state]").forEach((target) => paint(target, state, text));
  }

  /** Shows a state on the cards of these fields. */
  function showCards(form, names, state, text) {
    const cards = new Set(names.flatMap((name) => controlsOf(form, name)).map((control) => control.closest(CARD)));
    cards.forEach((card) => {
      const target = card && card.querySelector("[data-card-state]");
      if (target) paint(target, state, text);
    });
  }

  function messageOf(form, control) {
    let place = form.querySelector(`[data-error-for="${CSS.escape(control.name)}"]`);
    if (!place) {
      place = element("div", "field-error");
      place.dataset.errorFor = control.name;
      control.after(place);
    }
    if (!place.id) place.id = `${control.id || control.name}-error`;
    const described = (control.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean);
    if (!described.includes(place.id)) control.setAttribute("aria-describedby", [...described, place.id].join(" "));
    return place;
  }

  /** Puts the server's messages beside the fields `names`, and takes away those that no longer hold. */
  function showErrors(form, names, errors, soft) {
    names.forEach((name) => {
      const [control] = controlsOf(form, name);
      const text = errors[name] || "";
      if (text || control.getAttribute("aria-invalid")) {
        messageOf(form, control).textContent = text;
        control.classList.toggle("is-invalid", Boolean(text));
        if (text) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
      showSoft(form, name, soft[name] || "");
    });
    if (Portal.pairs) Portal.pairs.refreshAll();
  }

  function showSoft(form, name, text) {
    const box = form.querySelector(`[data-soft-for="${CSS.escape(name)}"]`);
    if (!box) return;
    box.hidden = !text;
    const words = box.querySelector("[data-soft-text]");
    if (words) words.textContent = text;
    box.querySelectorAll("input, textarea").forEach((reason) => (reason.disabled = !text));
  }

  /** A note above the form; one of each kind, replaced by the next. */
  function note(form, kind, css, role, ...content) {
    dropNote(kind);
    const made = element("div", `alert ${css} draft-note`);
    made.dataset.draftNote = kind;
    made.setAttribute("role", role);
    made.append(...content);
    form.before(made);
    return made;
  }

  function focusNote(kind) {
    const made = document.querySelector(`[data-draft-note="${kind}"]`);
    if (!made) return;
    made.tabIndex = -1;
    made.focus();
  }

  function dropNote(kind) {
    document.querySelectorAll(`[data-draft-note="${kind}"]`).forEach((made) => made.remove());
  }

  function showRestored(form, at) {
    note(form, "restored", "alert-info", "status", `Đã khôi phục nội dung chưa gửi lúc ${Portal.momentWords(at)}.`);
  }

  function showSessionEnded(form, loginUrl, retry) {
    const link = element("a", "", "Đăng nhập lại");
    link.href = loginUrl;
    link.target = "_blank";
    const again = button("btn btn-sm btn-outline-primary ms-2", "Đã đăng nhập, gửi tiếp", retry);
    note(
      form, "session", "alert-warning", "alert",
      "Phiên làm việc đã hết. Nội dung đã giữ trên máy. ", link, " (mở trang mới), rồi quay lại đây.", again,
    );
  }

  function showMessage(form, text) {
    note(form, "message", "alert-danger", "alert", text);
  }

  function labelOf(form, name) {
    const [control] = controlsOf(form, name);
    const label = control && control.labels && control.labels[0];
    const card = control && control.closest(CARD);
    const title = card && card.querySelector("h2, h3");
    const own = label ? label.textContent.replace(/\s+/g, " ").replace(/\s*\*$/, "").trim() : name;
    return title && label && !card.matches(".field-card") ? `${title.textContent.trim()}: ${own}` : own;
  }

  function shownValue(form, name, value) {
    const [control] = controlsOf(form, name);
    if (control && control.type === "checkbox") return value ? "có đánh dấu" : "không đánh dấu";
    return value;
  }

  function choiceRow(form, conflict, chosen) {
    const row = element("div", "conflict-field");
    const texts = element("div", "conflict-texts");
    const pick = (side, words, value, otherCss) => {
      const box = element("div");
      const choose = button(`btn btn-sm ${otherCss}`, words, () => {
        row.classList.add("is-chosen");
        row.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === choose)));
        chosen(conflict.name, side);
      });
      choose.setAttribute("aria-label", `${words}: ${conflict.label}`);
      box.append(element("span", "small-note", side === "mine" ? "Đồng chí vừa gõ" : "Bản đã lưu"));
      box.append(element("pre", "", shownValue(form, conflict.name, value)), choose);
      return box;
    };
    texts.append(pick("mine", "Giữ của tôi", conflict.mine, "btn-outline-primary"));
    texts.append(pick("theirs", "Lấy bản đã lưu", conflict.theirs, "btn-outline-primary"));
    row.append(element("h3", "", conflict.label), texts);
    return row;
  }

  /** Both texts of each field side by side; calls `done({name: "mine" | "theirs"})` when all are chosen. */
  function showConflict(form, message, conflicts, done) {
    dropConflict();
    const panel = element("section", "conflict");
    panel.dataset.draftConflict = "";
    panel.tabIndex = -1;
    panel.setAttribute("role", "alert");
    panel.append(element("h2", "", "Có hai bản khác nhau"), element("p", "mb-2", message));
    const choices = {};
    const chosen = (name, side) => {
      choices[name] = side;
      if (Object.keys(choices).length < conflicts.length) return;
      dropConflict();
      done(choices);
    };
    conflicts.forEach((conflict) => panel.append(choiceRow(form, conflict, chosen)));
    form.before(panel);
    // Who is typing is not torn away: the note in sight leads to the panel.
    if (form.contains(document.activeElement)) {
      const look = button("btn btn-sm btn-outline-primary ms-2", "Xem hai bản", focusConflict);
      note(form, "conflict", "alert-warning", "status", "Có hai bản khác nhau, chưa lưu được.", look);
    } else {
      focusConflict();
    }
  }

  function dropConflict() {
    dropNote("conflict");
    document.querySelectorAll("[data-draft-conflict]").forEach((panel) => panel.remove());
  }

  function focusConflict() {
    dropNote("conflict");
    const panel = document.querySelector("[data-draft-conflict]");
    if (!panel) return;
    panel.focus();
    panel.scrollIntoView({ block: "start" });
  }

  Portal.draftView = {
    dropNote, focusConflict, focusNote, labelOf, showCards, showConflict, showErrors, showMessage, showRestored,
    showSessionEnded, showState,
  };
})();
