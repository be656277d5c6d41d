/** What is made public together, and the figures of two languages, by the vectors of §17. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { base64url, utf8 } from "../src/bytes.js";
import { card_of } from "../src/card.js";
import { figures_en, figures_zh, unequal } from "../src/figures.js";
import { outcomes_of, released } from "../src/release.js";
import { sha256 } from "../src/sha256.js";

const ROOT = new URL("../../", import.meta.url);
const vectors = (name) => JSON.parse(readFileSync(new URL(`docs/protocol/vectors/${name}.json`, ROOT), "utf8"));
const counts = (map) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

test("figures of two languages", () => {
  const { cases } = vectors("dialogue-figures");
  assert(cases.length > 40);
  for (const { en, zh, sure_en, maybe_en, sure_zh, maybe_zh, only_en, only_zh } of cases) {
    const [one, other] = [figures_en(en), figures_zh(zh)];
    assert.deepEqual([counts(one.sure), counts(one.maybe)], [sure_en, maybe_en], en);
    assert.deepEqual([counts(other.sure), counts(other.maybe)], [sure_zh, maybe_zh], zh);
    assert.deepEqual(unequal(en, zh), { only_en, only_zh }, `${en} ${zh}`);
  }
});

test("lists and their seals", async () => {
  const { cards, text, digest, cases, refused_texts } = vectors("dialogue-release");
  const known = cards.map((each) => card_of(utf8(each)));
  assert.equal(base64url(sha256(utf8(text))), digest);
  assert.equal(outcomes_of(utf8(text)).clauses.length, 2);
  for (const { about, note, sealed_at } of cases) {
    const found = await released(utf8(text), utf8(note), known);
    if (sealed_at === null) assert.equal(typeof found, "string", about);
    else assert.deepEqual(Object.fromEntries(found.sealed), sealed_at, about);
  }
  for (const { about, replace } of refused_texts) {
    const other = text.replace(replace[0], () => replace[1]);
    assert.equal(typeof (await released(utf8(other), utf8(cases[0].note), known)), "string", about);
  }
});

test("a list in another form is none", () => {
  const { text } = vectors("dialogue-release");
  for (const other of [
    text.slice(0, -1),
    `${text}\n`,
    text.replace("v1", "v2"),
    text.replace("clauses 2", "clauses 02"),
    text.replace("a.example b.example", "b.example a.example"),
    text.replace("B answers", " B answers"),
    text.replace("B answers", "B\u202e answers"),
    text.replaceAll("\n", "\r\n"),
  ]) {
    assert.equal(outcomes_of(utf8(other)), "form", JSON.stringify(other.slice(0, 40)));
  }
  assert.equal(outcomes_of(utf8(text.replace("二十个", "三十个"))), "unequal");
});
