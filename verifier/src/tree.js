/**
 * The Merkle tree of RFC 6962 §2.1, as a frontier that only grows. Spec §4.1.
 */

import { sha256 } from "./sha256.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leaf_hash = (entry) => sha256(LEAF, entry);
export const node_hash = (left, right) => sha256(NODE, left, right);

/** The size, and the root of each full subtree from the largest to the smallest (§4.1.3). */
export class Frontier {
  size = 0;
  peaks = [];

  add(leaf) {
    let peak = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = Math.floor(rest / 2)) peak = node_hash(this.peaks.pop(), peak);
    this.peaks.push(peak);
    this.size += 1;
  }

  root() {
    if (this.size === 0) return sha256();
    return this.peaks.slice(0, -1).reduceRight((so_far, peak) => node_hash(peak, so_far), this.peaks.at(-1));
  }
}

/** A map from each size in `sizes` to the root of the first so many leaves; sizes above the log are left out. */
export function roots_at(leaves, sizes) {
  const wanted = new Set(sizes);
  const roots = new Map();
  const frontier = new Frontier();
  if (wanted.has(0)) roots.set(0, frontier.root());
  for (const leaf of leaves) {
    frontier.add(leaf);
    if (wanted.has(frontier.size)) roots.set(frontier.size, frontier.root());
  }
  return roots;
}
