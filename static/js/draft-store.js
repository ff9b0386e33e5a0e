/* Copies of unsent drafts in this browser: per person and draft, in IndexedDB, gone at sign-out.

   A copy: {key, user, revision, base, fields, at, url, title}; `base` is what the server had when typing began,
   so that an old copy never beats a newer text. Lists of people are never kept here (draft.js).

   [data-clear-draft="12:345"]   in a page: what begins with that key has arrived, its copy goes
   form[data-logout]             wipes every copy of this browser, asking first when something is unsent */
(function () {
  "use strict";

  window.Portal = window.Portal || {};

  const DAYS_KEPT = 30;
  const LOGOUT = 'form[data-logout], form[action$="/dang-xuat/"]';
  let store = null;

  function open() {
    store = idbKeyval.createStore("doanportal-drafts", "copies");
    return store;
  }

  /** Runs one operation; once more on a fresh connection, for iOS closes them behind our back. */
  async function run(operation) {
    try {
      return await operation(store || open());
    } catch {
      return operation(open());
    }
  }

  const drafts = {
    read: (key) => run((at) => idbKeyval.get(key, at)),
    write: (key, copy) => run((at) => idbKeyval.set(key, copy, at)),
    remove: (key) => run((at) => idbKeyval.del(key, at)),
    all: () => run((at) => idbKeyval.values(at)),
    wipe: () => run((at) => idbKeyval.clear(at)),
    async clear(prefix) {
      const copies = await drafts.all();
      const gone = copies.filter((copy) => copy.key === prefix || copy.key.startsWith(`${prefix}:`));
      await Promise.all(gone.map((copy) => drafts.remove(copy.key)));
    },
  };
  Portal.drafts = drafts;

  /** 14:30, or 14:30 ngày 24/3 when it was another day; by the clock of this device, as the copy is its own. */
  Portal.momentWords = function (at) {
    const moment = new Date(at);
    const time = `${moment.getHours()}:${String(moment.getMinutes()).padStart(2, "0")}`;
    const today = new Date().toDateString() === moment.toDateString();
    return today ? time : `${time} ngày ${moment.getDate()}/${moment.getMonth() + 1}`;
  };

  async function clearArrived() {
    for (const element of document.querySelectorAll("[data-clear-draft]")) {
      for (const key of element.dataset.clearDraft.split(/\s+/).filter(Boolean)) await drafts.clear(key);
    }
  }

  async function clearOld() {
    const oldest = Date.now() - DAYS_KEPT * 24 * 3600 * 1000;
    const copies = await drafts.all();
    await Promise.all(copies.filter((copy) => copy.at < oldest).map((copy) => drafts.remove(copy.key)));
  }

  /** Says which drafts of this person still wait on this device, with a way to each. */
  async function showUnsent() {
    const { user } = document.body.dataset;
    const main = document.getElementById("content");
    if (!user || !main) return;
    const copies = (await drafts.all()).filter((copy) => copy.user === user && copy.url !== location.pathname);
    if (!copies.length) return;
    const note = document.createElement("div");
    note.className = "alert alert-warning draft-note";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.className = "mb-1";
    words.textContent = "Còn nội dung chưa gửi giữ trên máy này. Mở ra để gửi nốt:";
    const list = document.createElement("ul");
    list.className = "mb-0";
    list.append(...copies.map(lineOf));
    note.append(words, list);
    main.prepend(note);
  }

  function lineOf(copy) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = copy.url;
    link.textContent = copy.title;
    line.append(link, `, lúc ${Portal.momentWords(copy.at)}`);
    return line;
  }

  const wiped = new WeakSet();

  async function leave(form, submitter) {
    let copies = [];
    try {
      copies = await drafts.all();
      if (copies.length) {
        const question = "Máy này còn nội dung chưa gửi. Đăng xuất sẽ xóa nội dung đó. Vẫn đăng xuất?";
        if (!(await (Portal.confirm || window.confirm)(question, "Đăng xuất"))) return;
      }
      await drafts.wipe();
    } catch (error) {
      // No storage in this browser means no copies: nothing stands in the way of signing out.
      console.warn("Không mở được kho bản nháp trên máy.", error);
    }
    wiped.add(form);
    form.requestSubmit(submitter);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(LOGOUT) || wiped.has(form)) return;
    event.preventDefault();
    leave(form, event.submitter);
  });

  clearArrived()
    .then(clearOld)
    .then(showUnsent)
    .catch((error) => console.warn("Không mở được kho bản nháp trên máy.", error));
})();
