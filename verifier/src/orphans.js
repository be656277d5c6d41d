/**
 * Entries that were signed beside the lines: after a log had ended, or in a log that is none of those here. Spec §11.4.11.
 */

import { same } from "./bytes.js";
import { head_of, signed_at } from "./head.js";
import { log_name } from "./listing.js";
import { content_read, entries_of } from "./members.js";
import { roots_at } from "./tree.js";

const LIMIT = 65_536;

/** The head over a log as it is here and what follows it, or null. */
async function head_over(work, log, before) {
  const name = log_name(log, "head");
  const head = work.zip.members.get(name).size <= LIMIT ? head_of(await work.zip.bytes(name)) : null;
  const leaves = [...(before?.entries ?? []), ...log.entries].map((each) => each.leaf);
  if (head === null || head.origin !== log.text || head.size !== leaves.length) return null;
  return same(head.root, roots_at(leaves, [leaves.length]).get(leaves.length)) ? head : null;
}

/** When a head was signed, by the newest card of the side that no revocation in the file revokes; or null. */
async function time_of(head, side) {
  const revoked = new Set(side.logs.flatMap((each) => [...each.revoked.sizes.keys()]));
  for (const card of side.cards.filter((each) => !revoked.has(each.serial)).toReversed()) {
    const time = await signed_at(head, card);
    if (time !== null) return time;
  }
  return null;
}

/** Whether what is disclosed of a log is what was entered, and no file. */
async function is_told(work, log, holds) {
  if (!(await content_read(work.zip.cursor(log_name(log, "content")), log.entries, work.breathe))) return false;
  for (const entry of log.entries) {
    for (const [number, { tag }] of entry.records.entries()) {
      if (tag === 4 || !(await holds(work, { log, entry, number }))) return false;
    }
    await work.breathe();
  }
  return true;
}

/** Each log of orphans with its entries and its head as the only one in `heads`; null if one does not hold. */
export async function orphans_of(work, holds) {
  const found = [];
  for (const row of work.listing.orphans) {
    const before = work.logs.find((each) => each.text === row.text);
    const side = work.sides.find((each) => each.node === row.node);
    const log = { ...row, side, base: before?.count ?? 0, is_listed: before !== undefined, receipts: [] };
    log.entries = await entries_of(work.zip.cursor(log_name(log, "entries")), log.count, work.breathe);
    const head = log.entries && (await head_over(work, log, before));
    const time = head && (await time_of(head, side));
    if (time === null || !(await is_told(work, log, holds))) return null;
    log.heads = [{ size: log.count, root: head.root, time }];
    found.push(log);
  }
  return found;
}
