/**
 * Lines of persons: from a file, or from an authenticator. Spec §2.6.
 */

import { base64url, from_big_endian, hex, joined, same, text_of, utf8 } from "./bytes.js";
import { ed25519_verifies, is_strict_point } from "./ed25519.js";
import { ED25519, known } from "./note.js";
import { sha256 } from "./sha256.js";

const TYPE = joined(Uint8Array.of(0xff), utf8("parley/webauthn/1\n"));
const ALGORITHMS = new Map([["webauthn-es256", 1], ["webauthn-ed25519", 2]]);
const RP = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const PAGE = /^https?:\/\/[a-z0-9.:[\]-]+$/;
const PRESENT_AND_VERIFIED = 0b101;

/** The byte strings of `bytes`, each with a uint16 length before it, nothing after; or null. */
function strings_of(bytes, count) {
  const found = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const end = at + 2 + from_big_endian(bytes.subarray(at, at + 2));
    if (at + 2 > bytes.length || end > bytes.length) return null;
    found.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return at === bytes.length ? found : null;
}

/** What an authenticator's public key says: `{alg, key, rp, page}`, or null (§2.6.2, §2.6.4). */
function authenticator_of(bytes, alg) {
  const size = alg === 1 ? 65 : 32;
  const strings = bytes[0] === alg ? strings_of(bytes.subarray(1 + size), 2) : null;
  const [rp, page] = (strings ?? []).map(text_of);
  if (!rp || !page || !RP.test(rp) || page.length > 255 || !PAGE.test(page)) return null;
  const key = bytes.subarray(1, 1 + size);
  if (alg === 1 ? key[0] !== 4 : !is_strict_point(key)) return null;
  return { alg, key, rp, page };
}

/** `{name, id, n, …}` of an officer's key by which lines are looked for, or null. */
export function officer_key({ node, n, alg, key }) {
  const name = `${node}/officer/${n}`;
  if (alg === "ed25519") return is_strict_point(key) ? { ...known(name, ED25519, key), n } : null;
  const device = ALGORITHMS.has(alg) ? authenticator_of(key, ALGORITHMS.get(alg)) : null;
  const id = sha256(utf8(`${name}\n`), TYPE, key).subarray(0, 4);
  return device && { name, id, n, device };
}

/** An INTEGER of DER from the front of `bytes`: `[32 bytes, rest]`, or null unless in its one form. */
function integer_of(bytes) {
  const size = bytes[1];
  if (bytes[0] !== 2 || !(size >= 1 && size <= 33) || bytes.length < 2 + size) return null;
  const digits = bytes.subarray(2, 2 + size);
  if (digits[0] & 0x80 || (size > 1 && digits[0] === 0 && !(digits[1] & 0x80))) return null;
  const bare = digits[0] === 0 ? digits.subarray(1) : digits;
  return bare.length <= 32 ? [joined(new Uint8Array(32 - bare.length), bare), bytes.subarray(2 + size)] : null;
}

/** The 64 bytes r ‖ s of a DER signature, or null. */
function raw_signature(bytes) {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || bytes[1] > 127) return null;
  const first = integer_of(bytes.subarray(2));
  const second = first && integer_of(first[1]);
  return second && second[1].length === 0 ? joined(first[0], second[0]) : null;
}

async function es256_verifies(key, message, signature) {
  const raw = raw_signature(signature);
  if (raw === null) return false;
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  try {
    const point = await crypto.subtle.importKey("raw", key, curve, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, point, raw, message);
  } catch {
    return false; // The point is not on the curve.
  }
}

/** Whether clientDataJSON begins as it must for this text (§2.6.3). */
function is_asked(asked, text, page) {
  const challenge = base64url(sha256(text));
  const begins = utf8(`{"type":"webauthn.get","challenge":"${challenge}","origin":"${page}","crossOrigin":false`);
  const next = asked[begins.length];
  return same(asked.subarray(0, begins.length), begins) && (next === 0x7d || next === 0x2c);
}

async function device_verifies({ alg, key, rp, page }, text, payload) {
  const strings = strings_of(payload, 3);
  if (strings === null) return false;
  const [state, asked, signature] = strings;
  if (state.length < 37 || !same(state.subarray(0, 32), sha256(utf8(rp))) || !is_asked(asked, text, page)) return false;
  if ((state[32] & PRESENT_AND_VERIFIED) !== PRESENT_AND_VERIFIED) return false;
  const verifies = alg === 1 ? es256_verifies : ed25519_verifies;
  return verifies(key, joined(state, sha256(asked)), signature);
}

/**
 * Who signed an entry: `{persons, unknown}`, the names of keys that verified and how many lines are of no known key.
 * `persons` is empty if a known key has two lines or one that does not verify (§2.5.2, §11.6.3).
 */
export async function persons_in(note, keys) {
  const known_keys = new Map(keys.map((each) => [key_name(each), each]));
  return persons_among(note, known_keys);
}

/** What a line and a key are compared by. */
export const key_name = ({ name, id }) => `${name} ${hex(id)}`;

/** The same, for keys by `key_name`: there may be many of them, and each entry looks for a few. */
export async function persons_among(note, known_keys) {
  const found = new Map();
  let unknown = 0;
  let broken = false;
  for (const line of note.lines) {
    const key = known_keys.get(key_name(line));
    if (key === undefined) unknown += 1;
    else {
      const verifies = key.device
        ? await device_verifies(key.device, note.text, line.payload)
        : await ed25519_verifies(key.public_key, note.text, line.payload);
      if (!verifies || found.has(key)) broken = true;
      found.set(key, key.name);
    }
  }
  return { persons: broken ? [] : [...new Set(found.values())], unknown };
}
