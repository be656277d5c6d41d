"""What comes with an entry: its act and its body, opened, and the keys of the files that it names.

    act             key and ciphertext come with the entry      scope: the log
    part 0          the body, likewise                          scope: the log
    part 1, 2, …    files: the key comes with the entry, the    scope: node and channel
                    ciphertext is fetched by itself (Spec §5.8)

Without the key or the ciphertext of act and body nothing of a piece is taken; a file that never
comes holds up nothing, since no fold reads one. Source: Spec §4.3, §5.3.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from parley.protocol import entry as entries
from parley.protocol.breach import BreachError
from parley.protocol.entry import ParsedEntry, PartRef
from parley.protocol.form import Statement, is_oversize
from parley.protocol.kinds import KINDS
from parley.protocol.parcel import Piece
from parley.protocol.part import LOST_KEY, PartError, open_part
from parley.protocol.strictjson import MAX_BODY_VALUES, check
from parley.protocol.suite import Suite


class Incoming(Struct, frozen=True, kw_only=True):
    """One entry of the peer's, as far as it opened here.

    `act` are the bytes of the act and `body` those of the body, if it has one; both are None
    with the reason `unopened` for the act of that name. An entry that breaks the grammar or
    the caps has neither. `parts` are what came of its content: (hash, ciphertext, key). `files`
    are its further parts whose key came: (hash, size, key); their ciphertexts are fetched (Spec §5.8).
    `known` is the same as whoever writes no `unopened` takes it, if the act did open (Spec §7.8.7).
    """

    said: Statement
    body: bytes | None
    unopened: str | None
    parts: tuple[tuple[bytes, bytes, bytes], ...]
    files: tuple[tuple[bytes, int, bytes], ...] = ()
    known: "Incoming | None" = None

    @property
    def is_clocked(self) -> bool:
        """Return whether `received` must follow, since a clock may start or go on by this entry."""
        kind = KINDS.get(self.said.kind or "")
        return kind is not None and kind.clocked


@dataclass(frozen=True, slots=True)
class _Shut:
    reason: str


class Content:
    """Keys and ciphertexts of one piece. A part is opened once, however many entries name it."""

    def __init__(self, piece: Piece, *, scope: str, suite: Suite) -> None:
        self._keys = dict(piece.keys)
        self._blobs = {hashlib.sha256(blob).digest(): blob for blob in piece.blobs}
        self._scope = scope
        self._suite = suite
        self._texts: dict[tuple[bytes, int, bool], bytes | _Shut] = {}
        self._acts: set[bytes] = set()

    def has(self, part: PartRef) -> bool:
        # A key of zeros says that the sender lost it; then its ciphertext is of no use either.
        key = self._keys.get(part.hash)
        return key is not None and (part.hash in self._blobs or key == LOST_KEY)

    def open(self, said: Statement, wanted: Sequence[PartRef]) -> Incoming:
        # Void, whatever it says (Spec §6.5). Thousands of copies must not take room a thousand times.
        if not wanted or wanted[0].hash in self._acts:
            return Incoming(said=said, body=None, unopened=None, parts=())
        self._acts.add(wanted[0].hash)
        keys, blobs = self._keys, self._blobs
        parts = tuple(
            [(part.hash, blobs[part.hash], keys[part.hash]) for part in wanted if part.hash in blobs]
        )
        act = self._text(wanted[0], is_body=False)
        if isinstance(act, _Shut):
            return self._shut(said, act.reason, parts=parts, act=None)
        body = self._text(wanted[1], is_body=True) if len(wanted) > 1 else None
        if isinstance(body, _Shut):
            return self._shut(said, body.reason, parts=parts, act=act)
        return Incoming(said=said.opened(act), body=body, unopened=None, parts=parts, files=self._files(said))

    def _shut(
        self,
        said: Statement,
        reason: str,
        *,
        parts: tuple[tuple[bytes, bytes, bytes], ...],
        act: bytes | None,
    ) -> Incoming:
        shut = Incoming(said=said, body=None, unopened=reason, parts=parts)
        if act is None:
            return shut
        # A body that was erased comes without a key, and then the act alone says what was said.
        return replace(shut, known=replace(shut, said=said.opened(act), files=self._files(said)))

    def _files(self, said: Statement) -> tuple[tuple[bytes, int, bytes], ...]:
        # A key that did not come is as good as lost: it holds up nothing, since no fold reads a file.
        named = () if said.parsed is None else further(said.parsed)
        if not named:
            return ()
        keys = self._keys
        return tuple(
            [
                (part.hash, part.size, keys[part.hash])
                for part in named
                if keys.get(part.hash, LOST_KEY) != LOST_KEY
            ]
        )

    def _text(self, part: PartRef, *, is_body: bool) -> bytes | _Shut:
        which = (part.hash, part.size, is_body)
        text = self._texts.get(which)
        if text is None:
            text = self._open(part)
            if is_body and not isinstance(text, _Shut) and not _is_json(text):
                text = _Shut("json")
            self._texts[which] = text
        return text

    def _open(self, part: PartRef) -> bytes | _Shut:
        key, blob = self._keys[part.hash], self._blobs.get(part.hash)
        if key == LOST_KEY or blob is None:
            return _Shut("key")
        if len(blob) != part.size:
            return _Shut("size")
        try:
            return open_part(blob, key=key, scope=self._scope, suite=self._suite)
        except PartError:
            return _Shut("commitment")


def _is_json(raw: bytes) -> bool:
    try:
        check(raw, max_values=MAX_BODY_VALUES)
    except BreachError:
        return False
    return True


def inline_parts(raw: bytes) -> tuple[PartRef, ...]:
    """Return what must come with an entry: its act, and its first part, the body. Spec §4.3.

    Nothing comes with an entry that is void for its grammar or its size.
    """
    try:
        return inline(entries.parse(raw))
    except BreachError:
        return ()


def further(parsed: ParsedEntry) -> tuple[PartRef, ...]:
    """Return the parts whose keys come with an entry and whose ciphertexts do not: files. Spec §5.8."""
    parts = parsed.entry.parts
    return () if len(parts) < 2 or is_oversize(parsed.entry) else parts[1:]


def further_parts(raw: bytes) -> tuple[PartRef, ...]:
    """Return the files that an entry names; none if it breaks the grammar or the caps."""
    try:
        return further(entries.parse(raw))
    except BreachError:
        return ()


def inline(parsed: ParsedEntry | None) -> tuple[PartRef, ...]:
    """Return the same of an entry that was read."""
    if parsed is None or is_oversize(parsed.entry):
        return ()
    return (parsed.entry.act, *parsed.entry.parts[:1])
