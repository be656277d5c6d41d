"use strict";
/* Nothing typed is lost: a form[data-autosave=URL] saves itself from the first stroke on.
 *
 *   sent       the fields that changed, x-www-form-urlencoded, and `base`, the revision they start from;
 *              a field whose last value is gone (a box that was unticked) comes as `name=`
 *   answered   {"revision", "saved_at", "shown", "number", "conflicts": [{"field", "theirs", "by", "at"}]}
 *
 * One request at a time: at once when none is under way, else right after it. "Saved" stands in
 * [data-saved] only when the node has said so. While the node is away, or the person signed out,
 * the text stays here and is tried again. Somebody else's change of the same field is shown
 * beside one's own, and neither is dropped (screens E-15, E-20).
 */
(() => {
  const { Parley } = window;
  const { controls, fill, isBox, spoken, values } = Parley.fields;
  const REST_MS = 250; // between two requests, so that a fast typist does not write a row per letter
  const HANGING_MS = 10_000;
  const LONGEST_MS = 3_000;
  const OUT_MS = 5_000;

  function hasChanged(field) {
    if (field.type === "hidden" || !("defaultValue" in field)) return false;
    if (isBox(field)) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  }

  class Draft {
    constructor(form) {
      this.form = form;
      this.dirty = new Set();
      this.conflicts = new Map();
      this.savedAt = null;
      this.failures = 0;
      this.isSending = false;
      this.isLeaving = false;
      this.timer = null;
      this.state = "";
      // What a browser brought back into the fields after a crash was never saved.
      for (const field of form.elements) if (hasChanged(field)) this.touch(field);
    }

    isOwn(field) {
      return Boolean(field.name) && field.form === this.form && field.type !== "file" && field.name !== "csrfmiddlewaretoken";
    }

    touch(field) {
      if (!this.isOwn(field)) return;
      this.dirty.add(field.name);
      if (!["down", "out", "conflict", "refused"].includes(this.state)) this.show("unsaved", Parley.word("unsaved"));
      this.plan(REST_MS);
    }

    /** Send after at most `ms`; a request under way sends what is left when it ends. */
    plan(ms) {
      if (this.isSending || this.timer !== null) return;
      this.timer = setTimeout(() => {
        this.timer = null;
        this.send();
      }, this.failures ? ms : Math.min(ms, REST_MS));
    }

    hurry() {
      clearTimeout(this.timer);
      this.timer = null;
      if (!this.isSending && this.waiting().length) this.send();
    }

    waiting() {
      return [...this.dirty].filter((name) => !this.conflicts.has(name));
    }

    body(names) {
      const data = new FormData(this.form);
      const body = new URLSearchParams({ base: this.form.dataset.revision || "" });
      for (const name of names) for (const value of values(data, name)) body.append(name, value);
      return body;
    }

    post(body, more) {
      const token = this.form.elements.namedItem("csrfmiddlewaretoken");
      return fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { "X-CSRFToken": token ? token.value : "" },
        body,
        ...more,
      });
    }

    async send() {
      const names = this.waiting();
      if (this.isSending || names.length === 0 || this.isLeaving) return;
      const body = this.body(names);
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), HANGING_MS);
      this.isSending = true;
      let rest = REST_MS;
      try {
        rest = await this.understand(await this.post(body, { signal: stop.signal }), names, body);
      } catch {
        rest = this.fail("down", "down");
      } finally {
        clearTimeout(timer);
        this.isSending = false;
      }
      if (this.waiting().length) this.plan(rest);
    }

    /** Return how long to wait before the next request. */
    async understand(answer, names, body) {
      if (answer.status === 401) {
        document.body.dispatchEvent(new CustomEvent("parley:out"));
        return this.fail("out", "unsaved-out", OUT_MS);
      }
      if (answer.status === 403 && (await this.renewToken())) return this.fail("down", "down");
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) return this.fail("refused", "refused", OUT_MS);
      if (!answer.ok && answer.status !== 409) return this.fail("down", "down");
      this.settle(await answer.json(), names, body);
      return REST_MS;
    }

    settle(said, names, body) {
      this.failures = 0;
      if (this.state === "out") document.body.dispatchEvent(new CustomEvent("parley:in"));
      this.form.dataset.revision = said.revision;
      const base = this.form.elements.namedItem("base");
      if (base) base.value = said.revision;
      for (const each of said.conflicts || []) this.contest(each);
      const data = new FormData(this.form);
      for (const name of names) {
        const isSame = values(data, name).join("\0") === body.getAll(name).join("\0");
        if (isSame && !this.conflicts.has(name)) this.dirty.delete(name);
      }
      this.savedAt = said.shown;
      if (this.conflicts.size) return this.show("conflict", Parley.word("choose"));
      if (this.dirty.size) return this.show("unsaved", Parley.word("unsaved"));
      this.show("saved", Parley.word("saved", { number: said.number, time: said.shown }));
    }

    fail(state, word, rest = LONGEST_MS) {
      this.failures += 1;
      this.show(state, Parley.word(word, { time: this.savedAt || Parley.word("never") }));
      return state === "down" ? Math.min(rest, 250 * 2 ** this.failures) : rest;
    }

    /** The form's token may be of a cookie that is gone: take the one that this page would have now. */
    async renewToken() {
      try {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        const fresh = page.querySelector("input[name=csrfmiddlewaretoken]");
        if (!fresh || this.failures > 3) return false;
        for (const old of document.getElementsByName("csrfmiddlewaretoken")) old.value = fresh.value;
        return true;
      } catch {
        return false;
      }
    }

    show(state, text) {
      const isNews = state !== this.state && (state !== "unsaved" && !(state === "saved" && this.state === "unsaved"));
      this.state = state;
      for (const line of document.querySelectorAll("[data-saved]")) {
        line.dataset.state = state;
        line.textContent = text;
        if (state === "out") line.append(" ", Parley.signInLink());
      }
      if (isNews) Parley.say(text);
    }

    /** Show somebody else's text of a field beside one's own. */
    contest({ field: name, theirs, by, at }) {
      const [field] = controls(this.form, name);
      if (!field) return;
      this.conflicts.get(name)?.remove();
      const box = document.createElement("div");
      box.className = "conflict";
      box.setAttribute("role", "group");
      const said = document.createElement("p");
      said.textContent = Parley.word("conflict", { by, time: typeof at === "number" ? Parley.time(at) : at });
      const mine = values(new FormData(this.form), name).filter(Boolean).join("\n");
      box.append(said, ...this.text("mine", spoken(this.form, name, mine)), ...this.text("theirs", spoken(this.form, name, theirs)));
      box.append(this.choice("keep", () => this.choose(name, null)), " ", this.choice("take", () => this.choose(name, theirs)));
      (field.closest(".field, td") || field.parentElement).append(box);
      this.conflicts.set(name, box);
      this.dirty.add(name);
    }

    text(word, text) {
      const title = document.createElement("strong");
      const shown = document.createElement("pre");
      title.textContent = Parley.word(word);
      shown.textContent = text;
      return [title, shown];
    }

    choice(word, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = Parley.word(word);
      button.addEventListener("click", act);
      return button;
    }

    choose(name, text) {
      const [field] = controls(this.form, name);
      this.conflicts.get(name).remove();
      this.conflicts.delete(name);
      if (text !== null) fill(this.form, name, text);
      field.focus();
      // Theirs goes back as it came: the draft then holds it under this revision, whatever came between.
      field.dispatchEvent(new Event("input", { bubbles: true }));
      this.state = "";
      this.hurry();
    }

    leave() {
      const names = this.waiting();
      if (this.isLeaving || names.length === 0) return;
      // A browser carries 64 KB of a page that is gone; more than that was asked about before.
      this.post(this.body(names), { keepalive: true }).catch(() => {});
    }
  }

  const drafts = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Draft(form));
  if (drafts.length === 0) return;
  const each = (act) => drafts.forEach(act);
  const touched = (event) => each((draft) => event.target.form === draft.form && draft.touch(event.target));

  document.addEventListener("input", touched);
  document.addEventListener("submit", (event) => each((draft) => (draft.isLeaving ||= event.target === draft.form)));
  window.addEventListener("pagehide", () => each((draft) => draft.leave()));
  window.addEventListener("pageshow", () => each((draft) => ((draft.isLeaving = false), draft.hurry())));
  for (const name of ["focus", "online"]) window.addEventListener(name, () => each((draft) => draft.hurry()));
  document.addEventListener("visibilitychange", () => each((draft) => draft.hurry()));
  document.body.addEventListener("parley:back", () => each((draft) => draft.hurry()));
  window.addEventListener("beforeunload", (event) => {
    if (drafts.some((draft) => draft.dirty.size && !draft.isLeaving)) event.preventDefault();
  });
})();
