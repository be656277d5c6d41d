/**
 * The page on which anybody checks a list of outcomes: the list, the notes and the two cards are taken, and it is
 * told who made it public and when. Everything is put there as text. Spec §17.10.
 */

import { hex, joined, text_of } from "./bytes.js";
import { card_of, digits_of, is_vouched } from "./card.js";
import { note_of } from "./note.js";
import { released } from "./release.js";
import { sha256 } from "./sha256.js";

const CODES = { en: "en", zh: "zh-Hans" };
const MARKS = { holds: "✔", fails: "✖", unproved: "?", note: "•" };
const MOST = 4_194_304;

const SENTENCES = {
  en: {
    title: "Check a joint outcome list",
    language: "中文",
    lead: "This page tells who made a list of outcomes public, and when. It works without a network and sends nothing.",
    choose: "The list, the note and both cards",
    files_help: "Choose all files at once: the list, one note or two, and the card of each side. Their names do not matter.",
    check: "Check",
    result: "Result",
    joint: "Jointly released. Both sides have sealed exactly this list.",
    lone: "Not a joint release. Only {node} has made this list public; {other} has not.",
    refused: "Proves nothing. {why}",
    form: "The list is not in the form of an outcome list, or it was changed.",
    unequal: "The two languages of a clause do not name the same numbers or dates.",
    cards: "The two cards are not those of the parties of this list, or are not in order.",
    note: "The note is not in the form of a seal.",
    other: "The seals are on another list: this one was changed, or is another one.",
    false: "A seal does not verify, or says a time before the agreed release.",
    nobody: "Neither side has sealed this list.",
    files: "Files are missing: one list, one or two notes of one text, and two cards are needed.",
    stopped: "The files could not be read. That proves nothing, and refuses nothing.",
    sealed: "{node} released it at {time}, by its own clock.",
    digits_first: "This holds only if the sixty digits below are those that both sides have made known.",
    unsealed: "{node} has not released it.",
    agreed: "Agreed for release at {time}.",
    round: "Round {number} of the dialogue between {one} and {two}.",
    world: "This is no real release: it comes from the world “{world}”, an exercise or a demonstration.",
    languages: "Both languages of every clause name the same numbers and dates. Whether a translation is true is for people.",
    digest: "SHA-256 of the list: {digest}",
    clauses: "Clauses",
    cards_title: "Are these the right cards?",
    cards_help: "Compare these sixty digits with those that both sides have made known. With other digits, the result above is about somebody else.",
    print: "Print",
    chosen: "{count} files chosen.",
    holds: "holds",
    fails: "fails",
    unproved: "not proved",
    note_mark: "note",
  },
  zh: {
    title: "核验联合成果清单",
    language: "English",
    lead: "本页面说明某份成果清单由谁发布、何时发布。无需网络，不发送任何内容。",
    choose: "清单、签章文件和双方密钥卡",
    files_help: "请一次选择全部文件：清单、一份或两份签章文件、双方各一张密钥卡。文件名不限。",
    check: "核验",
    result: "结果",
    joint: "联合发布。双方均已对这份清单签章。",
    lone: "不是联合发布。仅 {node} 发布了这份清单，{other} 未发布。",
    refused: "不能证明任何事项。{why}",
    form: "清单格式不符，或已被改动。",
    unequal: "某一条款两种文本中的数字或日期不一致。",
    cards: "两张密钥卡不属于清单所列双方，或密钥卡有误。",
    note: "签章文件格式不符。",
    other: "签章针对另一份清单：本清单已被改动，或是另一份。",
    false: "签章未通过核验，或所示时间早于商定的发布时间。",
    nobody: "双方均未对这份清单签章。",
    files: "缺少文件：需要一份清单、一份或两份同一内容的签章文件和两张密钥卡。",
    stopped: "无法读取文件。这既不证明什么，也不否定什么。",
    sealed: "{node} 于 {time} 发布（以其本方时钟为准）。",
    digits_first: "仅当下方六十位数字与双方公布的核对数字一致时，上述结果才成立。",
    unsealed: "{node} 未发布。",
    agreed: "商定发布时间：{time}。",
    round: "{one} 与 {two} 第 {number} 轮对话。",
    world: "这不是真实发布：来自“{world}”环境，属演习或演示。",
    languages: "每一条款两种文本中的数字和日期一致。译文是否准确，须由人员判断。",
    digest: "清单的 SHA-256：{digest}",
    clauses: "条款",
    cards_title: "密钥卡是否正确？",
    cards_help: "请将这六十位数字与双方公布的核对数字比对。如不一致，上述结果与该双方无关。",
    print: "打印",
    chosen: "已选择 {count} 个文件。",
    holds: "成立",
    fails: "不成立",
    unproved: "未证明",
    note_mark: "说明",
  },
};

/** What the page shows; drawn anew whenever the language changes. */
const state = {
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  files: [],
  shown: null,
  run: 0,
};

