/**
 * The page: a file and sixty digits are taken, sentences are shown. Everything is put there as text (screens §6.13).
 */

import { hex, text_of } from "./bytes.js";
import { value_lines, defanged, visible } from "./foreign.js";
import { KINDS } from "./kinds.js";
import { log_name } from "./listing.js";
import { findings_of, short_id, statements_of } from "./reading.js";
import { COMMANDS, LANGUAGES, limits_of, said, sentences_of, time_text } from "./sentences.js";
import { BODY_VALUES, strict_json } from "./strictjson.js";
import { file_opens, plain_part, source_of_file, typed_digits, verify } from "./verify.js";

const MARKS = { holds: "✔", fails: "✖", unproved: "?", note: "•" };
const AT_ONCE = 200;
const CODES = { en: "en", zh: "zh-Hans" };

/** What the page shows; drawn anew whenever the language changes. */
const state = {
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  file: null,
  shown: null,
  limit: AT_ONCE,
  run: 0,
};

const say = (name, values) => said(state.language, name, values);
const found = (id) => document.getElementById(id);

/** An element with properties and children; a child that is text stays text. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function sentence([mark, text]) {
  const sign = element("span", { className: `mark ${mark}`, textContent: MARKS[mark] });
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", say(mark));
  return element("li", {}, sign, element("span", { textContent: text }));
}

const row = (name, ...values) => [
  element("dt", { textContent: say(name) }),
  ...values.map((each) => element("dd", {}, each)),
];

const time_or_none = (time) => (time === null ? say("unknown_time") : time_text(time));

function kind_text({ entry, kind, parts }) {
  if (kind !== null) return [kind, KINDS.get(kind)?.[LANGUAGES.indexOf(state.language)]].filter(Boolean).join(" · ");
  if (entry.fields === null) return say("broken_kind");
  return say(parts[0] === "disclosed" ? "strange_kind" : "no_kind");
}

function persons_texts({ persons, unknown }) {
  const lines = unknown > 0 ? [say("unknown_lines", { count: unknown })] : [];
  return persons.length + lines.length > 0 ? [...persons, ...lines] : [say("nobody")];
}

/** Where the bytes stand, counted from 1 within their member, as `tail -c +FROM` counts. */
function where_texts({ log, entry }) {
  const { members } = state.shown.done.work.zip;
  const place = (what, { at, size }) => {
    const member = log_name(log, what);
    return say("where_entry", { size, from: at - members.get(member).start + 1, member });
  };
  return [place("entries", entry), ...entry.records.filter((each) => each.tag === 3).map((each) => place("content", each))];
}

function facts(statement) {
  const { entry } = statement;
  const parts = statement.parts.map((each, i) => `${i === 0 ? say("act") : i}: ${say(each)}`);
  const seen = statement.seen.map((each, i) => {
    const { origin, size } = entry.fields.seen[i];
    return `${origin} ${size}: ${say(each)}`;
  });
  return element(
    "dl",
    {},
    ...row("id", `${short_id(entry.leaf)} · ${hex(entry.leaf)}`),
    ...row("writer", statement.writer),
    ...row("time", time_or_none(statement.time)),
    ...row("signed_at", time_or_none(statement.signed_at)),
    ...row("received_at", statement.log.folder ? say("orphan") : time_or_none(statement.received_at)),
    ...row("persons", ...persons_texts(statement)),
    ...(parts.length > 0 ? row("part_states", ...parts) : []),
    ...(statement.ordered.length > 0 ? row("ordered_at", ...statement.ordered) : []),
    ...(seen.length > 0 ? row("seen", ...seen) : []),
    ...row("where", ...where_texts(statement)),
  );
}

/** A part as lines of names and values. The kind of an act stands above it, as what it is: no address. */
function words(title, bytes) {
  const value = strict_json(bytes, BODY_VALUES);
  value?.delete("k");
  const text = value === null ? defanged(text_of(bytes) ?? hex(bytes)) : value_lines(value).join("\n");
  return [element("h4", { textContent: title }), element("pre", { textContent: text })];
}

/** A disclosed file, opened once more and handed to the browser to keep under its hash. */
async function save({ log, part, part_key }) {
  const chunks = [];
  const { work } = state.shown.done;
  if (!(await file_opens(work, { log, part, part_key, take: (chunk) => chunks.push(chunk) }))) return;
  const url = URL.createObjectURL(new Blob(chunks, { type: "application/octet-stream" }));
  element("a", { href: url, download: `${hex(part.hash)}.bin` }).click();
  URL.revokeObjectURL(url);
}

function file_line({ log, entry }, number) {
  const part = entry.fields.parts[number - 1];
  const { tag, part_key } = entry.records[number];
  const text = say("file", { size: part.size, hash: hex(part.hash) });
  if (tag !== 4) return element("p", { textContent: text });
  const button = element("button", { type: "button", textContent: say("save") });
  button.addEventListener("click", () => save({ log, part, part_key }));
  return element("p", {}, `${text} `, button);
}

