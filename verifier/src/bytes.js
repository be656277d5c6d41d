/**
 * Bytes and their spellings: hex, base64, numbers, texts. Spec §1.3 to §1.5.
 *
 * A reader here returns `null` for what the grammar does not allow; it never throws and never guesses.
 */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
const NUMBER = /^(0|[1-9][0-9]{0,15})$/;
const TIME = /^[1-9][0-9]{0,10}$/;

export const LAST_TIME = 99_999_999_999;

/** The UTF-8 bytes of a text. */
export const utf8 = (text) => ENCODER.encode(text);

/** The text of UTF-8 bytes, or null if they are none. */
export function text_of(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

/** One array of all the arrays, in their order. */
export function joined(...arrays) {
  const whole = new Uint8Array(arrays.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of arrays) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

/** -1, 0 or 1: the order of two byte strings. */
export function compared(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

export const same = (a, b) => a.length === b.length && compared(a, b) === 0;

export const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");

/** The bytes of lower-case hex of even length; for constants and tests, so it checks nothing. */
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Base64 with padding (§1.5.1). */
export function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => ALPHABET[(three >> shift) & 63]).join("");
    text += four.slice(0, Math.min(bytes.length - i, 3) + 1).padEnd(4, "=");
  }
  return text;
}

/** Base64url without padding: ids in acts (§1.5.3). */
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** The bytes of base64 in its one form, or null. */
export function unbase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bare = text.replace(/=+$/, "");
  const bytes = new Uint8Array((bare.length * 6) >> 3);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of bare) {
    held = ((held << 6) | VALUES.get(character)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  // Unused bits are zero: what was read can be written again to the same characters.
  return base64(bytes) === text ? bytes : null;
}

/** The 32 bytes of a hash in base64 (§1.5.2), or null. */
export function hash_of(text) {
  const bytes = text.length === 44 ? unbase64(text) : null;
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

/** The 32 bytes of an id in an act (§6.3.1), or null. */
export function id_of(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(text)) return null;
  return hash_of(`${text.replaceAll("-", "+").replaceAll("_", "/")}=`);
}

/** A number of §1.4.1, or null. */
export function number_of(text) {
  const number = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A positive number of §1.4.2, or null. */
export const positive_of = (text) => number_of(text) || null;

/** A time of §1.4.3, or null. */
export const time_of = (text) => (TIME.test(text) ? Number(text) : null);

/** `count` bytes, big-endian, of a number below 2^53. */
export function big_endian(number, count) {
  const bytes = new Uint8Array(count);
  let rest = number;
  for (let i = count - 1; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** The big-endian number in these bytes; not exact, but surely above 2^53, if it is above that. */
export const from_big_endian = (bytes) => bytes.reduce((sum, each) => sum * 256 + each, 0);
