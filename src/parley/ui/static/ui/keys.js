"use strict";
/* Every key that does something, in one place. The sheet is /keys/.
 *
 *   everywhere   Ctrl+Enter  the button [data-ctrl-enter] of this form, or of the page
 *                Enter       sends nothing from a one-line field of form[data-no-enter]
 *   not in a     /           search            g d   home
 *   field        j k x       rows of a table [data-rows]
 *                Esc         back: [data-back]; in a field: leave the field
 *                any other   the link, button or field with that [data-key]; with Shift, [data-shift-key]
 *   under a      Space Enter the same, of the cover alone: what lies below it is inert
 *   cover
 *
 * While an input method composes a word no key means anything else. Single keys can be switched
 * off (WCAG 2.1.4): body[data-keys="off"].
 */
(() => {
  const PRESSED = new Set(["button", "submit", "reset", "image", "file", "color"]);
  const TICKED = new Set(["checkbox", "radio", "range"]);
  const SEQUENCE_MS = 1500;
  let wentAt = -Infinity;

  const isInput = (target) => target instanceof HTMLInputElement;
  const isWritten = (target) =>
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (isInput(target) && !PRESSED.has(target.type) && !TICKED.has(target.type));
  const isThere = (element) =>
    !element.disabled && element.getClientRects().length > 0 && !element.closest("[inert]");
  // What a key does to the element that has the focus, without any script, it goes on doing.
  const ACTS = { Enter: "a[href], button, summary", Space: "button, summary, input" };

  function press(element) {
    if (isWritten(element)) element.focus();
    else element.click();
  }

  function pressCtrlEnter(event) {
    const form = event.target.form || event.target.closest("form");
    const own = form && [...form.elements].find((each) => each.matches("[data-ctrl-enter]"));
    const button = own || document.querySelector("[data-ctrl-enter]");
    if (!button || !isThere(button) || event.repeat) return;
    event.preventDefault();
    button.click();
  }

  function tableOf(target) {
    return target.closest("table[data-rows]") || document.querySelector("table[data-rows]");
  }

  // Where j and k stop in a row: at its link, or at its box where it leads nowhere.
  function stopOf(row) {
    return row.querySelector("a[href]") || row.querySelector('input[type="checkbox"]');
  }

  function step(target, by) {
    const table = tableOf(target);
    const rows = table ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
    const stops = rows.map(stopOf).filter(Boolean);
    if (stops.length === 0) return false;
    const here = stops.findIndex((stop) => stop.closest("tr").contains(target));
    const next = here < 0 ? 0 : Math.min(Math.max(here + by, 0), stops.length - 1);
    stops[next].focus();
    return true;
  }

  function tick(target) {
    const row = target.closest("table[data-rows] tbody tr");
    const box = row && row.querySelector('input[type="checkbox"]');
    if (box) box.click();
    return Boolean(box);
  }

  function single(event) {
    const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (ACTS[key] && event.target.matches(ACTS[key])) return false;
    const isSecond = event.timeStamp - wentAt < SEQUENCE_MS;
    wentAt = -Infinity;
    if (isSecond) {
      const aim = [...document.querySelectorAll("[data-go]")].find((each) => each.dataset.go === key);
      if (aim && isThere(aim)) return press(aim), true;
    }
    if (event.shiftKey && /^[a-z]$/.test(key)) {
      // What the page itself means by it stands below what every page does.
      const held = [...document.querySelectorAll(`[data-shift-key="${key}"]`)].filter(isThere).pop();
      if (held && !event.repeat) return press(held), true;
    }
    // In a table j and k step, even where the page means something else by them;
    // otherwise the page's own letters come first.
    if ((key === "j" || key === "k") && event.target.closest("table[data-rows]")) {
      return step(event.target, key === "j" ? 1 : -1);
    }
    const own = [...document.querySelectorAll("[data-key]")].find(
      (each) => each.dataset.key.toLowerCase() === key.toLowerCase() && isThere(each),
    );
    if (own && !event.repeat) return press(own), true;
    switch (key) {
      case "g":
        wentAt = event.timeStamp;
        return true;
      case "/": {
        const seek = document.getElementById("seek");
        if (seek) seek.focus();
        return Boolean(seek);
      }
      case "j":
        return step(event.target, 1);
      case "k":
        return step(event.target, -1);
      case "x":
        return tick(event.target);
      default:
        return false;
    }
  }

  function escape(event) {
    if (isWritten(event.target)) return event.target.blur();
    const back = document.querySelector("[data-back]");
    if (back && isThere(back) && document.body.dataset.keys !== "off") back.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (!(event.target instanceof HTMLElement)) return;
    // A cover that has just come, or shows another call: the key was meant for what was there before.
    if (document.querySelector("#cover[data-startled]")) return event.preventDefault();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return pressCtrlEnter(event);
    if (event.key === "Enter" && isInput(event.target) && !PRESSED.has(event.target.type)) {
      if (event.target.form && event.target.form.matches("[data-no-enter]")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return escape(event);
    if (isWritten(event.target) || document.body.dataset.keys === "off") return;
    if (single(event)) event.preventDefault();
  });
})();