/** Show act, body and files of a statement behind its facts. */
async function speak(statement, place) {
  const { log, entry } = statement;
  const { work } = state.shown.done;
  const said_here = [element("p", { className: "hint", textContent: say("foreign") })];
  for (const [number, title] of [[0, "act"], [1, "body"]]) {
    const bytes = entry.records[number]?.tag === 3 ? await plain_part(work, { log, entry, number }) : null;
    if (bytes !== null) said_here.push(...words(`${say(title)} ${number === 0 ? statement.kind ?? "" : ""}`, bytes));
  }
  for (let number = 2; number < entry.records.length; number += 1) said_here.push(file_line(statement, number));
  place.replaceChildren(...said_here);
}

function statement_box(statement) {
  const kind = [kind_text(statement), ...(statement.log.folder ? [say("orphan")] : [])].join(" · ");
  const time = statement.time === null ? "" : time_text(statement.time);
  const summary = element("summary", {}, element("b", { textContent: statement.place }), ` ${kind} `, element("span", { textContent: time }));
  const box = element("details", { className: "statement" }, summary);
  const fill = () => {
    if (!box.open || box.children.length > 1) return;
    const place = element("div", { className: "words" });
    box.append(facts(statement), place);
    if (!statement.parts.includes("disclosed")) return;
    const button = element("button", { type: "button", textContent: say("says") });
    button.addEventListener("click", () => speak(statement, place));
    place.append(button);
  };
  box.addEventListener("toggle", fill);
  box.fill = fill;
  return box;
}

function open_all() {
  for (const box of document.querySelectorAll("details.statement")) {
    box.open = true;
    box.fill();
  }
}

function draw_statements() {
  const { statements } = state.shown;
  found("list").replaceChildren(...statements.slice(0, state.limit).map(statement_box));
  const left = statements.length - state.limit;
  found("more").hidden = left <= 0;
  found("more").textContent = say("more", { count: Math.min(Math.max(left, 0), AT_ONCE) });
}

function draw_forks(forks) {
  const notes = forks.flatMap((fork) => fork.notes.map((note) => element("pre", { textContent: visible(note) })));
  found("forks").replaceChildren(...notes);
}

function draw_result() {
  const { shown, language } = state;
  found("outcome").hidden = shown === null;
  if (shown === null) return;
  const { done } = shown;
  const is_judged = done.work !== null;
  found("sentences").replaceChildren(...sentences_of(language, shown).map(sentence));
  found("outcome").className = done.result;
  for (const id of ["limits-part", "statements-part"]) found(id).hidden = !is_judged;
  found("limits").replaceChildren(...limits_of(language).map(sentence));
  found("own-digits").textContent = done.digits === null ? "" : `${say("digits_of")}: ${done.digits.join(" ")}`;
  draw_forks(done.forks);
  if (is_judged) draw_statements();
}

function draw_commands() {
  const steps = Object.entries(COMMANDS).map(([name, command]) =>
    element("li", {}, element("p", { textContent: say(name) }), element("pre", { textContent: command })),
  );
  found("commands").replaceChildren(...steps);
}

function draw() {
  document.documentElement.lang = CODES[state.language];
  document.title = say("title");
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  found("language").lang = CODES[state.language === "en" ? "zh" : "en"];
  found("chosen").textContent = state.file === null ? "" : say("chosen", { name: defanged(state.file.name), size: state.file.size });
  draw_commands();
  draw_result();
}

function tell(name, values) {
  found("progress").textContent = name === null ? "" : say(name, values);
}

/** The digits that were typed; full-width ones are digits too. */
function given_digits() {
  const text = found("digits").value.replace(/[\uff10-\uff19]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0));
  return { text: text.trim(), groups: typed_digits(text) };
}

/** Everything from the two fields to the sentences. A later run makes an earlier one end unseen. */
async function check() {
  const { text, groups } = given_digits();
  state.run += 1;
  const { run } = state;
  Object.assign(state, { shown: null, limit: AT_ONCE });
  draw_result();
  if (state.file === null) return tell("no_file");
  if (text !== "" && groups === null) return tell("digits_wrong", { count: text.replace(/[^0-9]/g, "").length });
  const asked = { digits: groups, channel: found("channel").value.trim() || null };
  try {
    const done = await verify(source_of_file(state.file), asked, (step) => run === state.run && tell("step", { step }));
    const statements = done.work === null ? [] : await statements_of(done.work);
    if (run !== state.run) return undefined;
    state.shown = { done, statements, findings: findings_of(done), given: groups !== null };
    tell(null);
    draw_result();
    found("result-title").focus();
  } catch {
    // Whatever it was, it is neither a proof nor a refusal, and people are told so.
    if (run === state.run) tell("stopped");
  }
  return undefined;
}

function take_file(file) {
  if (file === undefined) return;
  state.run += 1;
  Object.assign(state, { file, shown: null });
  tell(null);
  draw();
}

function listen() {
  const zone = found("zone");
  found("file").addEventListener("change", (event) => take_file(event.target.files[0]));
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
  document.addEventListener("dragover", () => zone.classList.add("over"));
  document.addEventListener("dragleave", () => zone.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    take_file(event.dataTransfer.files[0]);
  });
  found("form").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  found("language").addEventListener("click", () => {
    state.language = state.language === "en" ? "zh" : "en";
    tell(null);
    draw();
  });
  found("more").addEventListener("click", () => {
    state.limit += AT_ONCE;
    draw_statements();
  });
  found("expand").addEventListener("click", open_all);
  found("print").addEventListener("click", () => window.print());
}

listen();
draw();
