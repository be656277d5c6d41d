/**
 * Strict Ed25519: verifying alone. Spec §2.3, RFC 8032 §5.1.
 *
 * The equation is the one without cofactor, [S]B = R + [k]A: the one that gives the 43 of §2.3.3. It is computed
 * here in whole numbers, so that no library and no browser has a say in what is valid. Nothing is secret.
 */

import { hex, unhex } from "./bytes.js";
import { sha512 } from "./sha256.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const MASK = 2n ** 255n - 1n;
const LOW_ORDER = new Set();
for (const y of [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]) {
  const negative = unhex(y);
  negative[31] |= 0x80;
  LOW_ORDER.add(y).add(hex(negative));
}

const mod = (number) => {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
};

function power(base, exponent) {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const CURVE = mod(-121665n * power(121666n, P - 2n));
const TWICE = (2n * CURVE) % P;
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

const little_endian = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);

/** Whether 32 bytes are a canonical encoding that is not of low order (§2.3.1, points 2 and 3). */
export function is_strict_point(bytes) {
  return bytes.length === 32 && !LOW_ORDER.has(hex(bytes)) && (little_endian(bytes) & MASK) < P;
}

/** A point (x, y, z, t) in extended coordinates, or null if the bytes are on no point of the curve. */
function point_of(bytes) {
  const number = little_endian(bytes);
  const y = number & MASK;
  const u = mod(y * y - 1n);
  const v = mod(CURVE * y * y + 1n);
  const v3 = (v * v * v) % P;
  let x = (((u * v3) % P) * power((((u * v3) % P) * v3 * v) % P, (P - 5n) / 8n)) % P;
  const check = (v * x * x) % P;
  if (check === mod(-u)) x = (x * ROOT_OF_MINUS_ONE) % P;
  else if (check !== u) return null;
  const sign = number >> 255n;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

/** RFC 8032 §5.1.4. */
function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % P;
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = (((t1 * TWICE) % P) * t2) % P;
  const d = (2n * z1 * z2) % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/** RFC 8032 §5.1.4, doubling. */
function doubled([x, y, z]) {
  const a = (x * x) % P;
  const b = (y * y) % P;
  const h = a + b;
  const e = h - (((x + y) * (x + y)) % P);
  const g = a - b;
  const f = ((2n * z * z) % P) + g;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

const negative = ([x, y, z, t]) => [mod(-x), y, z, mod(-t)];
const NEUTRAL = [0n, 1n, 1n, 0n];
const BASE = point_of(unhex("5866666666666666666666666666666666666666666666666666666666666666"));

/** [s]B + [k]A, both scalars walked through together. */
function combined(s, k, a) {
  const table = [null, BASE, a, added(BASE, a)];
  let sum = NEUTRAL;
  for (let bit = 252n; bit >= 0n; bit -= 1n) {
    sum = doubled(sum);
    const choice = table[Number(((s >> bit) & 1n) | (((k >> bit) & 1n) << 1n))];
    if (choice !== null) sum = added(sum, choice);
  }
  return sum;
}

/** Whether this is a signature of `message` by `public_key`, by the strict rule. */
export async function ed25519_verifies(public_key, message, signature) {
  if (signature.length !== 64 || public_key.length !== 32) return false;
  const encoded = signature.subarray(0, 32);
  const s = little_endian(signature.subarray(32));
  if (!is_strict_point(public_key) || !is_strict_point(encoded) || s >= ORDER) return false;
  const a = point_of(public_key);
  const r = point_of(encoded);
  if (a === null || r === null) return false;
  const k = little_endian(await sha512(encoded, public_key, message)) % ORDER;
  const [x, y, z] = combined(s, k, negative(a));
  return x === (r[0] * z) % P && y === (r[1] * z) % P;
}
