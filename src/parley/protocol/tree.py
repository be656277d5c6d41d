"""The Merkle tree of a log: leaf, node, root, frontier and the two proofs.

    size 7 = 4 + 2 + 1                    root
                                         .    .
    peaks of the frontier:        [0123]        .
    the largest first, one       .     .      [45] . [6]
    for each one-bit of       [01]    [23]    .  .    .
    the size                  .  .    .  .    .  .    .
    leaves                    0  1    2  3    4  5    6

A *leaf* in all functions but `leaf_hash` is the 32-byte leaf hash, never the bytes of the
entry. What a root means, and who signed it, is left to `head.py`. Spec §4.1, RFC 6962 §2.1.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Final, Self

from msgspec import Struct

from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_NUMBER

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
HASH_SIZE: Final = 32

_sha256 = hashlib.sha256


def leaf_hash(raw: bytes) -> bytes:
    """Return the leaf of the entry bytes `raw`: SHA-256(0x00 ‖ raw)."""
    return _sha256(b"\x00" + raw).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the node over two hashes: SHA-256(0x01 ‖ left ‖ right)."""
    return _sha256(b"\x01" + left + right).digest()


class Frontier(Struct, frozen=True, kw_only=True, gc=False):
    """The least that is kept of a tree of `size` leaves to go on and to know its root."""

    size: int
    peaks: tuple[bytes, ...]

    def push(self, leaf: bytes) -> "Frontier":
        """Return the frontier with one more leaf hash: `extend` for one, which copies no list."""
        node, kept, carry = leaf, len(self.peaks), self.size
        while carry & 1:
            kept -= 1
            node = _sha256(b"\x01" + self.peaks[kept] + node).digest()
            carry >>= 1
        return Frontier(size=self.size + 1, peaks=(*self.peaks[:kept], node))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier with more leaf hashes, in their order."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            # As in binary addition: every trailing one-bit of the size is a full
            # subtree that the new leaf completes.
            node, carry = leaf, size
            while carry & 1:
                node = _sha256(b"\x01" + peaks.pop() + node).digest()
                carry >>= 1
            peaks.append(node)
            size += 1
        return Frontier(size=size, peaks=tuple(peaks))

    def root(self) -> bytes:
        """Return the RFC 6962 root, `EMPTY_ROOT` for size 0."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            node = node_hash(peak, node)
        return node

    def encode(self) -> bytes:
        """Return uint64 size ‖ the peaks, largest first."""
        return struct.pack(">Q", self.size) + b"".join(self.peaks)

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Return the frontier that `encode` wrote.

        Raises:
            BreachError: the number of peaks is not the number of one-bits of the size.

        """
        if len(raw) < 8:
            raise BreachError("4.1", "a frontier has at least eight bytes")
        (size,) = struct.unpack_from(">Q", raw)
        if size > MAX_NUMBER or len(raw) != 8 + HASH_SIZE * size.bit_count():
            raise BreachError("4.1", "the peaks of the frontier do not fit its size")
        peaks = range(8, len(raw), HASH_SIZE)
        return cls(size=size, peaks=tuple(raw[at : at + HASH_SIZE] for at in peaks))


EMPTY: Final = Frontier(size=0, peaks=())


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    return EMPTY.extend(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf `index` in the tree of all `leaves`, from the leaf up.

    RFC 6962 §2.1.1.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root_of(leaves[middle:high]))
            high = middle
        else:
            path.append(root_of(leaves[low:middle]))
            low = middle
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether `proof` shows `leaf` at `index` in the tree (`size`, `root`).

    RFC 9162 §2.1.3.2, which reads the same proofs as RFC 6962.
    """
    if not 0 <= index < size:
        return False
    node, first, last = leaf, index, size - 1
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(step, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, step)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of the first `old_size` leaves is a prefix.

    Empty for `old_size` 0 and for the whole tree. RFC 6962 §2.1.2.
    """
    if not 0 <= old_size <= len(leaves):
        raise IndexError(old_size)
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while old_size not in (0, high):
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(root_of(leaves[middle:high]))
            high = middle
        else:
            path.append(root_of(leaves[low:middle]))
            low = middle
    # The verifier knows the old root itself, so it is sent only where it is a part.
    if low:
        path.append(root_of(leaves[low:high]))
    return tuple(reversed(path))


def verify_consistency(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the tree `new` (size, root) extends `old`.

    RFC 9162 §2.1.4.2.
    """
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return new_size > 0 and not proof and old_root == EMPTY_ROOT
    if not 0 < old_size < new_size or not proof:
        return False
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        # A full tree is itself the first node of the path.
        steps.insert(0, old_root)
    return _climb(steps, first=old_size - 1, last=new_size - 1) == (old_root, new_root)


def _climb(steps: Sequence[bytes], *, first: int, last: int) -> tuple[bytes, bytes] | None:
    while first & 1:
        first, last = first >> 1, last >> 1
    old_node = new_node = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if first & 1 or first == last:
            old_node, new_node = node_hash(step, old_node), node_hash(step, new_node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new_node = node_hash(new_node, step)
        first, last = first >> 1, last >> 1
    return (old_node, new_node) if last == 0 else None


def _split(size: int) -> int:
    # The largest power of two smaller than `size`.
    return 1 << ((size - 1).bit_length() - 1)
