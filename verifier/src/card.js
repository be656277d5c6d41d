/**
 * Cards: the public keys of a node. How a first card is vouched for, how a later one follows. Spec §3.2 to §3.4.
 */

import { compared, hash_of, hex, number_of, positive_of, same, text_of, unbase64, utf8 } from "./bytes.js";
import { is_strict_point } from "./ed25519.js";
import { is_node } from "./names.js";
import { COSIGNATURE, ED25519, MLDSA, known, note_of, signers_of } from "./note.js";
import { sha256, sha512 } from "./sha256.js";

const KEYS = [
  ["write ed25519", 32],
  ["write ml-dsa-44", 1312],
  ["receipt ed25519", 32],
  ["receipt ml-dsa-44", 1312],
  ["seal x-wing", 1216],
  ["link ed25519", 32],
];
const ROOTS = 16;
const ROOTS_WITH_PROMISE = 8;
const URL = /^https?:\/\/[!-~]+$/;

/** The rest of the next line after `prefix` and a space, and the line is taken; or null. */
function taken(lines, prefix) {
  if (!lines[0]?.startsWith(`${prefix} `)) return null;
  return lines.shift().slice(prefix.length + 1);
}

function key_taken(lines, [prefix, size]) {
  const bytes = unbase64(taken(lines, prefix) ?? "");
  return bytes?.length === size ? bytes : null;
}

function roots_taken(lines) {
  const roots = [];
  while (lines[0]?.startsWith("root ed25519 ")) roots.push(key_taken(lines, ["root ed25519", 32]));
  return roots;
}

/** The lines that may be absent: undefined for one that is, null for one that breaks the grammar. */
function optional_taken(lines, prefix, read) {
  const rest = taken(lines, prefix);
  return rest === null ? undefined : read(rest);
}

const url_of = (text) => (text.length <= 255 && URL.test(text) ? text : null);

/** The fields of the text of a card, or null where a line is missing, too many, or not of its form. */
function fields_of(text) {
  const lines = text.slice(0, -1).split("\n");
  if (!text.endsWith("\n") || lines.shift() !== "parley-card/v1") return null;
  const node = taken(lines, "node");
  const serial = positive_of(taken(lines, "serial") ?? "");
  const prev = optional_taken(lines, "prev", hash_of);
  const six = lines.slice(0, KEYS.length).map((line) => `${line}\n`).join("");
  const keys = KEYS.map((each) => key_taken(lines, each));
  const tls = optional_taken(lines, "tls sha256", hash_of);
  const url = optional_taken(lines, "url", url_of);
  const next = optional_taken(lines, "next", hash_of);
  const threshold = number_of(taken(lines, "root") ?? "");
  const roots = roots_taken(lines);
  const all = [node, serial, threshold, prev, tls, url, next, ...keys, ...roots];
  if (lines.length > 0 || all.includes(null)) return null;
  return { node, serial, prev, six, keys, tls, url, next, threshold, roots };
}

function is_sound({ node, serial, prev, keys, next, threshold, roots }) {
  if (!is_node(node) || (serial === 1) !== (prev === undefined)) return false;
  if (roots.length < 1 || roots.length > (next === undefined ? ROOTS : ROOTS_WITH_PROMISE)) return false;
  if (threshold < 1 || threshold > 8 || threshold > roots.length) return false;
  const [write, write_ml, receipt, receipt_ml, , link] = keys;
  const points = [write, receipt, link, ...roots];
  const distinct = new Set(points.map(hex)).size === points.length && !same(write_ml, receipt_ml);
  return distinct && points.every(is_strict_point);
}

/** A card and its note, or null. */
export function card_of(bytes) {
  const note = note_of(bytes);
  const fields = note && fields_of(text_of(note.text));
  if (!fields || !is_sound(fields)) return null;
  const [write, write_ml, receipt, receipt_ml] = fields.keys;
  const roots = fields.roots.map((key, i) => ({ ...known(`${fields.node}/root/${i + 1}`, ED25519, key), n: i + 1 }));
  const receipts = `${fields.node}/receipt`;
  return {
    ...fields,
    note,
    roots,
    text: text_of(note.text),
    hash: sha256(note.text),
    write_keys: (origin) => [known(origin, ED25519, write), known(origin, MLDSA, write_ml)],
    receipt_keys: [known(receipts, COSIGNATURE, receipt), known(receipts, MLDSA, receipt_ml)],
    accept_key: known(receipts, ED25519, receipt),
  };
}

/** How many distinct persons of `card` signed `note`; null if a line of one of them does not verify (§2.5.2). */
export async function persons_of(card, note) {
  const signers = await signers_of(note, card.roots);
  return signers && new Set(signers.map(({ key }) => key.n)).size;
}

/** Whether at least the threshold of roots of `card` signed `note`, and no line of one does not verify. */
export async function is_signed_by(card, note) {
  const persons = await persons_of(card, note);
  return persons !== null && persons >= card.threshold;
}

/** Whether enough own roots signed the card (§3.4.2). */
export const is_vouched = (card) => is_signed_by(card, card.note);

/** Whether `card` keeps what `old` promised (§3.4.4). */
function keeps_promise(card, old) {
  if (old.next === undefined || same(sha256(utf8(card.six)), old.next)) return true;
  return card.six === old.six && card.next !== undefined && same(card.next, old.next);
}

/** Whether `card` follows `old` (§3.4.3). */
export async function follows(card, old) {
  if (card.node !== old.node || card.serial !== old.serial + 1 || !same(card.prev, old.hash)) return false;
  const needed = keeps_promise(card, old) ? old.threshold : old.roots.length;
  const of_old = await persons_of(old, card.note);
  return of_old !== null && of_old >= needed && (await is_vouched(card));
}

/** Whether two cards differ in serial, prev, tls and url alone (§11.4.8). */
export function changes_address_only(card, old) {
  const same_next = card.next === undefined ? old.next === undefined : old.next !== undefined && same(card.next, old.next);
  const same_roots =
    card.roots.length === old.roots.length && card.roots.every((each, i) => same(each.public_key, old.roots[i].public_key));
  return card.node === old.node && card.six === old.six && card.threshold === old.threshold && same_next && same_roots;
}

/** The twelve groups of five digits for two first cards (§3.3.2). */
export async function digits_of(hash, other) {
  const [low, high] = [hash, other].sort(compared);
  const digest = await sha512(utf8("parley/pair/v1\n"), low, high);
  return Array.from({ length: 12 }, (_, i) => {
    const number = digest.subarray(5 * i, 5 * i + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, "0");
  });
}
