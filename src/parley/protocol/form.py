"""What can be told of one entry alone: whether its act can be read, and who signed it.

The order of the reasons, and all that needs the two logs, is left to `record.py`.
Source: Spec §6.1, §6.2, §6.5.
"""

import msgspec

from parley.protocol import note
from parley.protocol.act import Act, read_act, read_json
from parley.protocol.breach import BreachError
from parley.protocol.card import Card, root_keys
from parley.protocol.entry import ParsedEntry
from parley.protocol.inquiries import bodies
from parley.protocol.inquiries.eye import Fact
from parley.protocol.kinds import KINDS, Said
from parley.protocol.shelf import Row
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Suite
from parley.protocol.voids import Void, void


class VoidError(Exception):
    """The first reason that applies; ends the checks of one entry."""

    def __init__(self, reason: Void, remark: str = "") -> None:
        """Keep the verdict that the act is void for `reason`."""
        super().__init__(reason.value)
        self.verdict = void(reason, remark)


def read_envelope(raw: bytes) -> Act:
    """Return the envelope of an act.

    Raises:
        VoidError: bad-json, or schema.
    """
    try:
        value = read_json(raw)
    except BreachError as error:
        raise VoidError(Void.BAD_JSON, str(error)) from error
    try:
        return read_act(value)
    except BreachError as error:
        raise VoidError(Void.SCHEMA, str(error)) from error


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
