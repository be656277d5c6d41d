/**
 * Parts: Cobblestone-256 of C2SP chunked-encryption, opening alone. Spec §4.3.
 */

import { joined, same, utf8 } from "./bytes.js";

const CHUNK = 16_384;
const SEALED = CHUNK + 16;
const HEADER = 56;
const LABEL = joined(utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"), Uint8Array.of(0));

export const ACT_LIMIT = 65_536;
export const BODY_LIMIT = 2_099_272;

/** 76 bytes of HKDF-Expand-SHA-512 (RFC 5869 §2.3). */
async function expanded(part_key, info) {
  const key = await crypto.subtle.importKey("raw", part_key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  const first = new Uint8Array(await crypto.subtle.sign("HMAC", key, joined(info, Uint8Array.of(1))));
  const second = await crypto.subtle.sign("HMAC", key, joined(first, info, Uint8Array.of(2)));
  return joined(first, new Uint8Array(second)).subarray(0, 76);
}

/** An AES key and base nonce, or null if the commitment is not the one of this key and scope. */
async function keyed(part_key, scope, header) {
  const context = utf8(`parley/part/v1\n${scope}`);
  // A key of zeros says that it is lost, and opens nothing (§4.3.7).
  if (part_key.every((each) => each === 0)) return null;
  const derived = await expanded(part_key, joined(LABEL, header.subarray(0, 24), context));
  if (!same(derived.subarray(44), header.subarray(24))) return null;
  const key = await crypto.subtle.importKey("raw", derived.subarray(0, 32), "AES-GCM", false, ["decrypt"]);
  return { key, base: derived.subarray(32, 44) };
}

/** The base nonce xor the number of the chunk, as a big-endian number of 12 bytes. */
function nonce_of(base, number) {
  const nonce = Uint8Array.from(base);
  for (let i = 11, rest = number; rest > 0; i -= 1, rest = Math.floor(rest / 256)) nonce[i] ^= rest % 256;
  return nonce;
}

async function decrypted({ key, base }, number, chunk) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce_of(base, number) }, key, chunk));
  } catch {
    return null;
  }
}

/**
 * Whether a ciphertext of `size` bytes opens; each chunk of plaintext goes to `take`.
 *
 * `give(from, to)` returns bytes of the ciphertext: so a file of any size is never in memory as a whole.
 */
export async function opens({ part_key, scope, size, give, take }) {
  const rest = size - HEADER;
  const last = rest < 16 ? 0 : rest % SEALED;
  // The last chunk holds fewer than 16,384 bytes of plaintext, and none only when the others are full (§4.3.2).
  if (last < 16) return false;
  const keys = await keyed(part_key, scope, await give(0, HEADER));
  if (keys === null) return false;
  for (let number = 0, at = HEADER; at < size; number += 1, at += SEALED) {
    const plain = await decrypted(keys, number, await give(at, Math.min(at + SEALED, size)));
    if (plain === null) return false;
    take(plain);
  }
  return true;
}

/** The plaintext of a small part, or null. */
export async function plaintext_of(part_key, scope, ciphertext) {
  const chunks = [];
  const opened = await opens({
    part_key,
    scope,
    size: ciphertext.length,
    give: async (from, to) => ciphertext.subarray(from, to),
    take: (chunk) => chunks.push(chunk),
  });
  return opened ? joined(...chunks) : null;
}
