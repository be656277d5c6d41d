/**
 * Keys that the roots of a side revoked, from a size of one of its logs on. Spec §7.2.8, §11.4.10.
 */

import { hash_of, number_of, same, text_of } from "./bytes.js";
import { is_signed_by } from "./card.js";
import { revocation_name } from "./listing.js";
import { notes_of } from "./members.js";
import { origin_of } from "./names.js";
import { note_of } from "./note.js";

/** `{origin, size, card, note}` of the text of a revocation, or null. */
function revocation_of(bytes) {
  const note = bytes && note_of(bytes);
  const lines = note && text_of(note.text).split("\n");
  if (!lines || lines.length !== 5 || lines[0] !== "parley-revoke/v1" || !origin_of(lines[1])) return null;
  const size = number_of(lines[2]);
  const card = hash_of(lines[3]);
  return size !== null && card ? { origin: lines[1], size, card, note } : null;
}

async function is_by_roots_from(cards, first, note) {
  for (const card of cards.slice(first)) {
    if (await is_signed_by(card, note)) return true;
  }
  return false;
}

/** `{sizes, holds}`: from which size on the keys of each card, by serial, count no more; and whether all is in order. */
export async function revocations_of(work, log) {
  const sizes = new Map();
  if (!work.listing.revocations.includes(log.text)) return { sizes, holds: true };
  const { cards } = log.side;
  let last = -1;
  for await (const bytes of notes_of(work.zip.cursor(revocation_name(log)))) {
    const said = revocation_of(bytes);
    const at = said === null ? -1 : cards.findIndex((card) => same(card.hash, said.card));
    if (at <= last || said.origin !== log.text) return { sizes, holds: false };
    if (!(await is_by_roots_from(cards, at, said.note))) return { sizes, holds: false };
    sizes.set(cards[at].serial, said.size);
    last = at;
  }
  return { sizes, holds: sizes.size > 0 };
}

/** Whether a fork is shown by keys that count no more for heads of that size. */
export function relies_on_revoked({ origin, size, serial }, logs) {
  const { sizes } = logs.find((each) => each.text === origin).revoked;
  return size > (sizes.get(serial) ?? Infinity);
}
