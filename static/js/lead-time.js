/* The form of an activity: counts down to the plan while the day is typed, ticks the usual targets of a kind.

   [data-lead-time] data-days="10" data-today="2023-02-26"   the rule: so many days before, and today
                    data-event="2023-03-18"                  the day where it is not typed on this page
     says the same as volunteers/activity_plans.py lead_words(); without data-days only the server can say it
   select[data-usual-targets] option[data-targets="T5 T18"]  ticked in name=targets when the kind is chosen */
(function () {
  "use strict";

  const DAY = 24 * 3600 * 1000;

  /** UTC midnight of 18/3/2023, 18-3-2023, 18.3.2023 or 2023-03-18; null for anything else. */
  function dayOf(text) {
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
    const typed = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(text.trim());
    if (!iso && !typed) return null;
    const [year, month, day] = iso ? iso.slice(1).map(Number) : [typed[4], typed[3], typed[1]].map(Number);
    const moment = new Date(Date.UTC(year, month - 1, day));
    return moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day ? moment.getTime() : null;
  }

  /** 08/3, 27/02: as the plan writes its dates. */
  function dayWords(moment) {
    const day = new Date(moment);
    const month = day.getUTCMonth() + 1;
    return `${String(day.getUTCDate()).padStart(2, "0")}/${month <= 2 ? `0${month}` : month}`;
  }

  function leadWords(last, today) {
    const days = Math.round((last - today) / DAY);
    if (days < 0) return `Hạn gửi phương án là hết ngày ${dayWords(last)}, đã quá hạn ${-days} ngày: vẫn gửi được, ghi lý do.`;
    return `Phương án phải gửi chậm nhất hết ngày ${dayWords(last)} (${days ? `còn ${days} ngày` : "hôm nay là hạn cuối"}).`;
  }

  const line = document.querySelector("[data-lead-time][data-days]");
  const assigned = document.querySelector('input[name="assigned"]');
  const typed = document.querySelector('input[name="starts_on"]');

  function countDown() {
    const event = dayOf(typed ? typed.value : line.dataset.event || "");
    const today = dayOf(line.dataset.today);
    const wanted = event !== null && (!assigned || assigned.checked);
    const last = wanted ? event - Number(line.dataset.days) * DAY : null;
    const words = wanted ? leadWords(last, today) : "";
    if (line.textContent !== words) line.textContent = words;
    line.classList.toggle("late", wanted && last < today);
  }

  if (line) {
    [typed, assigned].filter(Boolean).forEach((input) => {
      input.addEventListener("input", countDown);
      input.addEventListener("change", countDown);
    });
    countDown();
  }

  // ---------- the usual targets of a kind ----------

  const kind = document.querySelector("select[data-usual-targets]");
  const usual = document.querySelector('input[name="usual"]');
  const targets = [...document.querySelectorAll('input[name="targets"]')];
  const ticked = new Set(); // those this script ticked: another kind takes them off again

  function tickUsual() {
    const option = kind.selectedOptions[0];
    const codes = new Set(((option && option.dataset.targets) || "").split(" ").filter(Boolean));
    for (const box of targets) {
      if (codes.has(box.value) && !box.checked) {
        box.checked = true;
        ticked.add(box);
      } else if (!codes.has(box.value) && ticked.delete(box)) {
        box.checked = false;
      }
    }
  }

  if (kind && targets.length) {
    targets.forEach((box) => box.addEventListener("change", () => ticked.delete(box)));
    kind.addEventListener("change", tickUsual);
    // The ticks are before the person's eyes now: the server has nothing to add.
    if (usual && usual.checked) tickUsual();
    if (usual) {
      usual.checked = false;
      usual.closest("[data-usual-box]").hidden = true;
    }
  }
})();
