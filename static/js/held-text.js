/* What was typed when the session had ended goes back into its form. Without this file the text stands in a
   folded panel, field by field, to be copied.

   section[data-held="id"]     one form that is held (templates/partials/_held_text.html)
     data-held-path            where it was sent: the form of the page with that address gets it
     data-held-fields          [[name, [texts]]]
     data-held-when            the words for when it was typed

   Only what nobody has changed since the page opened is filled. It happens by itself once; after that, as
   when the page is loaded anew, a button does it: an old text must not come over a newer one unasked. */
(function () {
  "use strict";

  const FILLED = "held-filled-";
  const TICKED = '[type="checkbox"], [type="radio"]';
  const TYPED_IN =
    'input:not([type="hidden"], [type="file"], [type="password"], [type="submit"], [type="button"]), select, textarea';

  const pathOf = (address) => new URL(address, location.href).pathname;
  const attribute = (element, name) => element.getAttribute(name);

  /** The form's own address, or that of one of its buttons. An input called "action" must not get in the way. */
  function leadsTo(form, path) {
    if ((attribute(form, "method") || "").toLowerCase() !== "post") return false;
    if (pathOf(attribute(form, "action") || location.href) === path) return true;
    return [...form.elements].some((button) => attribute(button, "formaction") && pathOf(attribute(button, "formaction")) === path);
  }

  const isOpen = (control) => control.name && control.matches(TYPED_IN) && !control.disabled && !control.readOnly;

  /** The form that was sent: of several for one address the one whose hidden ids are the same. */
  function formOf(path, fields) {
    let best = null;
    let most = 0;
    for (const form of document.forms) {
      if (form.closest("[data-held]") || !leadsTo(form, path)) continue;
      const controls = [...form.elements];
      const other = controls.some(
        (control) => control.type === "hidden" && fields.has(control.name) && !fields.get(control.name).includes(control.value),
      );
      const names = new Set(controls.filter((control) => isOpen(control) && fields.has(control.name)).map((control) => control.name));
      if (!other && names.size > most) [best, most] = [form, names.size];
    }
    return best;
  }

  function isUntouched(control) {
    if (control.matches(TICKED)) return control.checked === control.defaultChecked;
    if (control.matches("select")) {
      const options = [...control.options];
      const marked = options.some((option) => option.defaultSelected);
      if (!marked && !control.multiple) return control.selectedIndex <= 0;
      return options.every((option) => option.selected === option.defaultSelected);
    }
    return control.value === control.defaultValue || !control.value.trim();
  }

  /** Puts the texts into the control; false where one has no place there. */
  function put(control, values, index) {
    if (control.matches(TICKED)) {
      control.checked = values.includes(control.value);
    } else if (control.matches("select")) {
      const wanted = control.multiple ? values : [values[index] ?? ""];
      const options = [...control.options];
      if (!wanted.every((value) => options.some((option) => option.value === value))) return false;
      options.forEach((option) => (option.selected = wanted.includes(option.value)));
    } else {
      control.value = values[index] ?? "";
    }
    return true;
  }

  /** Fills the form; returns the first control that was filled and whether everything found its place. */
  function fill(form, fields) {
    const changed = [];
    let whole = true;
    for (const [name, values] of fields) {
      const named = [...form.elements].filter((control) => control.name === name);
      const controls = named.filter(isOpen);
      if (!named.length && values.some((value) => value.trim())) whole = false;
      controls.forEach((control, index) => {
        if (!isUntouched(control) || !put(control, values, index)) whole = false;
        else changed.push(control);
      });
      if (controls.length && !controls[0].matches(`${TICKED}, select`) && values.length > controls.length) whole = false;
    }
    // A box that was ticked by the page and unticked by the person was not sent at all.
    for (const box of form.querySelectorAll('input[type="checkbox"]')) {
      if (isOpen(box) && !fields.has(box.name) && box.checked && isUntouched(box)) {
        box.checked = false;
        changed.push(box);
      }
    }
    for (const control of changed) {
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return { first: changed.find((control) => !control.matches(TICKED)) || changed[0], whole };
  }

  function openAround(target) {
    for (let fold = target.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
      fold.open = true;
    }
  }

  function remembered(id) {
    try {
      return sessionStorage.getItem(FILLED + id) !== null;
    } catch {
      return false; // storage is switched off: it is filled each time
    }
  }

  function remember(id) {
    try {
      sessionStorage.setItem(FILLED + id, "1"); // the id only, never a text
    } catch {
      // Storage is switched off: it is filled each time.
    }
  }

  function show(section) {
    const fields = new Map(JSON.parse(section.dataset.heldFields));
    const form = formOf(section.dataset.heldPath, fields);
    const again = section.querySelector("[data-held-again]");
    const notice = section.querySelector("[data-held-notice]");
    const rows = section.querySelector("[data-held-rows]");
    if (!form) {
      rows.open = !section.querySelector("[data-held-page]");
      return;
    }
    function work() {
      const { first, whole } = fill(form, fields);
      if (first) openAround(first);
      const words = `Đã điền lại nội dung đồng chí gõ ${section.dataset.heldWhen}. Kiểm tra rồi bấm lưu.`;
      const rest = " Phần không còn ô để điền nằm trong mục dưới đây.";
      section.querySelector("[data-held-words]").textContent = whole ? words : words + rest;
      rows.open = !whole;
      again.hidden = true;
      const page = section.querySelector("[data-held-page]");
      if (page) page.hidden = true;
      remember(section.dataset.held);
      notice.focus();
    }
    again.addEventListener("click", work);
    if (remembered(section.dataset.held)) again.hidden = false;
    else work();
  }

  document.querySelectorAll("[data-held]").forEach(show);
})();
