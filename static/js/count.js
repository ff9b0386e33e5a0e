/* Counting on a phone: a tap shows at once, is kept on this device, and goes to the portal when the line allows.

   [data-count-board] data-url, data-key="user:dem:activity"
     form[data-tap]        one button each; without this file it is a plain form
     [data-count=group], [data-count-total], [data-count-state], [data-count-note]

   Each tap has a key of its own: whatever is sent twice counts once (volunteers/counting.py). What waits lies in
   the store of drafts (draft-store.js): told on other pages, asked about and wiped at sign-out. */
(function () {
  "use strict";

  const board = document.querySelector("[data-count-board]");
  if (!board || !window.Portal || !Portal.drafts) return;

  const BATCH = 100;
  const SEND_AFTER = 400;
  const RETRY_FIRST = 2_000;
  const RETRY_LAST = 60_000;
  const LOOK_AGAIN = 15_000;
  const PATIENCE = 20_000;
  const numbers = new Intl.NumberFormat("vi-VN");
  const outputs = [...board.querySelectorAll("[data-count]")];
  const totalOutput = board.querySelector("[data-count-total]");
  const state = board.querySelector("[data-count-state]");
  const note = board.querySelector("[data-count-note]");
  const { user, csrfUrl, loginUrl } = document.body.dataset;

  // A store for each tab: two tabs must not write over each other's taps.
  const storeKey = `${board.dataset.key}:${uuid()}`;
  const saved = Object.fromEntries(outputs.map((output) => [output.dataset.count, readNumber(output.textContent)]));
  let queue = [];
  let sending = false;
  let blocked = "";
  let delay = RETRY_FIRST;
  let timer = 0;
  let writing = Promise.resolve();

  function readNumber(text) {
    return Number(text.replace(/\D/g, "")) || 0;
  }

  /** crypto.randomUUID wants https; a portal tried out on a local network has none. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // ---------- what is seen ----------

  function shown(group) {
    const waiting = queue.filter((tap) => tap.group === group).reduce((sum, tap) => sum + tap.delta, 0);
    return Math.max(0, saved[group] + waiting);
  }

  function show() {
    let total = 0;
    for (const output of outputs) {
      const number = shown(output.dataset.count);
      output.textContent = numbers.format(number);
      total += number;
    }
    totalOutput.textContent = numbers.format(total);
    const words = queue.length ? `chờ gửi ${queue.length}` : "đã lưu";
    if (state.textContent !== words) state.textContent = words;
    state.className = `save-state ${queue.length ? "waiting" : "saved"}`;
  }

  function tell(words, link, linkWords) {
    note.replaceChildren();
    if (!words) return;
    const box = document.createElement("div");
    box.className = "alert alert-warning";
    box.setAttribute("role", "alert");
    box.append(words);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = linkWords;
      box.append(" ", anchor);
    }
    note.append(box);
  }

  // ---------- what is kept on this device ----------

  function keep() {
    const copy = {
      key: storeKey, user, at: Date.now(), url: location.pathname, title: document.title.split(" · ")[0],
      taps: [...queue],
    };
    writing = writing
      .then(() => (copy.taps.length ? Portal.drafts.write(storeKey, copy) : Portal.drafts.remove(storeKey)))
      .catch((error) => console.warn("Không giữ được lượt đếm trên máy.", error));
    return writing;
  }

  /** Takes over what an earlier visit, or a tab that was closed, could not send. */
  async function adopt() {
    let copies = [];
    try {
      copies = (await Portal.drafts.all()).filter((copy) => copy.key.startsWith(`${board.dataset.key}:`));
    } catch (error) {
      console.warn("Không mở được kho lượt đếm trên máy.", error);
    }
    const known = new Set(queue.map((tap) => tap.key));
    for (const copy of copies) queue.push(...(copy.taps || []).filter((tap) => !known.has(tap.key)));
    if (!copies.length) return;
    show();
    await keep();
    await Promise.all(copies.filter((copy) => copy.key !== storeKey).map((copy) => Portal.drafts.remove(copy.key)));
    send();
  }

  // ---------- what is sent ----------

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      send();
    }, wait);
  }

  function call(url, options) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    return fetch(url, {
      ...options, credentials: "same-origin", redirect: "manual", signal: stop.signal,
      headers: { Accept: "application/json", "X-Requested-With": "fetch", ...(options.headers || {}) },
    }).finally(() => clearTimeout(clock));
  }

  function token() {
    return board.querySelector('input[name="csrfmiddlewaretoken"]').value;
  }

  async function send(fresh) {
    if (sending || !queue.length || (blocked && !fresh)) return;
    sending = true;
    const taps = queue.slice(0, BATCH);
    try {
      await writing;
      const response = await call(board.dataset.url, {
        method: "POST",
        body: JSON.stringify({ taps }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      });
      const json = (response.headers.get("Content-Type") || "").includes("json");
      const payload = json ? await response.json() : {};
      await answered(response, payload, fresh);
    } catch {
      wait();
    } finally {
      sending = false;
    }
    if (queue.length && !blocked && delay === RETRY_FIRST) later(SEND_AFTER);
  }

  async function answered(response, payload, fresh) {
    const { status } = response;
    if (status === 200 && payload.counts) return arrived(payload);
    if (status === 401 || response.type === "opaqueredirect") return sessionEnded();
    if (status === 403 && !payload.error && !fresh) return freshToken();
    if (status >= 500 || status === 408 || status === 429) return wait();
    blocked = "refused";
    tell(payload.error || "Cổng không nhận lượt đếm này. Lượt bấm vẫn giữ trên máy; hãy tải lại trang.");
  }

  function arrived(payload) {
    const done = new Set(payload.saved);
    queue = queue.filter((tap) => !done.has(tap.key));
    Object.assign(saved, payload.counts);
    delay = RETRY_FIRST;
    tell("");
    show();
    return keep();
  }

  /** What other phones counted; also this one, when the page was rendered before its last taps arrived. */
  async function look() {
    if (sending || queue.length || blocked || document.hidden) return;
    try {
      const response = await call(board.dataset.url, {});
      if (response.status === 401 || response.type === "opaqueredirect") return sessionEnded();
      if (!response.ok || sending || queue.length) return;
      Object.assign(saved, (await response.json()).counts);
      show();
    } catch {
      // No line: the next look will do.
    }
  }

  function wait() {
    later(delay);
    delay = Math.min(delay * 2, RETRY_LAST);
  }

  function sessionEnded() {
    blocked = "session";
    const back = `${loginUrl}?next=${encodeURIComponent(location.pathname)}`;
    tell("Phiên làm việc đã hết. Lượt bấm giữ trên máy và được gửi sau khi đăng nhập lại.", back, "Đăng nhập lại");
  }

  async function freshToken() {
    const response = await call(csrfUrl, {});
    if (!response.ok) return response.status >= 500 ? wait() : sessionEnded();
    const answer = await response.json();
    if (String(answer.user) !== user) {
      blocked = "session";
      return tell("Máy này đang đăng nhập bằng tài khoản khác nên lượt đếm chưa được gửi.");
    }
    board.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((input) => (input.value = answer.token));
    sending = false;
    return send(true);
  }

  // ---------- the person's thumb ----------

  board.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-tap]")) return;
    event.preventDefault();
    const group = form.elements.group.value;
    const delta = Number(form.elements.delta.value);
    if (delta < 0 && shown(group) === 0) return;
    queue.push({ key: uuid(), group, delta });
    if (blocked === "refused") blocked = "";
    show();
    keep();
    // A thumb that never rests must not put the sending off for ever.
    if (!timer) later(SEND_AFTER);
  });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    later(0);
    look();
  });
  setInterval(look, LOOK_AGAIN);

  show();
  adopt().then(look);
})();
