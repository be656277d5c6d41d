/**
 * SHA-256 (FIPS 180-4), at once and piece by piece: WebCrypto can hash only what is wholly in memory.
 */

import { joined } from "./bytes.js";

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) {
  if (PRIMES.every((prime) => n % prime !== 0)) PRIMES.push(n);
}

/** The first 32 bits behind the point of the n-th root of a prime, computed in whole numbers. */
function fraction(prime, nth) {
  const target = BigInt(prime) << BigInt(32 * nth);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(nth) <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn) | 0;
}

const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2));
const ROUND = Int32Array.from(PRIMES, (prime) => fraction(prime, 3));

const turned = (word, by) => (word >>> by) | (word << (32 - by));

/** A hash that grows: `take` bytes as they come, `end` once. */
export class Sha256 {
  #state = START.slice();
  #words = new Int32Array(64);
  #block = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  take(bytes) {
    this.#length += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const step = Math.min(64 - this.#filled, bytes.length - at);
      this.#block.set(bytes.subarray(at, at + step), this.#filled);
      this.#filled += step;
      at += step;
      if (this.#filled === 64) this.#compress();
    }
    return this;
  }

  /** The 32 bytes of the hash. */
  end() {
    const bits = this.#length * 8;
    const zeros = (119 - (this.#length % 64)) % 64;
    const tail = new Uint8Array(1 + zeros + 8);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(1 + zeros, Math.floor(bits / 2 ** 32));
    view.setUint32(5 + zeros, bits % 2 ** 32);
    this.take(tail);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => digest.setInt32(4 * i, word));
    return new Uint8Array(digest.buffer);
  }

  #compress() {
    const words = this.#words;
    const block = this.#block;
    for (let i = 0; i < 16; i += 1) {
      words[i] = (block[4 * i] << 24) | (block[4 * i + 1] << 16) | (block[4 * i + 2] << 8) | block[4 * i + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const near = words[i - 2];
      const far = words[i - 15];
      const s1 = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      const s0 = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      words[i] = (s1 + words[i - 7] + s0 + words[i - 16]) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.#state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      this.#state[i] = (this.#state[i] + word) | 0;
    });
    this.#filled = 0;
  }
}

/** SHA-256 of all the arrays joined. */
export const sha256 = (...arrays) => new Sha256().take(joined(...arrays)).end();

/** SHA-512 of all the arrays joined, by WebCrypto. */
export async function sha512(...arrays) {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", joined(...arrays)));
}
