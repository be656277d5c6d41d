/**
 * Heads, receipts and acceptances. Spec §4.5, §4.6, §11.4.6.
 */

import { hash_of, number_of, positive_of, same, text_of } from "./bytes.js";
import { is_epoch, origin_of } from "./names.js";
import { lines_of, note_of, signers_of } from "./note.js";

/** `{origin, size, root, note}` of a note whose text is that of a head, whoever signed it; or null. */
export function head_of(bytes) {
  const note = note_of(bytes);
  const lines = note && text_of(note.text).split("\n");
  if (!lines || lines.length !== 4) return null;
  const size = positive_of(lines[1]);
  const root = hash_of(lines[2]);
  return origin_of(lines[0]) && size && root ? { origin: lines[0], size, root, note } : null;
}

/** The times of both keys if both signed, else null. A second line of a key refuses the note (§2.5.2). */
async function times_of(note, keys) {
  const signers = await signers_of(note, keys);
  return signers?.length === 2 ? signers.sort((a, b) => a.key.type - b.key.type).map((each) => each.time) : null;
}

/** Signed-at of a head by these write keys, or null if it is not valid (§4.5.2). */
export async function signed_at(head, card) {
  const times = await times_of(head.note, card.write_keys(head.origin));
  return times?.[1] || null;
}

/** Received-at of a receipt by one of these cards of the other node, or null if it is not valid (§4.6.1, §11.4.9). */
export async function received_at(head, cards) {
  const has_line = (card) => card.receipt_keys.some((key) => lines_of(head.note, key).length > 0);
  const card = cards.findLast(has_line);
  const times = card ? await times_of(head.note, card.receipt_keys) : null;
  return times !== null && times[0] === times[1] ? times[0] || null : null;
}

/** `{origin, size, root, epoch, note}` of the text of an acceptance, or null. */
export function acceptance_of(bytes) {
  const note = note_of(bytes);
  const lines = note && text_of(note.text).split("\n");
  if (!lines || lines.length !== 6 || lines[0] !== "parley-accept/v1" || !origin_of(lines[1])) return null;
  const size = number_of(lines[2]);
  const root = hash_of(lines[3]);
  return size !== null && root && is_epoch(lines[4]) ? { origin: lines[1], size, root, epoch: lines[4], note } : null;
}

/** Whether one of these cards of the other node signed the acceptance (§11.4.6, §11.4.9). */
export async function is_accepted(acceptance, cards) {
  const card = cards.findLast((each) => lines_of(acceptance.note, each.accept_key).length > 0);
  const signers = card ? await signers_of(acceptance.note, [card.accept_key]) : null;
  return signers?.length === 1;
}

/** Whether two heads are two histories of one log at one size (§4.7.1). */
export const are_fork = (a, b) => a.origin === b.origin && a.size === b.size && !same(a.root, b.root);
