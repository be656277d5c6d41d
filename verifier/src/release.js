/**
 * What both sides made public together: the list as bytes, and the seals on it. Spec §17.2, §17.9, §17.10.
 */

import { hash_of, id_of, number_of, positive_of, same, text_of } from "./bytes.js";
import { unequal } from "./figures.js";
import { is_label, is_node } from "./names.js";
import { note_of, signers_of } from "./note.js";
import { sha256 } from "./sha256.js";

const CLAUSES = 256;
const EN = 1_000;
const ZH = 600;
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]|[\u{e0000}-\u{10ffff}]/u;

/** Whether a line may stand in a text: not too long, nothing hidden, a sign of its language in it (§17.2.1). */
function is_line(line, most, sign) {
  const length = [...line].length;
  return length > 0 && length <= most && !/^[ \u3000]|[ \u3000]$/.test(line) && !HIDDEN.test(line) && sign.test(line);
}

const is_text = (en, zh) => is_line(en, EN, /[A-Za-z]/) && is_line(zh, ZH, /[\u3400-\u4dbf\u4e00-\u9fff]/);

/** The rest of a line behind `start`, or null. */
const behind = (line, start) => (line?.startsWith(start) ? line.slice(start.length) : null);

/**
 * `{nodes, round, number, release, clauses}` of a list (§17.9.1), each clause `{en, zh}`; or a text that says
 * what of it is not in order.
 */
export function outcomes_of(bytes) {
  const text = text_of(bytes);
  if (text === null || !text.endsWith("\n")) return "form";
  const [title, parties, round, release, count, ...lines] = text.slice(0, -1).split("\n");
  const nodes = behind(parties, "parties ")?.split(" ") ?? [];
  const [number, id, ...more] = behind(round, "round ")?.split(" ") ?? [];
  const fields = {
    nodes,
    number: positive_of(number ?? ""),
    round: id_of(id ?? ""),
    release: number_of(behind(release, "release ") ?? ""),
  };
  const clauses = positive_of(behind(count, "clauses ") ?? "");
  if (title !== "parley-outcomes/v1" || more.length > 0 || Object.values(fields).includes(null)) return "form";
  if (nodes.length !== 2 || !nodes.every(is_node) || !(nodes[0] < nodes[1])) return "form";
  if (clauses === null || clauses > CLAUSES || lines.length !== 2 * clauses) return "form";
  const pairs = Array.from({ length: clauses }, (_, i) => ({ en: lines[2 * i], zh: lines[2 * i + 1] }));
  if (!pairs.every(({ en, zh }) => is_text(en, zh))) return "form";
  const differs = pairs.some(({ en, zh }) => Object.values(unequal(en, zh)).some((each) => each.length > 0));
  return differs ? "unequal" : { ...fields, clauses: pairs };
}

/** `{link, world, release, digest}` of the text of a seal (§17.10.1), or null. */
export function seal_of(bytes) {
  const text = text_of(bytes);
  const [first, second, third, ...more] = text?.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const link = behind(first, "parley-release/v1 ");
  const [world, name, ...rest] = link?.split("/") ?? [];
  const [release, digest] = [number_of(second ?? ""), hash_of(third ?? "")];
  if (more.length + rest.length > 0 || ![world, name].every((each) => each !== undefined && is_label(each))) return null;
  return release === null || digest === null ? null : { link, world, release, digest };
}

/** When the side of `card` sealed this note: a time; null if it did not; false if it did wrongly (§17.10.2). */
async function sealed_at(note, seal, card) {
  const name = `${card.node}/receipt`;
  if (!note.lines.some((line) => line.name === name)) return null;
  const signers = await signers_of(note, card.receipt_keys);
  if (signers === null || signers.length !== 2 || signers[0].time !== signers[1].time) return false;
  const { time } = signers[0];
  return time > 0 && time >= seal.release ? time : false;
}

/**
 * What a list and a note prove by two cards: `{outcomes, seal, sealed}`, `sealed` being `[node, time]` of each side
 * that sealed it, in the order of the parties; or a word for why they prove nothing.
 */
export async function released(list, raw, cards) {
  const outcomes = outcomes_of(list);
  if (typeof outcomes === "string") return outcomes;
  const sides = outcomes.nodes.map((node) => cards.find((card) => card.node === node));
  if (sides.includes(undefined) || cards.length !== 2) return "cards";
  const note = note_of(raw);
  const seal = note && seal_of(note.text);
  if (!seal) return "note";
  if (!same(seal.digest, sha256(list)) || seal.release !== outcomes.release) return "other";
  const times = await Promise.all(sides.map((card) => sealed_at(note, seal, card)));
  if (times.includes(false)) return "false";
  const sealed = outcomes.nodes.map((node, i) => [node, times[i]]).filter(([, time]) => time !== null);
  return sealed.length > 0 ? { outcomes, seal, sealed } : "nobody";
}
