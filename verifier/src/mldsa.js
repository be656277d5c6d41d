/**
 * ML-DSA-44 (FIPS 204): verifying alone, pure, with an empty context. Spec §2.4.
 *
 * Nothing here is secret, so nothing here needs constant time. Names are those of FIPS 204; `a` to `z` are
 * polynomials of 256 coefficients modulo Q, in Int32Arrays.
 */

import { joined, same } from "./bytes.js";
import { shake128, shake256 } from "./keccak.js";

const Q = 8_380_417;
const D = 13;
const K = 4;
const L = 4;
const TAU = 39;
const GAMMA1 = 2 ** 17;
const GAMMA2 = (Q - 1) / 88;
const BETA = 78;
const OMEGA = 80;
export const PUBLIC_SIZE = 1312;
export const SIGNATURE_SIZE = 2420;

/** a·b modulo Q; the product is below 2^46 and thus exact. */
const times = (a, b) => (a * b) % Q;

function power(base, exponent) {
  let result = 1;
  for (let i = 0; i < exponent; i += 1) result = times(result, base);
  return result;
}

/** ζ to the bit-reversed index (FIPS 204, appendix B). */
const ZETAS = Array.from({ length: 256 }, (_, i) => {
  const reversed = parseInt(i.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
  return power(1753, reversed);
});

/** Algorithm 41. In place. */
function ntt(w) {
  let m = 0;
  for (let length = 128; length >= 1; length >>= 1) {
    for (let start = 0; start < 256; start += 2 * length) {
      m += 1;
      for (let j = start; j < start + length; j += 1) {
        const t = times(ZETAS[m], w[j + length]);
        w[j + length] = (w[j] - t + Q) % Q;
        w[j] = (w[j] + t) % Q;
      }
    }
  }
  return w;
}

/** Algorithm 42. In place. */
function inverse_ntt(w) {
  let m = 256;
  for (let length = 1; length < 256; length <<= 1) {
    for (let start = 0; start < 256; start += 2 * length) {
      m -= 1;
      for (let j = start; j < start + length; j += 1) {
        const t = w[j];
        w[j] = (t + w[j + length]) % Q;
        w[j + length] = times(Q - ZETAS[m], (t - w[j + length] + Q) % Q);
      }
    }
  }
  return w.map((each) => times(each, 8_347_681));
}

/** Read `count` numbers of `bits` bits each, lowest bit first (algorithms 17 to 19). */
function unpacked(bytes, bits, count = 256) {
  const numbers = new Int32Array(count);
  let held = 0;
  let filled = 0;
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    while (filled < bits) {
      held += bytes[at] * 2 ** filled;
      filled += 8;
      at += 1;
    }
    numbers[i] = held % 2 ** bits;
    held = Math.floor(held / 2 ** bits);
    filled -= bits;
  }
  return numbers;
}

/** Algorithm 30, RejNTTPoly. */
function sampled(rho, s, r) {
  const sponge = shake128(joined(rho, Uint8Array.of(s, r)));
  const a = new Int32Array(256);
  let filled = 0;
  while (filled < 256) {
    const [low, middle, high] = sponge.give(3);
    const number = low + 256 * middle + 65_536 * (high & 127);
    if (number < Q) {
      a[filled] = number;
      filled += 1;
    }
  }
  return a;
}

/** Algorithm 29, SampleInBall: coefficients 0, 1 and -1, the last as Q - 1. */
function in_ball(seed) {
  const sponge = shake256(seed);
  const signs = sponge.give(8);
  const c = new Int32Array(256);
  for (let i = 256 - TAU; i < 256; i += 1) {
    let [j] = sponge.give(1);
    while (j > i) [j] = sponge.give(1);
    c[i] = c[j];
    const bit = i + TAU - 256;
    c[j] = (signs[bit >> 3] >> (bit & 7)) & 1 ? Q - 1 : 1;
  }
  return c;
}