const found = (id) => document.getElementById(id);
const say = (name, values = {}) => SENTENCES[state.language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const time_text = (time) => `${new Date(time * 1000).toISOString().replace("T", " ").slice(0, 19)} UTC`;

/** An element with properties and children; a child that is text stays text. */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function sentence([mark, text]) {
  const sign = element("span", { className: `mark ${mark}`, textContent: MARKS[mark] });
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", say(mark === "note" ? "note_mark" : mark));
  return element("li", {}, sign, element("span", { textContent: text }));
}

/** One note with the lines of both, where there are two with one text; null where there is none. */
function note_from(notes) {
  const read = notes.map(note_of);
  if (read.length < 1 || read.length > 2 || read.includes(null)) return null;
  if (read.length === 1) return notes[0];
  const [one, two] = read.map(({ text }) => text_of(text));
  const lines = notes[1].subarray(read[1].text.length + 1);
  return one === two ? joined(notes[0], lines) : null;
}

/** What the files prove: `{released, digits, list}`, or `{why}`. */
async function checked(files) {
  const all = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  const starting = (title) => all.filter((bytes) => text_of(bytes.subarray(0, title.length)) === title);
  const [lists, notes, cards] = ["parley-outcomes/", "parley-release/", "parley-card/"].map(starting);
  const note = note_from(notes);
  if (lists.length !== 1 || note === null || cards.length !== 2) return { why: "files" };
  const known = cards.map(card_of);
  if (known.includes(null)) return { why: "cards" };
  const vouched = await Promise.all(known.map(is_vouched));
  if (vouched.includes(false)) return { why: "cards" };
  const done = await released(lists[0], note, known);
  if (typeof done === "string") return { why: done };
  return { done, digits: await digits_of(known[0].hash, known[1].hash), digest: hex(sha256(lists[0])) };
}

function sentences_of({ why, done, digest }) {
  if (why !== undefined) return [["fails", say("refused", { why: say(why) })]];
  const { outcomes, seal, sealed } = done;
  const [one, two] = outcomes.nodes;
  const times = new Map(sealed);
  const other = outcomes.nodes.find((node) => !times.has(node));
  const told = other === undefined ? ["holds", say("joint")] : ["unproved", say("lone", { node: sealed[0][0], other })];
  return [
    told,
    ["note", say("digits_first")],
    ...(seal.world === "live" ? [] : [["fails", say("world", { world: seal.world })]]),
    ["note", say("round", { number: outcomes.number, one, two })],
    ["note", say("agreed", { time: time_text(outcomes.release) })],
    ...outcomes.nodes.map((node) =>
      times.has(node)
        ? ["holds", say("sealed", { node, time: time_text(times.get(node)) })]
        : ["unproved", say("unsealed", { node })],
    ),
    ["holds", say("languages")],
    ["note", say("digest", { digest })],
  ];
}

function draw_result() {
  found("outcome").hidden = state.shown === null;
  if (state.shown === null) return;
  const { done, digits } = state.shown;
  found("sentences").replaceChildren(...sentences_of(state.shown).map(sentence));
  for (const part of ["clauses-part", "cards-part"]) found(part).hidden = done === undefined;
  if (done === undefined) return;
  const clause = ({ en, zh }) =>
    element("li", {}, element("p", { lang: "en", textContent: en }), element("p", { lang: "zh-Hans", textContent: zh }));
  found("clauses").replaceChildren(...done.outcomes.clauses.map(clause));
  const rows = [0, 4, 8].map((at) => digits.slice(at, at + 4).join(" "));
  found("digits").textContent = rows.join("\n");
}

function draw() {
  document.documentElement.lang = CODES[state.language];
  document.title = say("title");
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  found("language").lang = CODES[state.language === "en" ? "zh" : "en"];
  found("chosen").textContent = state.files.length > 0 ? say("chosen", { count: state.files.length }) : "";
  draw_result();
}

async function check() {
  state.run += 1;
  const { run } = state;
  state.shown = null;
  try {
    const small = state.files.every((file) => file.size <= MOST);
    const shown = small ? await checked(state.files) : { why: "files" };
    if (run !== state.run) return;
    state.shown = shown;
  } catch {
    // Whatever it was, it is neither a proof nor a refusal, and people are told so.
    if (run === state.run) state.shown = { why: "stopped" };
  }
  draw();
  found("result-title").focus();
}

function take(files) {
  state.run += 1;
  Object.assign(state, { files: [...files], shown: null });
  draw();
}

function listen() {
  const zone = found("zone");
  found("files").addEventListener("change", (event) => take(event.target.files));
  for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
  document.addEventListener("dragover", () => zone.classList.add("over"));
  document.addEventListener("dragleave", () => zone.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
  found("form").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  found("language").addEventListener("click", () => {
    state.language = state.language === "en" ? "zh" : "en";
    draw();
  });
  found("print").addEventListener("click", () => window.print());
}

listen();
draw();
