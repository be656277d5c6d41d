"use strict";
/* What lies over a page: a call that rings, or the word that this screen is blind. See templates/ui/cover.html.
 *
 * Everything else is inert meanwhile, so keys and Tab stay on the cover, and comes back as it was: what
 * was typed, where the focus stood. A call is an alert once; what counts beside it is not read out.
 * Space takes the call, by the form of its own page; Enter opens it. For a moment after it comes, and after
 * another call takes its place, keys and clicks do nothing: the next letter of a word, or the space that turns
 * a page, would be an answer.
 */
(() => {
  const { Parley } = window;
  const STARTLED_MS = 500;
  const TRIES = 10;
  const AGAIN_MS = 300;

  const cover = document.getElementById("cover");
  let shown = null; // "call" or "blind"
  let alarm = null;
  let before = null; // what had the focus
  let taking = null; // the id of the call that is being taken
  let calm = 0; // the timer that ends the moment in which nothing is taken

  const part = (name) => cover.querySelector(`[data-part="${name}"]`);
  const two = (number) => String(number).padStart(2, "0");

  function write(name, text) {
    const place = part(name);
    if (place.textContent !== text) place.textContent = text;
    const box = place.closest("[data-box]");
    if (box) box.hidden = !text;
  }

  /** Seconds as 01:42, from an hour on as 2:01:42. */
  function clock(seconds) {
    const left = Math.max(0, Math.round(seconds));
    const hours = Math.floor(left / 3600);
    return `${hours ? `${hours}:` : ""}${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  }

  function span(seconds) {
    return seconds < 120
      ? Parley.word("seconds", { count: Math.round(seconds) })
      : Parley.word("minutes", { count: Math.round(seconds / 60) });
  }

  function lay(name) {
    if (shown === name) return false;
    if (shown === null) before = document.activeElement;
    shown = name;
    cover.hidden = false;
    for (const each of cover.children) each.hidden = each.id !== `cover-${name}`;
    for (const each of document.body.children) if (each !== cover) each.inert = true;
    document.documentElement.dataset.covered = name;
    const sheet = document.getElementById(`cover-${name}`);
    const isKeyless = document.body.dataset.keys === "off";
    (isKeyless ? sheet.querySelector("button:not([hidden]), a[href]") : sheet).focus();
    return true;
  }

  function uncover(name) {
    if (shown !== name) return;
    shown = null;
    alarm = null;
    cover.hidden = true;
    delete document.documentElement.dataset.covered;
    for (const each of document.body.children) each.inert = false;
    delete cover.dataset.startled;
    if (before && before.isConnected) before.focus();
    before = null;
  }

  /** Keys and clicks mean nothing for a moment: they were meant for what was here before. */
  function startle() {
    cover.dataset.startled = "";
    clearTimeout(calm);
    calm = setTimeout(() => delete cover.dataset.startled, STARTLED_MS);
  }

  /** Lie over the page for the first of `alarms`, the worst; with none, go away. */
  function call(alarms, { more, onTaken }) {
    if (alarms.length === 0) return uncover("call");
    const isOther = alarm === null || alarm.id !== alarms[0].id;
    [alarm] = alarms;
    for (const name of ["nature_word", "grade", "title", "said", "what", "object", "by", "ask"]) write(name, alarm[name]);
    write("others", alarms.length + more > 1 ? Parley.word("others", { count: alarms.length + more - 1 }) : "");
    part("nature_word").dataset.nature = alarm.nature;
    const form = cover.querySelector("form");
    const take = form.querySelector("button");
    form.action = alarm.take || alarm.href;
    take.hidden = !alarm.take;
    take.disabled = taking === alarm.id;
    form.querySelector("a[data-key]").href = alarm.href;
    form.onsubmit = (event) => (event.preventDefault(), "startled" in cover.dataset || send(form, alarm, onTaken));
    if (isOther) write("failed", "");
    if (lay("call") || isOther) startle();
    count();
  }

  /* Core rings before the rows tell of a call: whoever is quicker than they are asks again. */
  async function post(form) {
    for (let tries = 1; ; tries += 1) {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.status !== 503 || tries === TRIES) return answer;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }

  async function send(form, wanted, onTaken) {
    if (taking === wanted.id) return;
    taking = wanted.id;
    form.querySelector("button").disabled = true;
    try {
      const answer = await post(form);
      // A redirect leads to the page of the call: it is taken.
      if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
      onTaken(wanted);
      location.assign(wanted.href);
    } catch {
      write("failed", Parley.word("not-taken"));
      form.querySelector("button").disabled = false;
    } finally {
      taking = null;
    }
  }

  /** Say that nothing on this page may be believed, for how long that is so, and where calls ring instead. */
  function blind({ seconds, fails, isOut }) {
    for (const place of cover.querySelectorAll('[data-part="silent"]')) place.textContent = String(seconds);
    for (const each of cover.querySelectorAll("[data-when]")) each.hidden = (each.dataset.when === "out") !== isOut;
    for (const language of ["en", "zh"]) if (fails) write(`fails-${language}`, fails[language]);
    lay("blind");
  }

  /** Let go on what counts up or down, on the cover and on the page. */
  function count() {
    const now = Parley.now();
    for (const each of document.querySelectorAll("[data-until], [data-from]")) {
      const text = clock(each.dataset.until ? each.dataset.until - now : now - each.dataset.from);
      if (each.textContent !== text) each.textContent = text;
    }
    if (alarm === null) return;
    write("since", Parley.word("ringing", { span: clock(now - alarm.since) }));
    const isNext = alarm.next && alarm.next_at;
    write("next", isNext ? Parley.word("next", { rung: alarm.next, span: clock(alarm.next_at - now) }) : "");
  }

  window.Parley.cover = { blind, call, count, span, uncover };
})();