/** Algorithm 21, HintBitUnpack: K arrays of 256 bits, or null. */
function hint_of(y) {
  const hint = Array.from({ length: K }, () => new Uint8Array(256));
  let index = 0;
  for (let i = 0; i < K; i += 1) {
    const end = y[OMEGA + i];
    if (end < index || end > OMEGA) return null;
    for (let first = index; index < end; index += 1) {
      if (index > first && y[index - 1] >= y[index]) return null;
      hint[i][y[index]] = 1;
    }
  }
  return y.subarray(index, OMEGA).every((each) => each === 0) ? hint : null;
}

/** Algorithms 36 and 40, Decompose and UseHint. */
function used(hint, r) {
  const m = (Q - 1) / (2 * GAMMA2);
  let r0 = r % (2 * GAMMA2);
  if (r0 > GAMMA2) r0 -= 2 * GAMMA2;
  let r1 = (r - r0) / (2 * GAMMA2);
  if (r - r0 === Q - 1) {
    r1 = 0;
    r0 -= 1;
  }
  if (hint === 0) return r1;
  return r0 > 0 ? (r1 + 1) % m : (r1 + m - 1) % m;
}

/** Pack numbers of 6 bits, lowest bit first (algorithm 28 for these parameters). */
function packed(numbers) {
  const bytes = new Uint8Array((numbers.length * 6) / 8);
  for (let i = 0, at = 0; i < numbers.length; i += 4, at += 3) {
    const four = numbers[i] | (numbers[i + 1] << 6) | (numbers[i + 2] << 12) | (numbers[i + 3] << 18);
    bytes.set([four, four >> 8, four >> 16], at);
  }
  return bytes;
}

/** What follows from a public key alone: computed once for each of the few keys of an export. */
function opened(key) {
  const rho = key.subarray(0, 32);
  const t1 = Array.from({ length: K }, (_, i) => unpacked(key.subarray(32 + 320 * i, 352 + 320 * i), 10));
  return {
    matrix: Array.from({ length: K }, (_r, r) => Array.from({ length: L }, (_s, s) => sampled(rho, s, r))),
    scaled: t1.map((each) => ntt(each.map((number) => times(number, 2 ** D)))),
    hash: shake256(key).give(64),
  };
}

const KEYS = new Map();

function key_of(bytes) {
  const name = bytes.join();
  if (!KEYS.has(name)) KEYS.set(name, opened(bytes));
  return KEYS.get(name);
}

/** w'1 of algorithm 8 for row `i`: UseHint of A·z − c·t1·2^d. */
function row_of({ key, z, c, hint, i }) {
  const sum = new Int32Array(256);
  for (let n = 0; n < 256; n += 1) {
    let total = Q - times(c[n], key.scaled[i][n]);
    for (let j = 0; j < L; j += 1) total += times(key.matrix[i][j][n], z[j][n]);
    sum[n] = total % Q;
  }
  return packed(inverse_ntt(sum).map((each, n) => used(hint[i][n], each)));
}

/** Whether this is a signature of `message` by `public_key` (algorithms 3 and 8). */
export function mldsa_verifies(public_key, message, signature) {
  if (public_key.length !== PUBLIC_SIZE || signature.length !== SIGNATURE_SIZE) return false;
  const seed = signature.subarray(0, 32);
  const hint = hint_of(signature.subarray(32 + 576 * L));
  if (hint === null) return false;
  const z = [];
  for (let i = 0; i < L; i += 1) {
    const signed = unpacked(signature.subarray(32 + 576 * i, 608 + 576 * i), 18).map((each) => GAMMA1 - each);
    if (signed.some((each) => Math.abs(each) >= GAMMA1 - BETA)) return false;
    z.push(ntt(signed.map((each) => (each + Q) % Q)));
  }
  const key = key_of(public_key);
  const mu = shake256(joined(key.hash, Uint8Array.of(0, 0), message)).give(64);
  const c = ntt(in_ball(seed));
  const rows = Array.from({ length: K }, (_, i) => row_of({ key, z, c, hint, i }));
  return same(shake256(joined(mu, ...rows)).give(32), seed);
}
