"""What can be told of one entry alone: what it says, whether its act can be read, and who signed it.

Whoever carries an entry further carries along what was read of it, so that nothing is read
twice on its way into the record. The order of the reasons, and all that needs the two logs,
is left to `record.py`. Source: Spec §6.1, §6.2, §6.5.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from parley.protocol import note
from parley.protocol.act import Act, is_unescaped, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, root_keys
from parley.protocol.entry import Entry, ParsedEntry
from parley.protocol.entry import parse as parse_entry
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.eye import Fact
from parley.protocol.kinds import KINDS, Said
from parley.protocol.part import MAX_ACT, MAX_BODY, overhead
from parley.protocol.shelf import Row
from parley.protocol.strictjson import JsonObject, JsonValue
from parley.protocol.suite import Suite
from parley.protocol.tree import leaf_hash
from parley.protocol.voids import Verdict, Void, void

_MAX_SEALED_BODY: Final = MAX_BODY + overhead(MAX_BODY)


class VoidError(Exception):
    """The first reason that applies; ends the checks of one entry."""

    def __init__(self, reason: Void, remark: str = "") -> None:
        """Keep the verdict that the act is void for `reason`."""
        super().__init__(reason.value)
        self.verdict = void(reason, remark)


class Statement(Struct, frozen=True, kw_only=True, gc=False):
    """One entry, its leaf, and what its bytes say; and the same of its act, once it is opened.

    `parsed` is None where the entry breaks the grammar. `act` and `envelope` are None where the
    act was not opened here; `envelope` is void, as bad-json or schema, where the act cannot be read.
    """

    raw: bytes
    leaf: bytes
    parsed: ParsedEntry | None
    act: bytes | None = None
    envelope: Act | Verdict | None = None

    @property
    def kind(self) -> str | None:
        """Return the kind that the act names, None if it cannot be read here."""
        return self.envelope.k if isinstance(self.envelope, Act) else None

    def opened(self, act: bytes, value: Mapping[str, JsonValue] | None = None) -> "Statement":
        """Return the same entry with its act; `value` is the object in it, if that is known already."""
        envelope = read_envelope(act) if value is None else _envelope(act, value)
        return replace(self, act=act, envelope=envelope)


def made_statement(
    text: bytes, entry: Entry, *, act: bytes, value: Mapping[str, JsonValue] | None = None
) -> Statement:
    """Return the statement of an `entry` without officers' lines, of which `text` was made."""
    return Statement(
        raw=text,
        leaf=leaf_hash(text),
        parsed=ParsedEntry(entry=entry, text=text, lines=()),
        act=act,
        envelope=read_envelope(act) if value is None else _envelope(act, value),
    )


def read_statement(raw: bytes, leaf: bytes | None = None) -> Statement:
    """Return what the entry `raw` says; `leaf` is its hash, if that is known already."""
    try:
        parsed = parse_entry(raw)
    except BreachError:
        parsed = None
    return Statement(raw=raw, leaf=leaf or leaf_hash(raw), parsed=parsed)


def read_envelope(raw: bytes) -> Act | Verdict:
    """Return the envelope of an act, or that it is void: bad-json, or schema."""
    try:
        value = read_json(raw)
    except BreachError as error:
        return void(Void.BAD_JSON, str(error))
    return _envelope(raw, value)


def _envelope(raw: bytes, value: Mapping[str, JsonValue]) -> Act | Verdict:
    try:
        return read_act(value, is_plain=is_unescaped(raw))
    except BreachError as error:
        return void(Void.SCHEMA, str(error))


def is_oversize(entry: Entry) -> bool:
    """Return whether the act or the body is larger than may be sent inline (Spec §4.3)."""
    return entry.act.size > MAX_ACT or (bool(entry.parts) and entry.parts[0].size > _MAX_SEALED_BODY)


def read_said(act: Act) -> Said:
    """Return what an act of a known kind says.

    Raises:
        VoidError: schema.
    """
    kind = KINDS[act.k]
    if (act.re is not None) != kind.targets:
        raise VoidError(Void.SCHEMA, "re names a statement where the kind answers one, and only there")
    try:
        return kind.read(act.d)
    except BreachError as error:
        raise VoidError(Void.SCHEMA, str(error)) from error


def read_fact(row: Row) -> Fact:
    """Return the fact that a row of a thread holds.

    Its act was read and judged before it was kept, so the scanner need not look at it again.
    """
    value: JsonObject = msgspec.json.decode(row.act or b"")
    act = read_act(value)
    said = KINDS[act.k].read(act.d)
    assert isinstance(said, bodies.Said)
    return Fact(
        id=row.id,
        writer=row.writer,
        index=row.index,
        effective=row.effective,
        cut=row.cut,
        received_at=row.received_at,
        kind=act.k,
        re=act.re,
        said=said,
        by=act.by,
        ref=act.ref,
    )


def signers(parsed: ParsedEntry, card: Card, suite: Suite) -> int:
    """Return how many distinct persons of the card's roots signed the entry; 0 if a line of theirs fails."""
    signed = note.Note(text=parsed.text, lines=parsed.lines)
    try:
        return len({verified.key.name for verified in note.verified(signed, root_keys(card), suite)})
    except BreachError:
        return 0
