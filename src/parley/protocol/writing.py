"""An entry of one's own, as it is written: the act encrypted and hashed, with what persons sign.

Where it stands, and which head then covers it, is left to `channel.py` and the ledger. Source: Spec §4.2.
"""

from collections.abc import Mapping

from msgspec import Struct

from parley.protocol import entry as entries
from parley.protocol import note
from parley.protocol.content import further
from parley.protocol.entry import Entry, PartRef, Seen
from parley.protocol.form import Statement, made_statement, read_statement
from parley.protocol.part import SealedPart, seal_part
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Suite


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """An act to be written, with its body if it has one, and the roots who sign it if it needs them.

    `value` is the object in the act, if whoever wrote the act knows it; `roots` are (person, seed).
    `files` are sealed already, and need a body that says what they are (Spec §5.8). `ended` is the
    log of the writer's own that this entry continues, if it is the first of a later one (Spec §4.8).
    """

    act: bytes
    value: Mapping[str, JsonValue] | None = None
    body: bytes | None = None
    files: tuple[PartRef, ...] = ()
    roots: tuple[tuple[int, bytes], ...] = ()
    ended: Seen | None = None


class Written(Struct, frozen=True, kw_only=True, gc=False):
    """A new entry of one's own and what it commits to. `inline` is its weight in a parcel."""

    said: Statement
    parts: tuple[SealedPart, ...]

    @property
    def inline(self) -> int:
        """Return about how many bytes the entry takes in a parcel."""
        size = len(self.said.raw) + 80 * len(self.parts)
        for part in self.parts:
            size += part.size
        # An entry with files names more parts than its act and its body.
        parsed = self.said.parsed
        return size + 80 * (0 if parsed is None else len(further(parsed)))


def write(draft: Draft, *, origin: str, time: int, seen: Seen | None, suite: Suite) -> Written:
    """Return the entry for `draft` in the log `origin`. `seen` is given when it changed. Spec §4.2."""
    act = seal_part(draft.act, scope=origin, suite=suite)
    body = None if draft.body is None else seal_part(draft.body, scope=origin, suite=suite)
    parts = (act,) if body is None else (act, body)
    entry = Entry(
        time=time,
        log=origin if draft.roots else None,
        seen=_sorted(seen, draft.ended) if draft.ended else () if seen is None else (seen,),
        act=PartRef(hash=act.hash, size=act.size),
        parts=(*[PartRef(hash=part.hash, size=part.size) for part in parts[1:]], *draft.files),
    )
    text = entries.encode_text(entry)
    if draft.roots:
        node = origin.split("/", 1)[0]
        lines = [_root_line(text, f"{node}/root/{who}", seed=seed, suite=suite) for who, seed in draft.roots]
        said = read_statement(entries.encode_signed(text, tuple(lines))).opened(draft.act, draft.value)
    else:
        said = made_statement(text, entry, act=draft.act, value=draft.value)
    return Written(said=said, parts=parts)


def _sorted(*seen: Seen | None) -> tuple[Seen, ...]:
    return tuple(sorted((each for each in seen if each is not None), key=lambda each: each.origin))


def _root_line(text: bytes, name: str, *, seed: bytes, suite: Suite) -> note.Line:
    return note.sign(text, note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=suite), suite)
