"use strict";
/* What htmx and morphing need to leave people in peace: their place, their ticks, what they opened.
 *
 * A part with [data-live] fetches its own page again when there is news. With [data-link] or
 * [data-thread] it does so only for news of that link or thread. With [data-again-at] it does so at that
 * second of the node's time as well. Such a request is nobody's act and keeps no session alive: it says so
 * in its header. So does one that the beat brings about (beat.js).
 *
 * Nothing changes under somebody's hand: a link, a button or a box with a tick never turns into another of
 * its kind, and while a button of the mouse or a finger is down, what came waits until the press is over.
 */
(() => {
  const UNATTENDED = new Set(["news", "beat", "again"]);
  const OWN = { DETAILS: ["open"], INPUT: ["checked", "value"] };
  const DOERS = ":is(a[href], button, form, input[type=checkbox], input[type=radio]):not([id])";
  const DOES = ["href", "action", "formaction", "type", "name", "value"];
  const KNOWN_BY = "does ";
  const waiting = new Map(); // what brought about a change that waits for the end of a press, and where
  const LONGEST_PRESS_MS = 5_000; // whose end is not seen, as where a list of choices opens over the page
  let newest = { all: true, changed: [] };
  let isPressed = false;
  let limit = 0;

  /* To morphing an element is the same one only by its id: each of these gets one of what it does. */
  function mark(parts) {
    const seen = new Map();
    for (const part of parts) {
      for (const each of [...(part.matches(DOERS) ? [part] : []), ...part.querySelectorAll(DOERS)]) {
        const within = each.form ? each.form.getAttribute("action") : "";
        const does = [each.tagName, within, ...DOES.map((key) => each.getAttribute(key))].join(" ");
        seen.set(does, (seen.get(does) || 0) + 1);
        each.setAttribute("id", `${KNOWN_BY}${seen.get(does)} ${does}`);
      }
    }
  }

  function morph(part, fresh, how) {
    mark([part]);
    mark(fresh);
    try {
      return plain(part, fresh, how);
    } finally {
      for (const each of document.querySelectorAll(`[id^="${KNOWN_BY}"]`)) each.removeAttribute("id");
    }
  }

  const plain = window.Idiomorph && window.Idiomorph.morph;
  if (plain) {
    window.Idiomorph.morph = morph;
    window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
      element.type === "hidden" || !(OWN[element.tagName] || []).includes(name);
  }

  function hold() {
    isPressed = true;
    clearTimeout(limit);
    limit = setTimeout(release, LONGEST_PRESS_MS);
  }

  function release() {
    isPressed = false;
    clearTimeout(limit);
    // The click of this press comes first.
    setTimeout(() => {
      if (isPressed) return;
      const causes = [...waiting];
      waiting.clear();
      for (const [cause, place] of causes) place.dispatchEvent(new CustomEvent(cause.type, { detail: cause.detail }));
    });
  }

  function concerns(part) {
    const { link, thread } = part.dataset;
    if (newest.all || !link) return true;
    return newest.changed.some((each) => each.link === link && (!thread || !each.thread || each.thread === thread));
  }

  function showErrors(within) {
    const summary = within.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  document.body.addEventListener("news", (event) => {
    newest = event.detail || { all: true, changed: [] };
  }, true);

  document.body.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (cause && UNATTENDED.has(cause.type)) event.detail.headers["Parley-Unattended"] = "1";
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    const cause = event.detail.requestConfig.triggeringEvent;
    if (cause && cause.type === "news" && !concerns(part)) event.preventDefault();
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const cause = event.detail.requestConfig.triggeringEvent;
    if (!isPressed || !cause || !UNATTENDED.has(cause.type)) return;
    event.detail.shouldSwap = false;
    waiting.set(cause, cause.type === "again" ? event.detail.requestConfig.elt : document.body);
  });

  document.addEventListener("pointerdown", hold, true);
  for (const end of ["pointerup", "pointercancel", "dragend"]) document.addEventListener(end, release, true);
  window.addEventListener("blur", release);
  // It was let go where the page could not see it.
  document.addEventListener("pointermove", (event) => isPressed && event.buttons === 0 && release(), true);

  document.body.addEventListener("htmx:afterSettle", (event) => {
    const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (!cause || !UNATTENDED.has(cause.type)) showErrors(event.detail.elt);
  });

  setInterval(() => {
    if (document.hidden) return;
    for (const part of document.querySelectorAll("[data-again-at]")) {
      if (window.Parley.now() < Number(part.dataset.againAt)) continue;
      // What comes back says when to ask again, if this was a moment too soon.
      part.removeAttribute("data-again-at");
      part.dispatchEvent(new CustomEvent("again"));
    }
  }, 1000);

  showErrors(document);
})();
