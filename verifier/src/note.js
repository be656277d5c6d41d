/**
 * Signed notes, and the lines of known keys in them. Spec §2.2, §2.5.
 */

import { LAST_TIME, big_endian, from_big_endian, joined, same, text_of, unbase64, utf8 } from "./bytes.js";
import { ed25519_verifies } from "./ed25519.js";
import { mldsa_verifies } from "./mldsa.js";
import { sha256 } from "./sha256.js";

const LIMIT = 65_536;
const LINES = 16;
const DASH = "\u2014 ";
/** White space is listed, so that no table of a Unicode version decides (§2.2.4). */
const NO_NAME = /[+\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const LF = 10;

/** Where the last LF LF of these bytes begins, or -1. */
export function last_blank(bytes) {
  for (let at = bytes.length - 2; at >= 0; at -= 1) {
    if (bytes[at] === LF && bytes[at + 1] === LF) return at;
  }
  return -1;
}

/** `{name, id, payload}` of a signature line without its LF, or null. */
function line_of(text) {
  if (!text.startsWith(DASH)) return null;
  const words = text.slice(DASH.length).split(" ");
  if (words.length !== 2 || words[0] === "" || NO_NAME.test(words[0])) return null;
  const bytes = unbase64(words[1]);
  if (bytes === null || bytes.length < 5) return null;
  return { name: words[0], id: bytes.subarray(0, 4), payload: bytes.subarray(4) };
}

/** `{text, lines}` of a note, the text as bytes, or null. Nothing is proved by that (§2.2.9). */
export function note_of(bytes) {
  if (bytes.length > LIMIT || bytes.some((each) => each < 0x20 && each !== LF)) return null;
  const blank = last_blank(bytes);
  if (blank < 1 || bytes.at(-1) !== LF) return null;
  const text = bytes.subarray(0, blank + 1);
  const signed = text_of(bytes.subarray(blank + 2));
  if (text_of(text) === null || !signed) return null;
  const lines = signed.slice(0, -1).split("\n").map(line_of);
  return lines.length <= LINES && lines.every((each) => each !== null) ? { text, lines } : null;
}

export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
export const MLDSA = 0x06;

/** What a line of type 0x06 signs (§2.4.2), or null where the text is no checkpoint. */
export function cosigned(name, text, time) {
  const [origin, size, root] = (text_of(text) ?? "").split("\n");
  const hash = root === undefined ? null : unbase64(root);
  const names = [utf8(name), utf8(origin)];
  if (hash === null || hash.length !== 32 || !/^(0|[1-9][0-9]{0,15})$/.test(size)) return null;
  if (names.some((each) => each.length < 1 || each.length > 255)) return null;
  const [key_name, log] = names.map((each) => joined(Uint8Array.of(each.length), each));
  const zero = big_endian(0, 8);
  return joined(utf8("subtree/v1\n\0"), key_name, big_endian(time, 8), log, zero, big_endian(Number(size), 8), hash);
}

/** The bytes that a line of this key signs over `text`, `time` being null for 0x01 (§2.2.6). */
export function message_of(key, text, time) {
  if (key.type === ED25519) return text;
  if (key.type === COSIGNATURE) return joined(utf8(`cosignature/v1\ntime ${time}\n`), text);
  return cosigned(key.name, text, time);
}

/** A key that is looked for: `{name, type, public_key, id}` (§2.2.5). */
export function known(name, type, public_key) {
  const id = sha256(utf8(name), Uint8Array.of(LF, type), public_key).subarray(0, 4);
  return { name, type, public_key, id };
}

export const lines_of = (note, key) => note.lines.filter((line) => line.name === key.name && same(line.id, key.id));

/** The time that one line of a known key states, null for 0x01; or false if the line does not hold. */
async function verified(note, key, payload) {
  if (key.type === ED25519) return (await ed25519_verifies(key.public_key, note.text, payload)) ? null : false;
  if (payload.length < 9) return false;
  const time = from_big_endian(payload.subarray(0, 8));
  if (time > LAST_TIME) return false;
  const message = message_of(key, note.text, time);
  if (message === null) return false;
  const verifies = key.type === MLDSA ? mldsa_verifies : ed25519_verifies;
  return (await verifies(key.public_key, message, payload.subarray(8))) ? time : false;
}

/**
 * The lines of `keys` that are in the note: `[{key, time}]` in the order of the lines; or null if the note is to be
 * refused, since a known key has two lines or one that does not verify (§2.5.2).
 */
export async function signers_of(note, keys) {
  const signers = [];
  for (const line of note.lines) {
    for (const key of keys.filter((each) => each.name === line.name && same(each.id, line.id))) {
      if (signers.some((each) => each.key === key)) return null;
      const time = await verified(note, key, line.payload);
      if (time === false) return null;
      signers.push({ key, time });
    }
  }
  return signers;
}
