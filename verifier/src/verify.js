/**
 * The thirteen steps from a file and sixty digits to findings. Spec §11.5.
 *
 *     file, list → cards → digits → entries → heads → receipts → chain → openings → content → forks → revocations
 *     → orphans
 *
 * A step throws a `Refusal` with its number; nothing of a later step is looked at then.
 */

import { hex, same, text_of } from "./bytes.js";
import { act_of, carded_of, opening_of } from "./act.js";
import { card_of, changes_address_only, digits_of, follows, is_signed_by, is_vouched } from "./card.js";
import { acceptance_of, are_fork, head_of, is_accepted, received_at, signed_at } from "./head.js";
import { card_name, file_name, fork_name, listing_of, log_name, names_of } from "./listing.js";
import { content_read, entries_of, notes_of } from "./members.js";
import { orphans_of } from "./orphans.js";
import { opens, plaintext_of } from "./part.js";
import { relies_on_revoked, revocations_of } from "./revoked.js";
import { Sha256, sha256 } from "./sha256.js";
import { roots_at } from "./tree.js";
import { zip_of } from "./zip.js";

const CHUNK = 1_048_576;
const PAUSE = 40;

class Refusal extends Error {
  constructor(step) {
    super(`step ${step}`);
    this.step = step;
  }
}

function need(step, holds) {
  if (!holds) throw new Refusal(step);
}

/** Lets a page draw and hear its buttons between two pieces of work. */
export function breathing() {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < PAUSE) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
}

/** Steps 1 and 2. */
async function read_export(source) {
  const zip = await zip_of(source);
  need(1, zip !== null);
  const names = [...zip.members.keys()];
  need(2, names[1] === "export.txt" && zip.members.get("export.txt").size <= CHUNK);
  const listing = listing_of(await zip.bytes("export.txt"));
  need(2, listing !== null);
  const wanted = names_of(listing);
  need(2, names.length === wanted.length && names.every((each, i) => each === wanted[i]));
  need(2, listing.files.every((each) => zip.members.get(file_name(each.hash)).size === each.size));
  return { zip, listing };
}

/** Step 3: the cards of each node, in their order. */
async function read_cards({ zip, listing }) {
  const cards = new Map(listing.nodes.map((node) => [node, []]));
  for (const row of listing.cards) {
    const name = card_name(row);
    const card = zip.members.get(name).size <= CHUNK ? card_of(await zip.bytes(name)) : null;
    need(3, card !== null && card.node === row.node && card.serial === row.serial);
    const before = cards.get(row.node).at(-1);
    need(3, before === undefined ? await is_vouched(card) : await follows(card, before));
    cards.get(row.node).push(card);
  }
  return cards;
}

/** Step 4. */
async function check_digits({ listing, sides, asked }) {
  const digits = await digits_of(...sides.map((each) => each.cards[0].hash));
  const is_same = (groups) => groups.join(" ") === digits.join(" ");
  const holds = is_same(listing.digits) && (asked.digits === null || is_same(asked.digits));
  if (!holds || (asked.channel !== null && asked.channel !== listing.channel)) {
    throw Object.assign(new Refusal(4), { digits });
  }
}

/** Step 5: the logs with their entries, the content of each passed through once. */
async function read_entries(work) {
  for (const log of work.logs) {
    log.entries = await entries_of(work.zip.cursor(log_name(log, "entries")), log.count, work.breathe);
    need(5, log.entries !== null);
  }
  for (const log of work.logs) {
    const cursor = work.zip.cursor(log_name(log, "content"));
    log.has_form = await content_read(cursor, log.entries, work.breathe);
  }
}

/** The plaintext of part `number` of an entry, 0 being the act, if it is in `content` and opens; else null. */
export async function plain_part(work, { log, entry, number }) {
  const record = entry.records[number];
  const named = [entry.fields?.act, ...(entry.fields?.parts ?? [])][number];
  if (record?.tag !== 3 || record.size !== named.size) return null;
  const ciphertext = await work.zip.source.read(record.at, record.at + record.size);
  return same(sha256(ciphertext), named.hash) ? plaintext_of(record.part_key, log.text, ciphertext) : null;
}

