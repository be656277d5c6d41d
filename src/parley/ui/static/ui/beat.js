"use strict";
/* What a page does with the beat (beat-worker.js): it covers itself with a call, or says that it is blind.
 *
 * Only pages with body[data-beat] have one: those of whoever has the watch, and every desk. 15 s without
 * an answer, and nothing on the page may be believed: it is covered until the node answers. Every call that rings
 * sounds until somebody acts on it. The body gets the event `beat` when what the node says is another thing
 * than before, and each minute; parts of a page that wait for it fetch themselves again. How it looks is in
 * cover.js.
 */
(() => {
  const { Parley } = window;
  const { beat: url, worker: script } = document.body.dataset;
  if (!url) return;
  const BLIND_MS = 15_000;
  const FRESH_MS = 60_000; // what is told in minutes is never older
  const DEAF_MS = 4_000; // a worker that says nothing for so long is dead, or this page slept
  const ACTED_MS = 10_000; // what was taken here and rings for longer than this rings here too
  const NOTES = [900, 600, 300]; // seconds before something falls due

  const root = document.documentElement;
  let said = null; // what the node said last
  let heardAt = performance.now();
  let toldAt = performance.now(); // when the worker spoke last
  let freshAt = performance.now(); // when the parts that wait for a beat fetched themselves last
  let isFirst = false;
  let isSeen = true;
  let isOut = false;
  let isBlind = false;
  let silentSeconds = 0;
  let acted = new Map(); // what somebody took here, and until when that is believed
  const lowered = new Set();

  function screenOf() {
    const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    try {
      const kept = localStorage.getItem("parley-screen");
      if (/^[0-9a-f]{32}$/.test(kept || "")) return kept;
      const made = fresh();
      localStorage.setItem("parley-screen", made);
      return made;
    } catch {
      return fresh();
    }
  }

  function line() {
    if ("SharedWorker" in window) {
      const { port } = new SharedWorker(script, "parley-beat");
      return port;
    }
    return new Worker(script);
  }

  const screen = screenOf();
  const port = line();
  const here = () => port.postMessage({ kind: "here", url, screen, hidden: document.hidden });

  /* One alarm is one thing until it ends: a call may ring again for another cause. */
  const keyOf = (alarm) => `${alarm.id} ${alarm.cause} ${alarm.since}`;
  const isActed = (alarm) => acted.get(keyOf(alarm)) > performance.now();
  const ringing = () => (said ? said.alarms.filter((alarm) => !isActed(alarm)) : []);

  function hear(beat, age) {
    heardAt = performance.now() - age;
    isOut = false;
    const isNew = said === null || said.seq !== beat.seq;
    said = beat;
    Parley.hearTime(beat.now + Math.round(age / 1000));
    // What no longer rings may ring anew.
    const keys = new Set(beat.alarms.map(keyOf));
    acted = new Map([...acted].filter(([key]) => keys.has(key)));
    if (isBlind) see();
    if (isNew) freshen();
    show();
  }

  function freshen() {
    freshAt = performance.now();
    document.body.dispatchEvent(new CustomEvent("beat"));
  }

  function see() {
    isBlind = false;
    delete root.dataset.blind;
    Parley.cover.uncover("blind");
    Parley.announce("sees", null);
    Parley.announce("sees", Parley.word("sees", { span: Parley.cover.span(silentSeconds) }));
    setTimeout(() => Parley.announce("sees", null), 60_000);
  }

  function goBlind(silentMs) {
    isBlind = true;
    root.dataset.blind = isOut ? "out" : "yes";
    silentSeconds = Math.round(silentMs / 1000);
    Parley.cover.blind({ seconds: silentSeconds, fails: said ? said.fails : null, isOut });
  }

  function look(silentMs) {
    if (silentMs > BLIND_MS || isOut) goBlind(silentMs);
    show();
  }

  function show() {
    const rings = ringing();
    // The pages of a call, its forms too, are not covered by their own call: whoever is there acts on it. Nor is the
    // desk by one that somebody has looked away from.
    const others = rings.filter((alarm) => !location.pathname.startsWith(alarm.href) && !lowered.has(keyOf(alarm)));
    if (!isBlind) Parley.cover.call(others, { more: said ? said.more : 0, onTaken: (alarm) => (acted.set(keyOf(alarm), performance.now() + ACTED_MS), show()) });
    // Muted, this screen is silent for what rings a phone; while nobody knows that it does, it sounds.
    const heard = rings.filter((alarm) => !(alarm.silent && Parley.now() < said.muted));
    const isTest = heard.length > 0 && heard.every((alarm) => alarm.nature === "test");
    const sound = isBlind || heard.length ? (isTest && !isBlind ? "test" : "call") : null;
    Parley.sounds.keep(isFirst ? sound : null);
    if (isFirst && sound === null) remind();
    entitle(isBlind ? "blind" : rings.length ? "call" : isSeen ? "" : "hidden");
    Parley.cover.count();
    const ago = document.getElementById("seen-ago");
    const told = Parley.word("seen-ago", { span: Parley.cover.span((performance.now() - heardAt) / 1000) });
    if (ago && ago.textContent !== told) ago.textContent = told;
  }

  /* Something of ours falls due: one soft note at 15, 10 and 5 minutes, wherever it is told. */
  function remind() {
    const now = Parley.now();
    for (const each of document.querySelectorAll("[data-soon]")) {
      const left = Number(each.dataset.soon) - now;
      const step = NOTES.filter((before) => left <= before).length;
      const key = `parley-soon ${each.dataset.soonKey}`;
      if (left <= 0 || step === 0 || sessionStorage.getItem(key) === String(step)) continue;
      sessionStorage.setItem(key, String(step));
      Parley.sounds.soon();
    }
  }

  let prefix = "";
  function entitle(state) {
    const wanted = state ? `${Parley.word(`title-${state}`)} · ` : "";
    const bare = prefix && document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
    prefix = wanted;
    if (document.title !== wanted + bare) document.title = wanted + bare;
  }

  port.onmessage = ({ data }) => {
    toldAt = performance.now();
    isFirst = data.first;
    isSeen = data.seen;
    if (data.kind === "beat") hear(data.beat, data.age);
    if (data.kind === "slept") Parley.announce("slept", Parley.word("slept", { span: Parley.cover.span(data.seconds) }));
    if (data.kind === "out") {
      isOut = true;
      document.body.dispatchEvent(new CustomEvent("parley:out"));
    }
    if (data.kind !== "tick") return;
    here();
    look(data.silent);
    if (!isBlind && !document.hidden && performance.now() - freshAt > FRESH_MS) freshen();
  };

  // The worker may die, or the whole computer sleep: then nobody ticks but this.
  setInterval(() => {
    const deaf = performance.now() - toldAt;
    if (deaf < DEAF_MS) return;
    isFirst = true;
    look(performance.now() - heardAt);
  }, 1_000);

  document.addEventListener("visibilitychange", here);
  window.addEventListener("pageshow", here);
  window.addEventListener("pagehide", () => port.postMessage({ kind: "bye" }));
  window.addEventListener("online", () => port.postMessage({ kind: "again" }));
  document.body.addEventListener("parley:back", () => port.postMessage({ kind: "again" }));
  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    if (event.target.closest("[data-look-again]")) port.postMessage({ kind: "again" });
    const desk = event.target.closest("a[data-lower]");
    if (desk === null || desk.pathname !== location.pathname) return;
    // On the desk the call goes on ringing, in the list of what needs somebody.
    event.preventDefault();
    for (const alarm of ringing()) lowered.add(keyOf(alarm));
    show();
  });
  Parley.sounds.prepare();
  here();
})();
