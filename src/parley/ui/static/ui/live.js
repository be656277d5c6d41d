"use strict";
/* What htmx and morphing need to leave people in peace: their place, their ticks, what they opened.
 *
 * A part with [data-live] fetches its own page again when there is news. With [data-link] or
 * [data-thread] it does so only for news of that link or thread. With [data-again-at] it does so at that
 * second of the node's time as well. Such a request is nobody's act and keeps no session alive: it says so
 * in its header. So does one that the beat brings about (beat.js).
 */
(() => {
  const UNATTENDED = new Set(["news", "beat", "again"]);
  const OWN = { DETAILS: ["open"], INPUT: ["checked", "value"] };
  let newest = { all: true, changed: [] };

  if (window.Idiomorph) {
    window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
      element.type === "hidden" || !(OWN[element.tagName] || []).includes(name);
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