/** The act of an entry if it is disclosed, opens and has an envelope; else null. It is read once. */
async function read_act(work, log, entry) {
  if (entry.act === undefined) {
    const bytes = await plain_part(work, { log, entry, number: 0 });
    entry.opened = bytes !== null;
    entry.act = bytes && act_of(bytes);
  }
  return entry.act;
}

/** Whether the roots of `card` signed the entry, as many as its threshold says. */
const is_by_roots = async (card, entry) => entry.fields.note !== null && (await is_signed_by(card, entry.fields.note));

/** Whether this entry announces `card` as the one after `before` (§11.4.8). */
async function announces({ work, log, entry, card, before }) {
  if (entry.fields?.log !== log.text) return false;
  const carded = carded_of(await read_act(work, log, entry));
  if (carded === null || carded.serial !== card.serial || !same(carded.hash, card.hash)) return false;
  if (carded.text === null ? !changes_address_only(card, before) : carded.text !== card.text) return false;
  return is_by_roots(before, entry);
}

/** The first index along the line, above `after`, at which `card` is announced, or null. */
async function announced_at(work, side, { card, before, after }) {
  for (const log of side.logs) {
    for (const entry of log.entries) {
      if (log.base + entry.index > after && await announces({ work, log, entry, card, before })) return log.base + entry.index;
      await work.breathe();
    }
  }
  return null;
}

/** The notes of one member, checked one by one: `[{size, time}]`. `time_of` judges the lines. */
async function read_notes({ work, log, what, step, time_of }) {
  const found = [];
  for await (const bytes of notes_of(work.zip.cursor(log_name(log, what)))) {
    const head = bytes && head_of(bytes);
    need(step, head && head.origin === log.text && head.size <= log.count && head.size > (found.at(-1)?.size ?? 0));
    const time = await time_of(head);
    need(step, time !== null && time >= (found.at(-1)?.time ?? 0));
    found.push({ size: head.size, root: head.root, time });
    await work.breathe();
  }
  const roots = roots_at(log.entries.map((each) => each.leaf), found.map((each) => each.size));
  need(step, found.every((each) => same(each.root, roots.get(each.size))));
  need(step, log.is_sealed || log.count === 0 || found.at(-1)?.size === log.count);
  return found;
}

/** The card whose keys count for a head of `size` entries of a log, or undefined (§11.4.8). */
function card_at(log, size) {
  const { cards, effective } = log.side;
  const in_effect = cards.findLastIndex((_, k) => k === 0 || effective[k] < log.base + size);
  const revoked = cards.findLastIndex((card) => size > (log.revoked.sizes.get(card.serial) ?? Infinity));
  return cards[Math.max(in_effect, revoked + 1)];
}

/** Step 6. */
async function check_heads(work) {
  for (const side of work.sides) {
    side.effective = [-1];
    for (let k = 1; k < side.cards.length; k += 1) {
      const [card, before, after] = [side.cards[k], side.cards[k - 1], side.effective[k - 1]];
      const at = await announced_at(work, side, { card, before, after });
      need(6, at !== null);
      side.effective.push(at);
    }
  }
  for (const log of work.logs) {
    log.revoked = await revocations_of(work, log);
    const time_of = async (head) => {
      const card = card_at(log, head.size);
      return card === undefined ? null : signed_at(head, card);
    };
    log.heads = await read_notes({ work, log, what: "heads", step: 6, time_of });
  }
}

/** Step 7. */
async function check_receipts(work) {
  for (const log of work.logs) {
    const time_of = (head) => received_at(head, log.side.other.cards);
    log.receipts = await read_notes({ work, log, what: "receipts", step: 7, time_of });
  }
}

