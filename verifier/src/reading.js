/**
 * What is shown of an export that was not refused: findings for machines, statements for people. Spec §11.6.
 *
 * Worth (§11.6.4) is left to the other verifiers.
 */

import { base64, hex, same } from "./bytes.js";
import { enrolled_of } from "./act.js";
import { is_signed_by } from "./card.js";
import { erasures_of, orders_of } from "./erasure.js";
import { STATES } from "./members.js";
import { key_name, persons_among } from "./officer.js";
import { roots_at } from "./tree.js";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The first 8 characters of an id in base32, in lower case (§6.3.2). */
export function short_id(leaf) {
  let text = "";
  for (let i = 0; i < 8; i += 1) {
    const bit = 5 * i;
    const two = (leaf[bit >> 3] << 8) | leaf[(bit >> 3) + 1];
    text += BASE32[(two >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/** How people call an entry; an orphan by the epoch of its log (§11.6.7). */
export const place_of = (log, entry) => `${log.folder ? log.epoch : log.side.mark} ${log.base + entry.index}`;

/** For each entry its `seen` lines as `true`, `false` or `not_checked` (§11.6.2). */
function seen_states(work) {
  const logs = new Map(work.logs.map((each) => [each.text, each]));
  const cited = new Map(work.logs.map((each) => [each.text, new Set()]));
  const kept = work.logs.flatMap((log) => log.entries.filter((each) => each.fields !== null));
  for (const seen of kept.flatMap((each) => each.fields.seen)) cited.get(seen.origin)?.add(seen.size);
  const leaves = (log) => log.entries.map((each) => each.leaf);
  const roots = new Map([...cited].map(([origin, sizes]) => [origin, roots_at(leaves(logs.get(origin)), sizes)]));
  const state_of = ({ origin, size, root }) => {
    const here = roots.get(origin)?.get(size);
    if (here === undefined) return "not_checked";
    return same(here, root) ? "true" : "false";
  };
  return new Map(kept.map((each) => [each, each.fields.seen.map(state_of)]));
}

function counted(names, values) {
  const counts = Object.fromEntries(names.map((name) => [name, 0]));
  for (const value of values) counts[value] += 1;
  return counts;
}

/** The object of §11.6.5. */
export function findings_of({ result, step, work, forks }) {
  if (work === null) return { parley: "findings/1", result, step };
  const entries = work.logs.flatMap((each) => each.entries);
  const records = entries.flatMap((each) => each.records);
  const whole = entries.filter((each) => each.is_whole);
  return {
    parley: "findings/1",
    result,
    step,
    channel: work.listing.channel,
    digits: work.listing.digits,
    logs: work.logs.map((log) => ({
      origin: log.text,
      base: log.base,
      size: log.count,
      root: base64(log.root),
      signed_at: log.heads.at(-1)?.time ?? null,
      received_at: log.receipts.at(-1)?.time ?? null,
    })),
    entries: {
      whole: whole.length,
      stubs: entries.length - whole.length,
      broken: whole.filter((each) => each.fields === null).length,
    },
    parts: counted(["disclosed", "withheld", "erased", "unopenable"], records.map((each) => STATES.get(each.tag))),
    seen: counted(["true", "false", "not_checked"], [...seen_states(work).values()].flat()),
    forks: forks.map(({ origin, size }) => ({ origin, size })),
    revocations: work.logs.flatMap(({ text, revoked }) =>
      [...revoked.sizes].map(([serial, size]) => ({ origin: text, size, serial })),
    ),
    orphans: work.orphans.map((log) => ({
      origin: log.text,
      base: log.base,
      size: log.count,
      whole: log.entries.filter((each) => each.is_whole).length,
      signed_at: log.heads[0].time,
    })),
    erasures: erasures_of(work).map(({ parts, ...told }) => ({ ...told, statements: parts.length, answers: told.answers })),
  };
}

/** Whether the roots of one of the cards of the side signed an entry, as many as its threshold says. */
async function is_by_roots({ cards }, { note }) {
  for (const card of note === null ? [] : cards) {
    if (await is_signed_by(card, note)) return true;
  }
  return false;
}

/** The key that an entry enrols, or null (§11.6.3). */
async function enrolled_in({ side, text }, entry) {
  const key = entry.act && entry.fields.log === text ? enrolled_of(entry.act, side.node) : null;
  return key && (await is_by_roots(side, entry.fields)) ? key : null;
}

/** The keys of persons of a side: roots of all its cards, and officers whose enrolment is in the export (§11.6.3). */
async function person_keys(side) {
  const keys = new Map(side.cards.flatMap((card) => card.roots).map((root) => [key_name(root), root]));
  for (const log of side.logs) {
    for (const entry of log.entries) {
      const key = await enrolled_in(log, entry);
      if (key) keys.set(key_name(key), key);
    }
  }
  return keys;
}

const smallest_above = (notes, index) => notes.find((each) => each.size > index)?.time ?? null;

async function statement_of({ log, entry, seen, keys, orders }) {
  const signed = entry.fields?.note ? await persons_among(entry.fields.note, keys) : { persons: [], unknown: 0 };
  return {
    log,
    entry,
    place: place_of(log, entry),
    id: base64(entry.leaf),
    writer: log.node,
    time: entry.fields?.time ?? null,
    signed_at: smallest_above(log.heads, entry.index),
    received_at: smallest_above(log.receipts, entry.index),
    kind: entry.act?.kind ?? null,
    persons: signed.persons,
    unknown: signed.unknown,
    parts: entry.records.map((each) => STATES.get(each.tag)),
    seen: seen.get(entry) ?? [],
    ordered: log.folder ? [] : (orders.get(hex(entry.leaf)) ?? []),
  };
}

/** Every whole entry, line by line (§11.6.1). */
export async function statements_of(work) {
  const seen = seen_states(work);
  const orders = orders_of(work);
  const keys = new Map();
  for (const side of work.sides) keys.set(side, await person_keys(side));
  const found = [];
  for (const log of [...work.sides.flatMap((each) => each.logs), ...work.orphans]) {
    for (const entry of log.entries.filter((each) => each.is_whole)) {
      found.push(await statement_of({ log, entry, seen, keys: keys.get(log.side), orders }));
      await work.breathe();
    }
  }
  return found;
}
