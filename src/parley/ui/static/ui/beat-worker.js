"use strict";
/* The beat of this browser: it tells the node, again and again, that somebody sees its pages, and hears what rings.
 *
 * One for all tabs (a SharedWorker; a Worker for each where there is none), so that hidden tabs take no line
 * from those that are read. A chain of long polls: each answer starts the next, so no timer of a sleeping tab
 * is involved. Timers only look whether an answer is missing. A page counts while it answers this worker, not
 * while it is said to be open: one that hangs shows nobody a call.
 *
 *   page ▶ {kind: "here", url, screen, hidden}      on loading, on every tick, whenever it is shown or hidden
 *        ▶ {kind: "bye"}  {kind: "again"}           it goes · ask at once, whatever was under way
 *   page ◀ {kind: "beat", beat, age, first}         what the node said, so many ms ago; first: this tab sounds
 *        ◀ {kind: "tick", silent, first, seen}      ms without an answer; seen: someone sees a tab of this browser
 *        ◀ {kind: "out"}  {kind: "slept", seconds}  nobody is signed in · the computer slept
 */
(() => {
  const HANGING_MS = 9_000;
  const TICK_MS = 1_000;
  const SLEPT_MS = 10_000;
  const GONE_MS = 12_000; // a page that did not answer for so long is none
  const GRACE_MS = 3_000; // for the first answer after a sleep

  const pages = new Map();
  let address = null;
  let newest = null;
  let heard = mark();
  let ticked = mark();
  let woke = null;
  let request = null;
  let isAsking = false;
  let isHurried = false;
  let isOut = false;
  let isSure = false; // that the node hears us: then it may hold its answer until there is something new
  let wake = () => {};

  // Two clocks: one stands still while a computer sleeps, the other may be set.
  function mark() {
    return { steady: performance.now(), wall: Date.now() };
  }

  function since(at) {
    return Math.max(performance.now() - at.steady, Date.now() - at.wall);
  }

  const pause = (ms) =>
    new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => (clearTimeout(timer), done());
    });

  const present = () => [...pages].filter(([, page]) => since(page.at) < GONE_MS);
  const isSeen = () => present().some(([, page]) => !page.hidden);

  function tell(message) {
    const here = present();
    const first = (here.find(([, page]) => !page.hidden) || here[0] || [null])[0];
    for (const port of pages.keys()) port.postMessage({ ...message, first: port === first, seen: isSeen() });
  }

  async function ask() {
    const [[, page]] = present();
    request = new AbortController();
    const timer = setTimeout(() => request.abort(), HANGING_MS);
    const query = new URLSearchParams({
      screen: page.screen,
      seen: isSure ? newest.seq : 0,
      hidden: isSeen() ? 0 : 1,
    });
    try {
      const answer = await fetch(`${address}?${query}`, { cache: "no-store", signal: request.signal });
      if (answer.status === 401) return signOut();
      if (!answer.ok) throw new Error(String(answer.status));
      newest = await answer.json();
      isSure = true;
      heard = mark();
      tell({ kind: "beat", beat: newest, age: 0 });
      // Too many wait already: the node answered at once, and says when to come again.
      return Number(answer.headers.get("Retry-After") || 0) * 1000;
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    if (isAsking) return;
    isAsking = true;
    let failures = 0;
    while (present().length > 0 && !isOut) {
      try {
        const rest = await ask();
        failures = 0;
        if (rest && !isHurried) await pause(rest);
      } catch {
        failures += 1;
        isSure = false;
        if (!isHurried) await pause(Math.min(2_000, 125 * 2 ** failures));
      }
      isHurried = false;
    }
    isAsking = false;
  }

  function signOut() {
    isOut = true;
    isSure = false;
    tell({ kind: "out" });
    return 0;
  }

  function hurry() {
    isHurried = isAsking;
    isSure = false;
    if (request) request.abort();
    wake();
    run();
  }

  function tick() {
    const gap = since(ticked);
    ticked = mark();
    if (gap > SLEPT_MS) {
      woke = mark();
      tell({ kind: "slept", seconds: Math.round(gap / 1000) });
      hurry();
    }
    const isGranted = woke !== null && since(woke) < GRACE_MS;
    tell({ kind: "tick", silent: isGranted ? 0 : since(heard) });
    // Long ones: a page whose computer slept, or that was frozen, comes back when it answers.
    for (const [port, page] of pages) if (since(page.at) > 3_600_000) pages.delete(port);
    run();
  }

  function hear(port, said) {
    if (said.kind === "bye") return pages.delete(port);
    if (said.kind === "again") return (isOut = false), hurry();
    const known = pages.get(port);
    const wasSeen = isSeen();
    pages.set(port, { at: mark(), screen: said.screen, hidden: said.hidden });
    address = said.url;
    if (!known) {
      // Whoever comes back after a while begins anew: nobody was there to miss an answer.
      if (pages.size === 1) heard = mark();
      isOut = false;
      if (newest) port.postMessage({ kind: "beat", beat: newest, age: since(heard), first: false, seen: isSeen() });
    }
    if (known && wasSeen !== isSeen()) hurry();
    run();
  }

  function meet(port) {
    port.onmessage = (event) => hear(port, event.data);
  }

  if ("onconnect" in self) self.onconnect = (event) => meet(event.ports[0]);
  else meet(self);
  setInterval(tick, TICK_MS);
})();