/** Step 8. */
async function check_chain(work) {
  for (const log of work.logs) {
    log.root = roots_at(log.entries.map((each) => each.leaf), [log.count]).get(log.count);
  }
  for (const log of work.logs.filter((each) => each.before !== null)) {
    const { before } = log;
    const name = log_name(log, "acceptance");
    const accepted = work.zip.members.get(name).size <= CHUNK ? acceptance_of(await work.zip.bytes(name)) : null;
    need(8, accepted !== null && (await is_accepted(accepted, log.side.other.cards)));
    need(8, accepted.origin === before.text && accepted.size === before.count && accepted.epoch === log.epoch);
    need(8, same(accepted.root, before.root));
    need(8, log.count === 0 || begins_with(log.entries[0], before));
  }
}

/** Whether the first entry of a log cites the log before it exactly. */
function begins_with(entry, before) {
  if (entry.fields === null) return false;
  const cites = (seen) => seen.origin === before.text && seen.size === before.count && same(seen.root, before.root);
  return before.count === 0 || entry.fields.seen.some(cites);
}

/** Step 9. */
async function check_openings(work) {
  const origins = work.sides.map((each) => each.logs[0].text);
  const cards = work.sides.map((each) => each.cards[0].hash);
  const is_this = ({ channel, origins: named, cards: hashes }) =>
    channel === work.listing.channel &&
    named.every((each, i) => each === origins[i]) &&
    hashes.every((each, i) => same(each, cards[i]));
  for (const side of work.sides) {
    const [log] = side.logs;
    let is_open = false;
    for (const entry of log.entries.filter((each) => each.fields?.log === log.text)) {
      const opening = opening_of(await read_act(work, log, entry));
      is_open = opening !== null && is_this(opening) && (await is_by_roots(side.cards[0], entry));
      if (is_open) break;
      await work.breathe();
    }
    need(9, is_open);
  }
}

/** Whether a `files` member has this hash; each is read once. */
async function has_hash(work, hash) {
  if (!work.hashed.has(hash)) {
    const cursor = work.zip.cursor(file_name(hash));
    const whole = new Sha256();
    while (cursor.left > 0) {
      whole.take(await cursor.take(Math.min(cursor.left, CHUNK)));
      await work.breathe();
    }
    work.hashed.set(hash, hex(whole.end()) === hash);
  }
  return work.hashed.get(hash);
}

/** Whether a part that is a `files` member is the one that the entry names, and opens; `take` gets its plaintext. */
export async function file_opens(work, { log, part, part_key, take }) {
  const hash = hex(part.hash);
  const member = work.zip.members.get(file_name(hash));
  if (member === undefined || member.size !== part.size || !(await has_hash(work, hash))) return false;
  const give = async (from, to) => {
    await work.breathe();
    return work.zip.source.read(member.start + from, member.start + to);
  };
  return opens({ part_key, scope: `${log.node}/${log.channel}`, size: member.size, give, take });
}

async function part_holds(work, { log, entry, number }) {
  const record = entry.records[number];
  if (record.tag < 3) return true;
  if (number === 0) await read_act(work, log, entry);
  if (number === 0) return entry.opened;
  if (record.tag === 3) return (await plain_part(work, { log, entry, number })) !== null;
  const part = entry.fields.parts[number - 1];
  const name = `${hex(part.hash)} ${hex(record.part_key)} ${log.node}`;
  if (!work.files.has(name)) {
    work.files.set(name, await file_opens(work, { log, part, part_key: record.part_key, take: () => {} }));
  }
  return work.files.get(name);
}

/** Step 10. */
async function check_content(work) {
  for (const log of work.logs) {
    need(10, log.has_form);
    for (const entry of log.entries) {
      for (const number of entry.records.keys()) need(10, await part_holds(work, { log, entry, number }));
      await work.breathe();
    }
  }
  const named = new Set([...work.files.keys()].map((each) => each.split(" ")[0]));
  need(10, work.listing.files.every((each) => named.has(each.hash)));
}

