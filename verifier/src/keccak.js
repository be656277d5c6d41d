/**
 * SHAKE128 and SHAKE256 (FIPS 202), for ML-DSA alone. A lane of 64 bits is two words of 32, low and high.
 */

/** The round constants, by the linear feedback shift register of FIPS 202 §3.2.5. */
function constants() {
  const found = [];
  let register = 1;
  for (let round = 0; round < 24; round += 1) {
    const lane = [0, 0];
    for (let j = 0; j <= 6; j += 1) {
      const bit = 2 ** j - 1;
      if (register & 1) lane[bit >> 5] |= 1 << (bit & 31);
      register <<= 1;
      if (register & 0x100) register ^= 0x171;
    }
    found.push(lane);
  }
  return found;
}

const ROUNDS = constants();
/** For each step of rho and pi: the lane that is written, and by how many bits it is turned. */
const STEPS = [];
for (let t = 0, x = 1, y = 0; t < 24; t += 1) {
  const next = [y, (2 * x + 3 * y) % 5];
  STEPS.push([next[0] + 5 * next[1], (((t + 1) * (t + 2)) / 2) % 64]);
  [x, y] = next;
}

/** Turn a lane left by `by`: the new low and high word. */
function turned(low, high, by) {
  const [a, b] = by < 32 ? [low, high] : [high, low];
  const rest = by & 31;
  if (rest === 0) return [a, b];
  return [(a << rest) | (b >>> (32 - rest)), (b << rest) | (a >>> (32 - rest))];
}

function theta(s) {
  const column = new Int32Array(10);
  for (let i = 0; i < 50; i += 1) column[i % 10] ^= s[i];
  for (let x = 0; x < 5; x += 1) {
    const left = 2 * ((x + 4) % 5);
    const right = 2 * ((x + 1) % 5);
    const [low, high] = turned(column[right], column[right + 1], 1);
    for (let y = 0; y < 50; y += 10) {
      s[y + 2 * x] ^= column[left] ^ low;
      s[y + 2 * x + 1] ^= column[left + 1] ^ high;
    }
  }
}

function rho_and_pi(s) {
  let low = s[2];
  let high = s[3];
  for (const [lane, by] of STEPS) {
    const kept = [s[2 * lane], s[2 * lane + 1]];
    [s[2 * lane], s[2 * lane + 1]] = turned(low, high, by);
    [low, high] = kept;
  }
}

function chi(s) {
  for (let y = 0; y < 50; y += 10) {
    const row = s.slice(y, y + 10);
    for (let i = 0; i < 10; i += 1) s[y + i] ^= ~row[(i + 2) % 10] & row[(i + 4) % 10];
  }
}

function permute(s) {
  for (const [low, high] of ROUNDS) {
    theta(s);
    rho_and_pi(s);
    chi(s);
    s[0] ^= low;
    s[1] ^= high;
  }
}

/** A sponge that took `bytes` and gives as many as are asked for. `rate`: 168 is SHAKE128, 136 SHAKE256. */
class Sponge {
  #state = new Int32Array(50);
  #rate;
  #at = 0;

  constructor(rate, bytes) {
    this.#rate = rate;
    let filled = 0;
    for (const byte of bytes) {
      this.#mix(filled, byte);
      filled += 1;
      if (filled === rate) {
        permute(this.#state);
        filled = 0;
      }
    }
    this.#mix(filled, 0x1f);
    this.#mix(rate - 1, 0x80);
    permute(this.#state);
  }

  #mix(at, byte) {
    this.#state[at >> 2] ^= byte << (8 * (at & 3));
  }

  give(count) {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i += 1) {
      if (this.#at === this.#rate) {
        permute(this.#state);
        this.#at = 0;
      }
      bytes[i] = this.#state[this.#at >> 2] >>> (8 * (this.#at & 3));
      this.#at += 1;
    }
    return bytes;
  }
}

export const shake128 = (bytes) => new Sponge(168, bytes);
export const shake256 = (bytes) => new Sponge(136, bytes);
