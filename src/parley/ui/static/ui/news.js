"use strict";
/* News of the record, and a page that says when it hears nothing.
 *
 * A chain of long polls to body[data-news]; each answer starts the next, so no timer of a sleeping
 * tab is involved. {"seq": n, "changed": [{"link", "thread"}], "all": true, "ends_at": s, "now": s}.
 * On news the body gets the event `news`, for which the parts with [data-live] wait. Only a tab
 * that somebody sees asks. 15 s without an answer, and the page is blind and says so.
 */
(() => {
  const url = document.body.dataset.news;
  if (!url) return;
  const { Parley } = window;
  const BLIND_MS = 15_000;
  const GRACE_MS = 3_000; // for the first answer after a sleep
  const HANGING_MS = 14_000;
  const SLEPT_MS = 5_000;
  const WARNING_SECONDS = 300;

  let seq = document.body.dataset.seq || null;
  let heardAt = Date.now();
  let wokeAt = Date.now();
  let tickedAt = Date.now();
  let endsAt = null;
  let stayedAt = null;
  let isOut = false;
  let isAsking = false;
  let request = null;
  let isHurried = false;
  let isSure = seq !== null; // that the node hears us: then a request may be held until there is news
  let wake = () => {};

  const pause = (ms) =>
    new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => (clearTimeout(timer), done());
    });

  async function ask() {
    request = new AbortController();
    const timer = setTimeout(() => request.abort(), HANGING_MS);
    try {
      const address = isSure ? `${url}?after=${encodeURIComponent(seq)}` : url;
      const answer = await fetch(address, { cache: "no-store", signal: request.signal });
      if (answer.status === 401) return signOut();
      if (!answer.ok) throw new Error(String(answer.status));
      hear(await answer.json());
      // Too many tabs wait already: the node answered at once, and says when to come again.
      return Number(answer.headers.get("Retry-After") || 0) * 1000;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    if (isAsking) return;
    isAsking = true;
    let failures = 0;
    while (!document.hidden && !isOut) {
      try {
        const rest = await ask();
        failures = 0;
        if (rest && !isHurried) await pause(rest);
      } catch {
        failures += 1;
        isSure = false;
        if (!isHurried) await pause(Math.min(3_000, 250 * 2 ** failures));
        isHurried = false;
      }
    }
    isAsking = false;
  }

  function hear(answer) {
    heardAt = Date.now();
    isHurried = false;
    Parley.hearTime(answer.now);
    endsAt = answer.ends_at;
    const wasBlind = "blind" in document.body.dataset;
    const isNew = seq !== null && String(answer.seq) !== String(seq);
    const isAll = Boolean(answer.all) || wasBlind || !isSure;
    seq = answer.seq;
    isSure = true;
    if (wasBlind) {
      delete document.body.dataset.blind;
      Parley.announce("blind", null);
      Parley.say(Parley.word("heard"));
    }
    if (isNew || wasBlind) {
      const detail = { all: isAll, changed: answer.changed || [] };
      document.body.dispatchEvent(new CustomEvent("news", { detail }));
    }
  }

  function signOut() {
    isOut = true;
    Parley.announce("ending", null);
    Parley.announce("blind", null);
    delete document.body.dataset.blind;
    const time = Parley.time(Math.min(endsAt || Parley.now(), Parley.now()));
    Parley.announce("out", Parley.word("out", { time }), [Parley.signInLink()]);
  }

  /* The eight hours of a session end for everybody: then staying moved nothing, and the button goes. */
  function warn() {
    const left = endsAt === null ? Infinity : endsAt - Parley.now();
    if (left > WARNING_SECONDS || isOut) return Parley.announce("ending", null);
    const minutes = Math.max(Math.ceil(left / 60), 0);
    const isFinal = stayedAt !== null && endsAt <= stayedAt;
    if (isFinal) {
      Parley.announce("ending", null);
      return Parley.announce("final ending", Parley.word("final", { minutes }));
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = Parley.word("stay");
    button.addEventListener("click", () => stay(button));
    Parley.announce("ending", Parley.word("ending", { minutes }), [button]);
  }

  async function stay(button) {
    const before = endsAt;
    button.disabled = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.status === 401) return signOut();
      if (!answer.ok) return;
      // The news say when it ends now; they are asked for at once.
      stayedAt = before;
      restart();
    } catch {
      // The line over the page says that the node does not answer, as soon as that is so.
    } finally {
      button.disabled = false;
    }
  }

  function tick() {
    const now = Date.now();
    if (now - tickedAt > SLEPT_MS) restart();
    tickedAt = now;
    if (document.hidden || isOut) return;
    if (now > Math.max(heardAt + BLIND_MS, wokeAt + GRACE_MS)) {
      document.body.dataset.blind = "";
      const seconds = Math.floor((now - heardAt) / 1000);
      Parley.announce("blind", Parley.word("blind", { seconds }));
    }
    warn();
  }

  /* Ask at once, whatever was under way: it may hang on a line that is no more. */
  function restart() {
    if (document.hidden) return;
    wokeAt = Date.now();
    isSure = false;
    if (isOut) {
      isOut = false;
      ask().then(back, () => (isOut = true));
      return;
    }
    isHurried = isAsking;
    if (request) request.abort();
    wake();
    run();
  }

  function back() {
    if (isOut) return;
    Parley.announce("out", null);
    Parley.say(Parley.word("back"));
    document.body.dispatchEvent(new CustomEvent("parley:back"));
    run();
  }

  // Whoever else of this page hears first that nobody is signed in says so. What is still held was
  // asked before that, and its answer would come after somebody is back.
  document.body.addEventListener("parley:out", () => {
    if (isOut) return;
    signOut();
    if (request) request.abort();
  });
  document.body.addEventListener("parley:in", () => isOut && restart());
  document.addEventListener("visibilitychange", restart);
  window.addEventListener("focus", () => isOut && restart());
  window.addEventListener("pageshow", (event) => event.persisted && restart());
  window.addEventListener("online", restart);
  setInterval(tick, 1000);
  run();
})();
