"""What an officer wants said, on its way to the record, and what came of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from parley.protocol.act import compose_act
from parley.protocol.breach import BreachError
from parley.protocol.entry import PartRef
from parley.protocol.names import MAIN
from parley.protocol.note import Line
from parley.protocol.places import Place
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonValue, write

MAX_DRAFT_ID: Final = 64


class Enclosed(Struct, frozen=True, kw_only=True):
    """A file that goes with a statement: it lies sealed in the vault, its key wrapped as keys are kept.

    `size` is that of the ciphertext, in bytes; what the file is stands in the body (Spec §5.8).
    """

    hash: bytes
    size: int
    wrapped: bytes


class Resting(Struct, frozen=True, kw_only=True):
    """A sealed part before its entry is written; its key is wrapped as keys are kept."""

    ciphertext: bytes
    wrapped: bytes

    @property
    def hash(self) -> bytes:
        """Return the hash by which the entry names it."""
        return hashlib.sha256(self.ciphertext).digest()


class Prepared(Struct, frozen=True, kw_only=True):
    """An entry made before it is written, and the lines of the persons who signed its text so far.

    `parts` are the act and then the body, if there is one. `others` is the same made for other lanes of
    the link, by lane, where it is said in each. See `cosigning.py`.
    """

    text: bytes
    parts: tuple[Resting, ...]
    lines: tuple[Line, ...] = ()
    others: "tuple[tuple[str, Prepared], ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One statement to be. `id` is the sender's own: the same draft twice becomes one entry.

    With `prepared`, that entry is written as it is, and what else the draft says is not looked at.
    What answers a statement goes in the lane of that statement, whatever `lane` says.
    """

    id: str
    link: str
    kind: str
    d: Mapping[str, JsonValue]
    re: bytes | None = None
    role: str = "node"
    officer: int = 0
    ref: str | None = None
    body: Mapping[str, JsonValue] | None = None
    version: int = 1
    files: tuple[Enclosed, ...] = ()
    prepared: Prepared | None = None
    lane: str = MAIN

    def act(self) -> bytes:
        """Return the bytes of the act."""
        return self.compose()[0]

    def compose(self) -> tuple[bytes, Mapping[str, JsonValue]]:
        """Return the bytes of the act, and the object that they hold."""
        return compose_act(
            self.kind, self.version, re=self.re, role=self.role, n=self.officer, ref=self.ref, d=self.d
        )

    def body_bytes(self) -> bytes | None:
        """Return the bytes of the body, if there is one."""
        return None if self.body is None else write(self.body, max_values=MAX_BODY_VALUES)

    def parts(self) -> tuple[PartRef, ...]:
        """Return the lines by which the entry names the files.

        Raises:
            BreachError: there is no body to say what they are; the first part would be taken for one.
        """
        if not self.files:
            return ()
        if self.body is None:
            raise BreachError("5.8", "a statement with files has a body that says what they are")
        return tuple(PartRef(hash=each.hash, size=each.size) for each in self.files)


class Appended(Struct, frozen=True, kw_only=True, gc=False):
    """Where a statement stands in the record: durable, and signed with the head over it."""

    link: str
    letter: str
    index: int
    statement: bytes
    lane: str = MAIN

    @property
    def place(self) -> str:
        """Return the place as people say it, such as ``A 112`` or ``A hot 3``."""
        return Place(letter=self.letter, index=self.index, lane=self.lane).text


class RefusedError(Exception):
    """The statement would be void, so it was not written. `code` is the reason, as in Spec §6.5."""

    def __init__(self, code: str, remark: str = "") -> None:
        super().__init__(f"{code}: {remark}" if remark else code)
        self.code = code
        self.remark = remark


class UnknownLinkError(Exception):
    """There is no link of this name."""
