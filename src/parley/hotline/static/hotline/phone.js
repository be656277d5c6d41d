"use strict";
/* The page for a telephone looks again when there is news, and says when it hears nothing. Without this it
 * says of when it is, and is loaded again by hand.
 *
 * It never looks again while a decision is on its way, or while somebody types or signs: that would take the
 * decision back unseen. And a page that came by itself takes no press in its first moment, for what is under
 * the thumb may be another call by now.
 */
(() => {
  const { news, old } = document.body.dataset;
  const PAUSE_MS = 3_000;
  const HANGING_MS = 14_000;
  const STARTLED_MS = 700;
  const line = document.getElementById("old");
  const isTyped = () => [...document.querySelectorAll("input[type=password]")].some((each) => each.value);
  const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));
  const seq = document.body.dataset.seq;
  let isSending = false;
  let isAsking = false;
  const isBusy = () => isSending || isTyped();

  async function ask() {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), HANGING_MS);
    try {
      const answer = await fetch(`${news}?after=${encodeURIComponent(seq)}`, { cache: "no-store", signal: stop.signal });
      if (answer.status === 401 && !isSending) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      const isOld = String(said.seq) !== seq;
      // What is being typed, signed or sent stays; the page says that it is old.
      if (isOld && !isBusy()) return location.reload();
      line.textContent = isOld ? old : "";
      if (isOld || answer.headers.get("Retry-After")) await pause();
    } catch {
      line.textContent = old;
      await pause();
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    if (isAsking) return;
    isAsking = true;
    while (!document.hidden) await ask();
    isAsking = false;
  }

  /* Somebody looks at it again: a fresh page, but not in the place of one that is being answered. */
  function look() {
    if (document.hidden) return;
    if (!isBusy()) return location.reload();
    line.textContent = old;
    run();
  }

  function startle() {
    const buttons = document.querySelectorAll("main button");
    buttons.forEach((each) => (each.disabled = true));
    setTimeout(() => buttons.forEach((each) => (each.disabled = false)), STARTLED_MS);
  }

  // With a passkey a form is sent some time after this, and without another event.
  document.addEventListener("submit", () => (isSending = true));
  document.addEventListener("visibilitychange", look);
  if (performance.getEntriesByType("navigation").some((each) => each.type === "reload")) startle();
  if (news && seq) run();
})();