/** Step 11: the size of each fork, and its two notes as text. */
async function check_forks(work) {
  const forks = [];
  for (const text of work.listing.forks) {
    const log = work.logs.find((each) => each.text === text);
    const notes = [];
    for await (const bytes of notes_of(work.zip.cursor(fork_name(log)))) {
      need(11, bytes !== null && notes.length < 2);
      notes.push(bytes);
    }
    const heads = notes.map(head_of);
    need(11, heads.length === 2 && !heads.includes(null) && heads[0].origin === text && are_fork(...heads));
    const card = await card_of_both(heads, log.side.cards);
    need(11, card !== null);
    forks.push({ origin: text, size: heads[0].size, node: log.node, serial: card.serial, notes: notes.map(text_of) });
  }
  return forks;
}

/** The newest of `cards` with whose keys both heads are valid, or null. */
async function card_of_both(heads, cards) {
  for (const card of cards.toReversed()) {
    const times = [await signed_at(heads[0], card), await signed_at(heads[1], card)];
    if (!times.includes(null)) return card;
  }
  return null;
}

/** Step 12. */
function check_revocations(work, forks) {
  const of_logs = work.logs.map((each) => each.revoked);
  need(12, of_logs.every((each) => each.holds) && !forks.some((fork) => relies_on_revoked(fork, work.logs)));
}

/** The two sides with their cards, logs and each other. Place and base are those of §11.1.2. */
function arranged({ zip, listing, cards, breathe }) {
  const lane = listing.channel.split("/")[2];
  const mark_of = (i) => (lane === "main" ? "AB"[i] : `${"AB"[i]} ${lane}`);
  const sides = listing.nodes.map((node, i) => ({ node, mark: mark_of(i), cards: cards.get(node), logs: [] }));
  sides.forEach((side, i) => Object.assign(side, { other: sides[1 - i] }));
  const logs = listing.logs.map((row) => ({ ...row, side: sides.find((each) => each.node === row.node) }));
  for (const log of logs) {
    log.before = log.side.logs.at(-1) ?? null;
    if (log.before !== null) log.before.is_sealed = true;
    log.is_sealed = false;
    log.side.logs.push(log);
  }
  return { zip, listing, sides, logs, breathe, hashed: new Map(), files: new Map() };
}

/** The base of each log, once the sizes are known to be those of the entries. */
function set_bases(work) {
  for (const log of work.logs) log.base = log.before === null ? 0 : log.before.base + log.before.count;
}

/**
 * Go through the steps.
 *
 * `asked`: `digits`, twelve groups or null; `channel` or null. Returns `{result, step, digits, work, forks}`: `digits`
 * those of the file where step 4 or nothing failed, `work` what was read, for chapter 11.6, only if nothing failed.
 */
export async function verify(source, asked, tell = () => {}) {
  const breathe = breathing();
  try {
    tell(1);
    const read = await read_export(source);
    tell(3);
    const cards = await read_cards(read);
    const work = arranged({ ...read, cards, breathe });
    tell(4);
    await check_digits({ listing: work.listing, sides: work.sides, asked });
    tell(5);
    await read_entries(work);
    set_bases(work);
    for (const [step, check] of [[6, check_heads], [7, check_receipts], [8, check_chain], [9, check_openings]]) {
      tell(step);
      await check(work);
    }
    tell(10);
    await check_content(work);
    tell(11);
    const forks = await check_forks(work);
    tell(12);
    check_revocations(work, forks);
    tell(13);
    work.orphans = await orphans_of(work, part_holds);
    need(13, work.orphans !== null);
    return { result: asked.digits === null ? "open" : "proved", step: null, digits: work.listing.digits, work, forks };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const result = error.step < 3 ? "unreadable" : "refused";
    return { result, step: error.step, digits: error.digits ?? null, work: null, forks: [] };
  }
}

/** Twelve groups from what somebody typed or pasted, white space of no matter (§11.5.1); null if they are not sixty. */
export function typed_digits(text) {
  const bare = text.replace(/\s/g, "");
  return /^[0-9]{60}$/.test(bare) ? bare.match(/.{5}/g) : null;
}

/** A source from bytes in memory. */
export const source_of = (bytes) => ({ size: bytes.length, read: async (from, to) => bytes.slice(from, to) });

/** A source from a file that was chosen or dropped. */
export const source_of_file = (file) => ({
  size: file.size,
  read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
});

