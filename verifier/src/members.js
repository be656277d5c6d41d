/**
 * Entries, notes and content of a log, read from the front as they come. Spec §11.4.
 */

import { from_big_endian } from "./bytes.js";
import { entry_of } from "./entry.js";
import { ACT_LIMIT, BODY_LIMIT } from "./part.js";
import { leaf_hash } from "./tree.js";

const NOTES = 65_536;
const NOTE_LIMIT = 65_536;

export const STATES = new Map([[0, "withheld"], [1, "erased"], [2, "unopenable"], [3, "disclosed"], [4, "disclosed"]]);

/** One entry: whole with its fields (null where it breaks the grammar), or a stub. */
async function entry_taken(cursor, index) {
  const length = await cursor.take(2);
  if (length === null) return null;
  const size = from_big_endian(length);
  const at = cursor.at;
  const bytes = await cursor.take(size === 0 ? 32 : size);
  if (bytes === null) return null;
  if (size === 0) return { index, is_whole: false, leaf: bytes, fields: null, records: [] };
  return { index, is_whole: true, at, size, leaf: leaf_hash(bytes), fields: entry_of(bytes), records: [] };
}

/** The entries of a member, exactly `count`, or null (§11.4.2). */
export async function entries_of(cursor, count, breathe) {
  const entries = [];
  // No entry takes fewer than three bytes: a count that the member cannot hold is refused before anything is read.
  if (count > cursor.left / 3) return null;
  for (let index = 0; index < count; index += 1) {
    const entry = await entry_taken(cursor, index);
    if (entry === null) return null;
    entries.push(entry);
    await breathe();
  }
  return cursor.left === 0 ? entries : null;
}

/** Each note of `heads`, `receipts` or a fork; null as the last if the form is broken (§11.4.3). */
export async function* notes_of(cursor) {
  for (let count = 0; cursor.left > 0; count += 1) {
    const length = count < NOTES ? await cursor.take(4) : null;
    const size = length === null ? Infinity : from_big_endian(length);
    const bytes = size <= NOTE_LIMIT ? await cursor.take(size) : null;
    yield bytes;
    if (bytes === null) return;
  }
}

/** How large the ciphertext of part `number` may be, 0 being the act, if it stands in `content` itself. */
const limit_of = (number) => [ACT_LIMIT, BODY_LIMIT][number] ?? -1;

/** `{tag, part_key, size, at}` of the next record, or null if the form is broken (§11.4.5). */
async function record_taken(cursor, number) {
  const tag = (await cursor.take(1))?.[0];
  if (!STATES.has(tag) || (tag === 4 && number < 2)) return null;
  if (tag < 3) return { tag };
  const part_key = await cursor.take(32);
  if (tag === 4 || part_key === null) return part_key && { tag, part_key };
  const length = await cursor.take(4);
  const size = length === null ? Infinity : from_big_endian(length);
  const at = cursor.at;
  return size <= limit_of(number) && cursor.skip(size) ? { tag, part_key, size, at } : null;
}

/**
 * Give each whole entry that keeps the grammar its `records`, up to the first that breaks the form.
 *
 * Returns whether none did, and nothing follows.
 */
export async function content_read(cursor, entries, breathe) {
  for (const entry of entries.filter((each) => each.fields !== null)) {
    for (let number = 0; number <= entry.fields.parts.length; number += 1) {
      const record = await record_taken(cursor, number);
      if (record === null) return false;
      entry.records.push(record);
    }
    await breathe();
  }
  return cursor.left === 0;
}
