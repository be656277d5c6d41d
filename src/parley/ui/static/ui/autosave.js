"use strict";
/* Nothing typed is lost: a form[data-autosave=URL] saves itself from the first stroke on.
 *
 *   sent       the fields that changed, x-www-form-urlencoded, `base`, the revision they start from, and
 *              `stroke`, which grows: what is given up half way must not come after what follows it;
 *              a field whose last value is gone (a box that was unticked) comes as `name=`
 *   answered   {"revision", "saved_at", "shown", "number", "conflicts": [{"field", "theirs", "by", "at"}]}
 *
 * One request at a time: at once when none is under way, else right after it. "Saved" stands in
 * [data-saved] only when the node has said so. While the node is away, or the person signed out,
 * the text stays here and is tried again. Somebody else's change of the same field is shown
 * beside one's own, and neither is dropped (screens E-15, E-20): until somebody chooses, what is
 * typed there goes on being saved, under the revision from before, and so lies aside.
 */
(() => {
  const { Parley } = window;
  const { controls, fill, isBox, values } = Parley.fields;
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
      // Fields that somebody else changed, too: {box, null once it is chosen; base, from which they go on;
      // told, the revision of the last answer; isTyped, whether something of it waits; wanted}
      this.apart = new Map();
      this.savedAt = null;
      this.failures = 0;
      this.isSending = false;
      this.isLeaving = false;
      this.timer = null;
      this.state = "";
      this.stroke = 0;
      form.addEventListener("formdata", (event) => event.formData.set("stroke", String(++this.stroke)));
      // What a browser brought back into the fields after a crash was never saved.
      for (const field of form.elements) if (hasChanged(field)) this.touch(field);
    }

    isOwn(field) {
      return Boolean(field.name) && field.form === this.form && field.type !== "file" && field.name !== "csrfmiddlewaretoken";
    }

    touch(field) {
      if (!this.isOwn(field)) return;
      this.dirty.add(field.name);
      const apart = this.apart.get(field.name);
      if (apart) apart.isTyped = true;
      if (apart && apart.box) apart.box.refresh();
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
      if (!this.isSending && this.pending().length) this.send();
    }

    /** What waits, request by request: the fields, and the revision they start from. */
    pending() {
      const names = [...this.dirty].filter((name) => !this.apart.has(name));
      const agreed = { names, base: this.form.dataset.revision || "", isApart: false };
      const apart = [...this.apart].filter(([, each]) => each.isTyped);
      return [
        ...(names.length ? [agreed] : []),
        ...apart.map(([name, { base }]) => ({ names: [name], base, isApart: true })),
      ];
    }

    body({ names, base }) {
      const data = new FormData(this.form);
      const body = new URLSearchParams({ base, stroke: data.get("stroke") });
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
      const [first] = this.pending();
      if (this.isSending || !first || this.isLeaving) return;
      const body = this.body(first);
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), HANGING_MS);
      this.isSending = true;
      let rest = REST_MS;
      try {
        rest = await this.understand(await this.post(body, { signal: stop.signal }), first, body);
      } catch {
        rest = this.fail("down", "down");
      } finally {
        clearTimeout(timer);
        this.isSending = false;
      }
      if (this.pending().length) this.plan(rest);
    }

    /** Return how long to wait before the next request. */
    async understand(answer, sent, body) {
      if (answer.status === 401) {
        document.body.dispatchEvent(new CustomEvent("parley:out"));
        return this.fail("out", "unsaved-out", OUT_MS);
      }
      if (answer.status === 403 && this.failures <= 3 && (await Parley.renewToken())) return this.fail("down", "down");
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) return this.fail("refused", "refused", OUT_MS);
      if (!answer.ok && answer.status !== 409) return this.fail("down", "down");
      this.settle(await answer.json(), sent, body);
      return REST_MS;
    }

    settle(said, { names, isApart }, body) {
      this.failures = 0;
      if (this.state === "out") document.body.dispatchEvent(new CustomEvent("parley:in"));
      const base = this.form.elements.namedItem("base");
      const chosen = isApart && this.apart.get(names[0]);
      if (chosen && !chosen.box && String(chosen.base) !== body.get("base")) {
        // The choice was quicker than this answer to what was typed before it, and goes on from here.
        chosen.base = said.revision;
        return;
      }
      // What goes on from an older revision is told of everything since: all but its own field was told before.
      if (!isApart) this.form.dataset.revision = said.revision;
      if (!isApart && base) base.value = said.revision;
      const told = (said.conflicts || []).filter((each) => !isApart || each.field === names[0]);
      for (const each of told) this.contest(each, body.get("base"), said.revision);
      const data = new FormData(this.form);
      for (const name of names) {
        const isSame = values(data, name).join("\0") === body.getAll(name).join("\0");
        const apart = this.apart.get(name);
        if (apart && apart.box) this.settleAside(name, isSame);
        else this.apart.delete(name);
        if (isSame && !(apart && apart.box)) this.dirty.delete(name);
      }
      this.savedAt = said.shown;
      if ([...this.apart.values()].some((each) => each.box)) return this.show("conflict", Parley.word("choose"));
      if (this.dirty.size) return this.show("unsaved", Parley.word("unsaved"));
      this.show("saved", Parley.word("saved", { number: said.number, time: said.shown }));
    }

    fail(state, word, rest = LONGEST_MS) {
      this.failures += 1;
      this.show(state, Parley.word(word, { time: this.savedAt || Parley.word("never") }));
      return state === "down" ? Math.min(rest, 250 * 2 ** this.failures) : rest;
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
    contest(said, base, told) {
      const old = this.apart.get(said.field);
      if (old && old.box && old.box.theirs === said.theirs) return (old.told = told);
      const box = Parley.conflict(this.form, said, (text) => this.choose(said.field, text));
      if (!box) return;
      if (old && old.box) old.box.remove();
      this.apart.set(said.field, { isTyped: false, base, ...old, wanted: undefined, box, told });
      this.dirty.add(said.field);
    }

    /** What was sent of a contested field lies aside now; if theirs was chosen meanwhile, it is taken. */
    settleAside(name, isSame) {
      const apart = this.apart.get(name);
      apart.isTyped = !isSame;
      if (isSame && apart.wanted !== undefined) this.choose(name, apart.wanted);
    }

    choose(name, text) {
      const { box, told, ...apart } = this.apart.get(name);
      if (text !== null && apart.isTyped) {
        // Not a word goes: one's own text is saved first.
        this.apart.get(name).wanted = text;
        box.hold();
        return this.hurry();
      }
      box.remove();
      this.apart.set(name, { box: null, base: told, isTyped: true });
      if (text !== null) fill(this.form, name, text);
      const [field] = controls(this.form, name);
      field.focus();
      // Theirs goes back as it came: the draft then holds it under this revision, whatever came between.
      field.dispatchEvent(new Event("input", { bubbles: true }));
      this.state = "";
      this.hurry();
    }

    leave() {
      if (this.isLeaving) return;
      // A browser carries 64 KB of a page that is gone; more than that was asked about before.
      for (const each of this.pending()) this.post(this.body(each), { keepalive: true }).catch(() => {});
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
