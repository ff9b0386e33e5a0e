/* The fields of a form as {name: [texts]}: read, written, compared. Used by draft.js and draft-view.js. */
(function () {
  "use strict";

  window.Portal = window.Portal || {};

  const KEPT = [
    'input:not([type="hidden"], [type="file"], [type="password"], [type="submit"], [type="button"])',
    "select",
    "textarea",
  ].join(", ");
  const TICKED = '[type="checkbox"], [type="radio"]';
  const NOT_LOCAL = "[data-no-local], .person";

  function controlsOf(form, name) {
    const found = form.elements.namedItem(name);
    if (!found) return [];
    return found instanceof RadioNodeList ? [...found] : [found];
  }

  /** What the form would send, without files and hidden inputs; an unticked box is an empty list. */
  function read(form) {
    const fields = {};
    for (const control of form.elements) {
      if (!control.name || control.disabled || !control.matches(KEPT)) continue;
      const values = (fields[control.name] ||= []);
      if (control.matches(TICKED)) {
        if (control.checked) values.push(control.value);
      } else if (control.multiple) {
        values.push(...[...control.selectedOptions].map((option) => option.value));
      } else {
        values.push(control.value);
      }
    }
    return fields;
  }

  function put(form, name, values) {
    controlsOf(form, name).forEach((control, index) => {
      if (control.matches(TICKED)) control.checked = values.includes(control.value);
      else if (control.multiple) [...control.options].forEach((option) => (option.selected = values.includes(option.value)));
      else control.value = values[index] ?? "";
    });
    if (Portal.pairs) Portal.pairs.refreshAll();
  }

  /** The texts of a field from what the server says of it. */
  function valuesOf(form, name, value) {
    if (Array.isArray(value)) return value;
    const [control] = controlsOf(form, name);
    return control && control.matches(TICKED) && !value ? [] : [value ?? ""];
  }

  /** The form's data without files: pictures go by the person's own button. */
  function words(form) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  /** Whether two texts are the same to the server, which trims, composes letters and knows one line end. */
  function same(one, other) {
    const plain = (values) => values.map((text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim());
    return Boolean(one && other) && JSON.stringify(plain(one)) === JSON.stringify(plain(other));
  }

  function staysOff(form, name) {
    return controlsOf(form, name).some((control) => control.closest(NOT_LOCAL));
  }

  Portal.draftFields = { controlsOf, put, read, same, staysOff, valuesOf, words };
})();
