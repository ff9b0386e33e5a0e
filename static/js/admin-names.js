// Select2 gives its box the role of a text field without a name: take the name of the field it stands for.
"use strict";
function nameSelect2Boxes() {
  for (const box of document.querySelectorAll(".select2-selection__rendered:not([aria-label])")) {
    const field = document.getElementById(box.id.replace(/^select2-/, "").replace(/-container$/, ""));
    const label = field && (field.getAttribute("aria-label") || (field.labels[0] && field.labels[0].textContent));
    if (label) box.setAttribute("aria-label", label.trim().replace(/:$/, ""));
  }
}
// Select2 comes after the page has loaded, and again with every row that is added.
new MutationObserver(nameSelect2Boxes).observe(document.body, { childList: true, subtree: true });
