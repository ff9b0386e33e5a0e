/* Autosave of a report form: nothing typed is lost, an old text never beats a newer one.

   form[data-autosave] (or [data-draft])
     data-autosave-url   where it is sent; the form's own address otherwise
     data-draft-key      "user:version:section"; user and address of the page otherwise
     data-csrf-url, data-login-url   on the form or the body
     input[name=revision]            what the page was made of; an opaque text for this script
     [data-no-local], .person        what stands in these is sent, but never kept on this device

   Sent on leaving a field and 10 s after typing, as the plain form would be, with autosave=1.
     200 {saved_at, revision, errors, soft}    kept; messages by field name
     409 {revision, theirs: {name: text or {label, value}}}    somebody saved meanwhile: the person chooses
     401, a redirect, 403 with a dead token    the session has ended: kept here until signed in again
     422, 413 {error}    refused with words      5xx, no answer    kept here, tried again */
(function () {
  "use strict";

  // A script lost on a bad line must not take the plain form with it.
  const ready = window.Portal && Portal.submitAgain && Portal.drafts && Portal.draftFields && Portal.draftView;
  if (!ready) return;

  const view = Portal.draftView;
  const fields = Portal.draftFields;
  const SAVE_AFTER = 10_000;
  const COPY_AFTER = 300;
  const RETRY_FIRST = 5_000;
  const RETRY_LAST = 120_000;
  const PATIENCE = 20_000;
  const COPY_PATIENCE = 1_000; // a storage that hangs must not keep the server waiting
  const JSON_HEADERS = { "X-Requested-With": "fetch", Accept: "application/json" };
  const CONFLICT_WORDS =
    "Người khác, hoặc chính đồng chí ở máy khác, vừa lưu nội dung này. Đồng chí chọn bản dùng cho từng ô.";

  const { same } = fields;
  const textOf = (values) => (values || []).join(", ");

  class Draft {
    constructor(form) {
      this.form = form;
      this.body = document.body.dataset;
      this.url = form.dataset.autosaveUrl || form.getAttribute("action") || location.pathname;
      this.key = form.dataset.draftKey || `${this.body.user}:${location.pathname}`;
      this.revision = this.revisionInput ? this.revisionInput.value : form.dataset.revision || "";
      this.base = this.snapshot(); // what the server has
      this.uncertain = null; // what was sent without an answer: it may have arrived
      this.saving = null;
      this.held = null; // texts of an older copy that wait for a choice
      this.blocked = null; // "conflict", "session" or "refused"
      this.leaving = false;
      this.retryDelay = RETRY_FIRST;
    }

    get revisionInput() {
      return this.form.querySelector('input[name="revision"]');
    }

    snapshot() {
      return fields.read(this.form);
    }

    changedNames(now = this.snapshot()) {
      // A field that appeared meanwhile (the reason of a warning) counts once something is in it.
      return Object.keys(now).filter((name) => !same(now[name], this.base[name] ?? [""]));
    }

    isDirty() {
      return this.changedNames().length > 0;
    }

    // ---------- the copy on this device ----------

    async keepCopy() {
      clearTimeout(this.copyTimer);
      const now = this.snapshot();
      const names = this.changedNames(now).filter((name) => !fields.staysOff(this.form, name));
      if (!names.length && !this.held) return this.dropCopy();
      const pick = (from) => Object.fromEntries(names.map((name) => [name, from[name] ?? [""]]));
      const copy = {
        key: this.key, user: this.body.user || "", revision: this.revision, base: pick(this.base), fields: pick(now),
        at: Date.now(), url: location.pathname, title: document.title.split(" · ")[0],
      };
      if (this.held) {
        // What waits for a choice is not in the form yet; it keeps its own base.
        copy.revision = this.held.revision;
        Object.assign(copy.fields, this.held.fields);
        Object.assign(copy.base, this.held.base);
      }
      try {
        await Portal.drafts.write(this.key, copy);
      } catch (error) {
        console.warn("Không giữ được bản nháp trên máy.", error);
      }
    }

    async dropCopy() {
      clearTimeout(this.copyTimer);
      try {
        await Portal.drafts.remove(this.key);
      } catch (error) {
        console.warn("Không mở được kho bản nháp trên máy.", error);
      }
    }

    /** On opening: put back what was not sent; where the server has moved on in the same field, ask. */
    async restore() {
      let copy;
      try {
        copy = await Portal.drafts.read(this.key);
      } catch (error) {
        console.warn("Không mở được kho bản nháp trên máy.", error);
      }
      if (!copy) return;
      const now = this.snapshot();
      const names = Object.keys(copy.fields).filter((name) => name in now && !same(copy.fields[name], now[name]));
      // A reason whose warning is not on the page yet waits in its hidden input.
      const hidden = Object.keys(copy.fields).filter((name) => !(name in now));
      hidden.forEach((name) => fields.put(this.form, name, copy.fields[name]));
      if (!names.length) return this.dropCopy();
      const moved = (name) => copy.revision !== this.revision && !same(copy.base[name], now[name]);
      const free = names.filter((name) => !moved(name));
      free.forEach((name) => fields.put(this.form, name, copy.fields[name]));
      if (free.length) view.showRestored(this.form, copy.at);
      const open = names.filter(moved);
      if (!open.length) return this.touched();
      const pick = (from) => Object.fromEntries(open.map((name) => [name, from[name]]));
      this.held = { revision: copy.revision, fields: pick(copy.fields), base: pick(copy.base) };
      const conflicts = open.map((name) => ({
        ...this.conflictOf(name, copy.fields[name], now[name]),
        own: copy.fields[name],
      }));
      this.ask(
        `Nội dung gõ lúc ${Portal.momentWords(copy.at)} chưa gửi được, trong khi bản trên cổng đã thay đổi. ` +
          "Đồng chí chọn bản dùng cho từng ô.",
        conflicts,
      );
    }

    // ---------- when it is sent ----------

    touched() {
      if (!this.isDirty()) return;
      if (this.blocked === "refused") this.blocked = null;
      if (!this.blocked) view.showState("unsaved", "Chưa lưu");
      clearTimeout(this.copyTimer);
      this.copyTimer = setTimeout(() => this.keepCopy(), COPY_AFTER);
      clearTimeout(this.saveTimer);
      this.saveTimer = setTimeout(() => this.save(), SAVE_AFTER);
    }

    /** Sends what has changed; resolves to true when the server has everything. */
    save() {
      if (this.saving) return this.saving.then(() => this.save());
      if (this.leaving || this.blocked || !this.isDirty()) return Promise.resolve(!this.blocked);
      clearTimeout(this.saveTimer);
      clearTimeout(this.retryTimer);
      this.saving = Promise.race([this.keepCopy(), pause(COPY_PATIENCE)])
        .then(() => this.send())
        .finally(() => (this.saving = null));
      return this.saving;
    }

    async send(withFreshToken = false) {
      const sent = this.snapshot();
      const names = this.changedNames(sent);
      if (!navigator.onLine) return this.wait(names, "Chưa gửi, đang chờ mạng");
      view.showState("saving", "Đang lưu …");
      view.showCards(this.form, names, "saving", "đang lưu …");
      let response, payload;
      try {
        response = await this.fetch(this.url, { method: "POST", body: this.formData() });
        payload = isJson(response) ? await response.json() : {};
      } catch {
        this.uncertain = sent;
        return this.wait(names, "Chưa gửi, đang chờ mạng");
      }
      return this.answered(response, payload, sent, names, withFreshToken);
    }

    formData() {
      const data = fields.words(this.form);
      data.set("autosave", "1");
      data.set("revision", this.revision);
      return data;
    }

    fetch(url, options = {}) {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), PATIENCE);
      const call = fetch(url, {
        ...options, headers: JSON_HEADERS, credentials: "same-origin", redirect: "manual", signal: stop.signal,
      });
      return call.finally(() => clearTimeout(timer));
    }

    // ---------- what the server says ----------

    async answered(response, payload, sent, names, withFreshToken) {
      const { status } = response;
      if (status === 200 && isJson(response)) return this.saved(payload, sent, names);
      if (status === 401 || response.type === "opaqueredirect") return this.sessionEnded();
      if (status === 403 && !withFreshToken) return this.tokenRefused();
      if (status === 409 && payload.revision !== undefined) return this.compare(payload);
      if (status >= 500 || status === 408 || status === 429) {
        this.uncertain = sent;
        return this.wait(names, "Chưa gửi, cổng đang bận, sẽ tự gửi lại");
      }
      const words = payload.error || payload.message || "Cổng không nhận nội dung này. Nội dung vẫn còn trên trang.";
      return this.refused(words, names);
    }

    async saved(payload, sent, names) {
      this.adopt(payload.revision);
      this.base = sent;
      this.uncertain = null;
      this.retryDelay = RETRY_FIRST;
      view.dropNote("session");
      view.dropNote("message");
      this.showSaved(payload, sent, names);
      if (this.isDirty()) {
        this.touched();
        await this.keepCopy();
        return false;
      }
      await this.dropCopy();
      return true;
    }

    showSaved(payload, sent, names) {
      const errors = payload.errors || {};
      view.showErrors(this.form, Object.keys(sent), errors, payload.soft || {});
      const wrong = Object.keys(errors).length;
      if (wrong) view.showState("invalid", `Đã giữ bản nháp ${payload.saved_at}, còn ${wrong} chỗ cần sửa`);
      else view.showState("saved", `Đã lưu ${payload.saved_at}`);
      view.showCards(this.form, names, "saved", `đã lưu ${payload.saved_at}`);
      view.showCards(this.form, Object.keys(errors), "invalid", "chưa lưu được: sửa lỗi");
    }

    adopt(revision) {
      if (revision === undefined) return;
      this.revision = String(revision);
      if (this.revisionInput) this.revisionInput.value = this.revision;
    }

    wait(names, words) {
      view.showState("waiting", words);
      view.showCards(this.form, names, "waiting", "chờ mạng");
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => this.save(), this.retryDelay);
      this.retryDelay = Math.min(this.retryDelay * 2, RETRY_LAST);
      return false;
    }

    refused(words, names) {
      this.blocked = "refused";
      view.showState("failed", "Chưa lưu được");
      view.showCards(this.form, names, "failed", "chưa lưu được");
      view.showMessage(this.form, words);
      return false;
    }

    // ---------- the session ----------

    sessionEnded() {
      this.blocked = "session";
      view.showState("failed", "Chưa lưu: phiên làm việc đã hết");
      const login = this.form.dataset.loginUrl || this.body.loginUrl || "/dang-nhap/";
      const back = `${login}?next=${encodeURIComponent(location.pathname + location.search)}`;
      view.showSessionEnded(this.form, back, () => this.resume());
      return false;
    }

    /** A fresh token of this session: a text, "ended", "other" (somebody else signed in) or null (no answer). */
    async freshToken() {
      const url = this.form.dataset.csrfUrl || this.body.csrfUrl;
      if (!url) return "ended";
      try {
        const response = await this.fetch(url);
        if (!response.ok || !isJson(response)) return response.status >= 500 ? null : "ended";
        const { token, user } = await response.json();
        return user !== undefined && String(user) !== this.body.user ? "other" : token;
      } catch {
        return null;
      }
    }

    async tokenRefused() {
      const token = await this.freshToken();
      if (token === null) return this.wait(this.changedNames(), "Chưa gửi, đang chờ mạng");
      if (token === "ended") return this.sessionEnded();
      if (token === "other") return this.otherPerson();
      setToken(token);
      return this.send(true);
    }

    async resume() {
      if (this.blocked !== "session") return;
      const token = await this.freshToken();
      if (token === null || token === "ended") return;
      if (token === "other") return this.otherPerson();
      setToken(token);
      this.blocked = null;
      view.dropNote("session");
      await this.save();
    }

    otherPerson() {
      this.blocked = "session";
      view.showState("failed", "Chưa lưu: đã đổi tài khoản");
      view.showMessage(
        this.form,
        "Máy này đang đăng nhập bằng tài khoản khác nên nội dung chưa được gửi. Nội dung vẫn giữ trên máy cho đến khi đồng chí đăng nhập lại.",
      );
      return false;
    }

    // ---------- two texts ----------

    conflictOf(name, mine, theirs, label) {
      return {
        name, label: label || view.labelOf(this.form, name), mine: textOf(mine), theirs: textOf(theirs), values: theirs,
      };
    }

    /** 409: takes what only they changed, keeps what only we changed, asks about the rest. */
    compare(payload) {
      const mine = this.snapshot();
      const conflicts = [];
      for (const [name, said] of Object.entries(payload.theirs || {})) {
        if (!(name in mine)) continue;
        const { label, value } = said !== null && typeof said === "object" ? said : { value: said };
        const theirs = fields.valuesOf(this.form, name, value);
        const ours = same(theirs, this.base[name]) || (this.uncertain && same(theirs, this.uncertain[name]));
        if (!ours && !same(theirs, mine[name])) {
          if (!same(mine[name], this.base[name])) {
            // The base stays as it was until the person has chosen: a reload must ask again.
            conflicts.push(this.conflictOf(name, mine[name], theirs, label));
            continue;
          }
          fields.put(this.form, name, theirs);
        }
        this.base[name] = theirs;
      }
      this.uncertain = null;
      this.pendingRevision = payload.revision;
      if (conflicts.length) return this.ask(payload.message || CONFLICT_WORDS, conflicts);
      this.adopt(payload.revision);
      return this.isDirty() ? this.send() : this.settled();
    }

    async settled() {
      view.showState("saved", "Đã lưu");
      await this.dropCopy();
      return true;
    }

    ask(words, conflicts) {
      this.blocked = "conflict";
      view.showState("failed", "Chưa lưu: cần chọn bản");
      view.showConflict(this.form, words, conflicts, (choices) => this.chosen(conflicts, choices));
      return false;
    }

    chosen(conflicts, choices) {
      for (const { name, own, values } of conflicts) {
        this.base[name] = values;
        if (choices[name] === "theirs") fields.put(this.form, name, values);
        else if (own) fields.put(this.form, name, own); // else it stands in the form, perhaps typed on since
      }
      this.held = null;
      this.blocked = null;
      this.adopt(this.pendingRevision);
      this.pendingRevision = undefined;
      if (this.isDirty()) this.save();
      else this.settled();
    }

    // ---------- the person's own button ----------

    /** The text first, then the form itself: so a bad line or an ended session never swallows a page. */
    submitted(event) {
      if (event.defaultPrevented) return;
      if (this.blocked === "refused") this.blocked = null;
      if (this.leaving || (!this.isDirty() && !this.saving && !this.blocked)) {
        this.leaving = true;
        return;
      }
      event.preventDefault();
      if (this.blocked) return this.showBlock();
      const { submitter } = event;
      this.save().then((done) => {
        if (!done && this.blocked !== "refused") return this.showBlock();
        this.leaving = true;
        Portal.submitAgain(this.form, submitter);
      });
    }

    showBlock() {
      if (this.blocked === "conflict") return view.focusConflict();
      if (this.blocked === "session") return this.resume().then(() => view.focusNote("session"));
      view.showMessage(this.form, "Chưa gửi được. Nội dung đã giữ trên máy và tự gửi khi có mạng; sau đó đồng chí bấm lại nút này.");
    }

    listen() {
      this.form.addEventListener("input", () => this.touched());
      this.form.addEventListener("change", () => this.touched());
      this.form.addEventListener("focusout", () => this.save());
      this.form.addEventListener("submit", (event) => this.submitted(event));
      window.addEventListener("online", () => this.save());
      window.addEventListener("focus", () => this.resume());
      window.addEventListener("pageshow", (event) => event.persisted && (this.leaving = false));
      document.addEventListener("visibilitychange", () => (document.hidden ? this.save() : this.resume()));
      window.addEventListener("beforeunload", (event) => {
        // What may not be kept on this device can still be lost, and files that were chosen and not sent.
        const onlyHere = this.changedNames().some((name) => fields.staysOff(this.form, name));
        const unsent = [...this.form.querySelectorAll('input[type="file"]')].some((input) => input.files.length);
        if (!this.leaving && (onlyHere || unsent)) event.preventDefault();
      });
    }
  }

  function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  function isJson(response) {
    return (response.headers.get("Content-Type") || "").includes("json");
  }

  function setToken(token) {
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((input) => (input.value = token));
    if (document.body.hasAttribute("hx-headers")) {
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    }
  }

  document.querySelectorAll("form[data-autosave], form[data-draft]").forEach((form) => {
    const draft = new Draft(form);
    draft.listen();
    draft.restore();
  });
})();
