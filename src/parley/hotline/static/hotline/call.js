"use strict";
/* The page of a call: what counts down, how long a text is, and which form comes next.
 *
 *   [data-until="1793610000"]  the time that is left, by the node's clock; [data-since] how long it lasts
 *   [data-count="400"]         beside the field [data-counts]: its length, as Spec §12.3.6 counts it
 *   #call[data-turn]           what can be said next as the record has it; #turn[data-turn], what the form is for
 *
 * The record moves on while somebody types. A form in which nothing is typed is fetched anew then; one in
 * which something is stays, is kept as a draft, and the page says that the call has moved on.
 */
(() => {
  const { Parley } = window;
  const CHARACTER = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;
  let isSending = false;
  const two = (number) => String(number).padStart(2, "0");

  function clock(seconds) {
    const rest = Math.abs(seconds);
    const hours = Math.floor(rest / 3600);
    const minutes = `${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`;
    return hours ? `${hours}:${minutes}` : minutes;
  }

  function tick() {
    const now = Parley.now();
    for (const each of document.querySelectorAll("[data-until]")) {
      each.textContent = clock(Math.max(Number(each.dataset.until) - now, 0));
    }
    for (const each of document.querySelectorAll("[data-since]")) {
      each.textContent = clock(Math.max(now - Number(each.dataset.since), 0));
    }
  }

  /** Twice the words, and the Chinese characters. */
  function lengthOf(text) {
    const characters = (text.match(CHARACTER) || []).length;
    const words = text.replace(CHARACTER, " ").split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
    return 2 * words.length + characters;
  }

  function count(field) {
    const told = document.getElementById(field.dataset.counts);
    if (!told) return;
    const length = lengthOf(field.value);
    const most = Number(told.dataset.count);
    told.textContent = told.dataset.told.replace("{length}", length).replace("{most}", most);
    told.toggleAttribute("data-over", length > most);
  }

  const isTyped = (field) => {
    if (field.type === "hidden" || !("defaultValue" in field || field.options)) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((each) => each.selected !== each.defaultSelected);
    return field.value !== field.defaultValue;
  };

  function follow() {
    const call = document.getElementById("call");
    const turn = document.getElementById("turn");
    if (!call || !turn || call.dataset.turn === turn.dataset.turn) return;
    // What is on its way would be taken back unseen if the page left now; its answer is a fresh page anyway.
    if (isSending) return;
    const fields = [...turn.querySelectorAll("input, textarea, select")];
    if (turn.dataset.typed === undefined && !fields.some(isTyped)) return location.replace(location.pathname);
    const moved = document.getElementById("moved");
    if (moved && moved.hidden) {
      moved.hidden = false;
      Parley.say(moved.textContent.trim());
    }
  }

  document.addEventListener("submit", (event) => (isSending ||= !event.target.matches("[hx-post]")));
  document.addEventListener("input", (event) => event.target.dataset.counts && count(event.target));
  document.body.addEventListener("htmx:afterSettle", follow);
  document.querySelectorAll("[data-counts]").forEach(count);
  setInterval(tick, 1000);
  tick();
})();
