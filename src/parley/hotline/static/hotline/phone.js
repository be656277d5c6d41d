"use strict";
/* The page for a telephone looks again when there is news, and says when it hears nothing. Without this it
 * says of when it is, and is loaded again by hand.
 */
(() => {
  const { news, old } = document.body.dataset;
  const PAUSE_MS = 3_000;
  const HANGING_MS = 14_000;
  const line = document.getElementById("old");
  const isTyped = () => [...document.querySelectorAll("input[type=password]")].some((each) => each.value);
  const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));
  let seq = document.body.dataset.seq;

  async function ask() {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), HANGING_MS);
    try {
      const answer = await fetch(`${news}?after=${encodeURIComponent(seq)}`, { cache: "no-store", signal: stop.signal });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      line.textContent = "";
      // What is being typed stays; the page says that it is old.
      if (String(said.seq) !== seq && !isTyped()) return location.reload();
      if (String(said.seq) !== seq) line.textContent = old;
      if (answer.headers.get("Retry-After")) await pause();
    } catch {
      line.textContent = old;
      await pause();
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    while (!document.hidden) await ask();
  }

  document.addEventListener("visibilitychange", () => document.hidden || location.reload());
  if (news && seq) run();
})();
