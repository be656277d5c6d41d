"""Recovery written a second time from the text of Spec §4.8 and §5.7, with nothing of the program.

Notes are read line by line, signatures checked by the library alone, trees built by recursion. It reads the
vectors of `recovery.json`; tests/protocol/test_recovery_vectors.py compares.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ANSWERS = {"accept", "held"}
USE = {True: "receipt", False: "write"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one of the five notes says."""

    says: str
    origin: str
    size: int
    root: bytes
    epoch: str


def node(parts: Sequence[bytes]) -> bytes:
    """Return the root of the leaves. §4.1.1."""
    if not parts:
        return hashlib.sha256(b"").digest()
    if len(parts) == 1:
        return parts[0]
    half = 1
    while 2 * half < len(parts):
        half *= 2
    return hashlib.sha256(b"\1" + node(parts[:half]) + node(parts[half:])).digest()


def leaves(entries: Sequence[str]) -> list[bytes]:
    return [hashlib.sha256(b"\0" + bytes.fromhex(each)).digest() for each in entries]


def read(note: str, by: str, cards: dict[str, str], *, is_answer: bool) -> Told | None:
    """Return what a note says that the node `by` signed as a question or an answer; None if it is none."""
    text, _, lines = note.partition("\n\n")
    head = text.split("\n")
    if len(head) != 5 or not re.fullmatch(r"parley-(recover|seal|accept|decline|held)/v1", head[0]):
        return None
    says = head[0].split("-")[1].split("/")[0]
    _, origin, size, root, epoch = head
    about = origin.split("/")[0]
    if (
        (says in ANSWERS) != is_answer
        or (about == by) == is_answer
        or not re.fullmatch(r"[0-9a-f]{8}", epoch)
    ):
        return None
    if not re.fullmatch(r"0|[1-9][0-9]*", size) or (origin.endswith(epoch) and says != "held"):
        return None
    told = Told(says=says, origin=origin, size=int(size), root=base64.b64decode(root), epoch=epoch)
    if not told.size and told.root != node(()):
        return None
    found = re.search(rf"^{USE[is_answer]} ed25519 (\S+)$", cards[by], re.MULTILINE)
    assert found is not None
    name = f"{by}/receipt" if is_answer else origin
    return told if _is_signed(f"{text}\n", lines, name=name, key=base64.b64decode(found[1])) else None


def _is_signed(text: str, lines: str, *, name: str, key: bytes) -> bool:
    known = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    for line in lines.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if (dash, signer, raw[:4]) == ("—", name, known):
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds the first `held` entries of a line with these logs, each (origin, where it begins)."""

    logs: Sequence[tuple[str, int]]
    held: int
    leaves: Sequence[bytes]
    used: Sequence[str]

    def _log(self, origin: str) -> tuple[int, int] | None:
        """Return where a log begins, and where what is held of it ends."""
        for at, (name, begin) in enumerate(self.logs):
            if name == origin:
                end = self.logs[at + 1][1] if at + 1 < len(self.logs) else self.held
                return begin, min(end, self.held)
        return None

    def root(self, origin: str, size: int) -> bytes:
        found = self._log(origin)
        assert found is not None
        return node(self.leaves[found[0] : found[0] + size])

    def says(self, epoch: str) -> Told:
        """Return how far the line is held, in the log in which that ends. §5.7.3."""
        origin, begin = next(
            ((name, begin) for name, begin in reversed(self.logs) if begin < self.held), self.logs[0]
        )
        size = self.held - begin
        return Told(says="held", origin=origin, size=size, root=self.root(origin, size), epoch=epoch)

    def returns(self, asked: Told) -> int | None:
        """Return from where on the line is given back. §5.7.3."""
        found = self._log(asked.origin)
        if found is None:
            return None
        begin, end = found
        is_whole = begin + asked.size <= end
        if is_whole and asked.size and self.root(asked.origin, asked.size) != asked.root:
            start = begin
        else:
            start = begin + asked.size if is_whole else end
        return start if start < self.held else None

    def seals(self, asked: Told) -> bool:
        """Return whether the log may end there, and the other follow it. §5.7.8, §4.8.7."""
        found = self._log(asked.origin)
        following = f"{asked.origin.rsplit('/', 1)[0]}/{asked.epoch}"
        names = [name for name, _ in self.logs]
        if found is None:
            return False
        begin, end = found
        if following in names:
            is_last = names[-1] == following and names.index(following) == names.index(asked.origin) + 1
            return is_last and self.logs[-1][1] == begin + asked.size
        if asked.epoch in {*self.used, *(name[-8:] for name in names)} or self.held > end:
            return False
        is_there = begin + asked.size == self.held
        return begin + asked.size >= self.held and (
            not is_there or not asked.size or self.root(asked.origin, asked.size) == asked.root
        )

    def drops(self, asked: Told) -> list[str]:
        """Return the logs that a `decline` drops. §5.7.14."""
        found = self._log(asked.origin)
        names = [name for name, _ in self.logs]
        if found is None or names[-1] == asked.origin:
            return []
        at = names.index(asked.origin)
        is_meant = names[at + 1][-8:] == asked.epoch and self.logs[at + 1][1] == found[0] + asked.size
        return names[at + 1 :] if is_meant and self.held <= self.logs[at + 1][1] else []
