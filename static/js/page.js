/* Small manners of every page: focus on what is wrong, ask before what cannot be undone, no double sending,
   menus that close. Everything works without this file.

   [data-error-summary]            gets the focus when the page opens
   [data-confirm="Bỏ bản nháp?"]   on a button or form: asks first (data-confirm-ok: the button's words)
   form[data-guard-double]         sends once
   details[data-menu]              closes on Escape and on a click elsewhere */
(function () {
  "use strict";

  window.Portal = window.Portal || {};

  function openAround(target) {
    for (let fold = target.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
      fold.open = true;
    }
  }

  /** Moves the focus to the first summary of errors; a link in it opens what is folded around its field. */
  function focusSummary() {
    const summary = document.querySelector("[data-error-summary]");
    if (!summary) return;
    if (!summary.hasAttribute("tabindex")) summary.tabIndex = -1;
    summary.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || link.hash.length < 2) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    openAround(target);
    if (target.matches("input, select, textarea")) {
      event.preventDefault();
      target.focus();
      target.scrollIntoView({ block: "center" });
    }
  });

  /** Asks in a dialog; resolves to true when the person agrees. */
  Portal.confirm = function (text, ok) {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "confirm-text");
    const words = document.createElement("p");
    words.id = "confirm-text";
    words.textContent = text;
    const actions = document.createElement("div");
    actions.className = "actions";
    const cancel = button("btn btn-outline-primary", "Thôi");
    const agree = button("btn btn-primary", ok || "Đồng ý");
    actions.append(cancel, agree);
    dialog.append(words, actions);
    document.body.append(dialog);
    return new Promise((resolve) => {
      cancel.addEventListener("click", () => dialog.close());
      agree.addEventListener("click", () => dialog.close("ok"));
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "ok");
      });
      dialog.showModal();
      cancel.focus();
    });
  };

  function button(css, text) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = css;
    made.textContent = text;
    return made;
  }

  const agreed = new WeakSet();

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const asked = [event.submitter, form].find((element) => element && element.dataset.confirm);
      const alreadyAgreed = agreed.delete(form);
      if (!asked || alreadyAgreed) return;
      event.preventDefault();
      event.stopPropagation();
      Portal.confirm(asked.dataset.confirm, asked.dataset.confirmOk).then((yes) => {
        if (!yes) return;
        agreed.add(form);
        form.requestSubmit(event.submitter);
      });
    },
    true,
  );

  /** Sends a form that was held back by a script, without asking the person a second time. */
  Portal.submitAgain = function (form, submitter) {
    agreed.add(form);
    form.requestSubmit(submitter);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-guard-double]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  // The browser may bring the page back as it was: then it may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-guard-double]").forEach((form) => delete form.dataset.sent);
  });

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  });

  // A wide table opens where the present is: its column is marked aria-current.
  document.querySelectorAll(".table-scroll").forEach((box) => {
    const now = box.querySelector("th[aria-current]");
    if (now) box.scrollLeft = now.offsetLeft + now.offsetWidth - box.clientWidth;
  });

  focusSummary();
})();
