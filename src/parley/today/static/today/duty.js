"use strict";
/* The buttons of the duty desk that take a call: each does nothing for half a second after its call came, or, for
 * the one that Space presses, after another call took the place of the first. As on the cover (cover.js), a key or
 * a click was then meant for what was there before. Without this script a button takes at once.
 */
(() => {
  const SETTLED_MS = 500;
  const shown = new WeakMap(); // the button, its call, and since when
  let first = null; // the same of the button that Space presses
  let held = { call: null, since: 0 };

  const isNew = (known, call) => known === undefined || known.call !== call;

  function look() {
    const since = performance.now();
    for (const each of document.querySelectorAll("button[data-call]")) {
      const { call } = each.dataset;
      if (isNew(shown.get(each), call)) shown.set(each, { call, since });
    }
    first = document.querySelector("button[data-call][data-key]");
    const call = first ? first.dataset.call : null;
    if (held.call !== call) held = { call, since };
  }

  function isSettled(button) {
    const known = shown.get(button);
    const since = Math.max(known ? known.since : performance.now(), button === first ? held.since : 0);
    return performance.now() - since >= SETTLED_MS;
  }

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest && event.target.closest("button[data-call]");
      if (!button || isSettled(button)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  new MutationObserver(look).observe(document.getElementById("main"), {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-call", "data-key"],
  });
  look();
})();
