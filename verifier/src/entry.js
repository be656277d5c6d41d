/**
 * The entry: a few lines of text, signed by persons or not. Spec §4.2.
 */

import { hash_of, positive_of, text_of, time_of } from "./bytes.js";
import { by_bytes, origin_of } from "./names.js";
import { last_blank, note_of } from "./note.js";

const LIMIT = 65_535;
const SEEN = 16;
const PARTS = 256;

/** Takes lines from the front, one word at their beginning at a time. */
class Lines {
  #lines;

  constructor(lines) {
    this.#lines = lines;
  }

  /** The other words of the next line if it begins with `word`, and it is taken; else null. */
  take(word) {
    const words = this.#lines[0]?.split(" ");
    if (words?.[0] !== word) return null;
    this.#lines = this.#lines.slice(1);
    return words.slice(1);
  }

  all(word) {
    const found = [];
    for (let words = this.take(word); words !== null; words = this.take(word)) found.push(words);
    return found;
  }

  get is_empty() {
    return this.#lines.length === 0;
  }
}

function seen_of(words) {
  const origin = words.length === 3 ? origin_of(words[0]) : null;
  const size = origin && positive_of(words[1]);
  const root = size && hash_of(words[2]);
  return root ? { origin: origin.text, size, root } : null;
}

function part_of(words) {
  const hash = words.length === 2 ? hash_of(words[0]) : null;
  const size = hash && positive_of(words[1]);
  return size ? { hash, size } : null;
}

const rises = (seen) => seen.every((each, i) => i === 0 || by_bytes(seen[i - 1].origin, each.origin) < 0);

/** The fields of the text of an entry, or null. */
function fields_of(bytes) {
  if (bytes.some((each) => each > 0x7e || (each < 0x20 && each !== 10))) return null;
  const text = text_of(bytes);
  if (!text.endsWith("\n")) return null;
  const lines = new Lines(text.slice(0, -1).split("\n"));
  if (lines.take("parley/v1")?.length !== 0) return null;
  const time_words = lines.take("time");
  const log_words = lines.take("log");
  const seen = lines.all("seen").map(seen_of);
  const act_words = lines.take("act");
  const parts = lines.all("part").map(part_of);
  if (!lines.is_empty || time_words?.length !== 1 || act_words === null) return null;
  const time = time_of(time_words[0]);
  const act = part_of(act_words);
  const log = log_words?.length === 1 ? origin_of(log_words[0]) : null;
  if (time === null || act === null || (log_words !== null && log === null)) return null;
  if (seen.length > SEEN || parts.length > PARTS || [...seen, ...parts].includes(null) || !rises(seen)) return null;
  return { time, log: log?.text ?? null, seen, act, parts };
}

/** `{time, log, seen, act, parts, note}` of an entry, `note` null if it is unsigned; or null (§4.2.7, §4.2.9). */
export function entry_of(bytes) {
  if (bytes.length > LIMIT) return null;
  if (last_blank(bytes) === -1) {
    const fields = fields_of(bytes);
    return fields && { ...fields, note: null };
  }
  const note = note_of(bytes);
  const fields = note && fields_of(note.text);
  return fields && fields.log !== null ? { ...fields, note } : null;
}
