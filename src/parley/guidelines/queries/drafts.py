"""The texts on the table of a link, each with how it stands; and the one that is in force.

All is read from what decides for the whole link (`LinkState`), of which there is little; so this room has no
tables. A draft whose body is not the text that its act names is shown as such, and never signed (§16.3.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.guidelines.policy import Facts, Move, Stand, move_of, stand_of
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.breach import BreachError
from parley.protocol.guidelines.bodies import Drafted, Signed, Withdrawn
from parley.protocol.guidelines.force import in_force
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Guideline, matches, read_guideline
from parley.protocol.links import LinkState, Opened, Said
from parley.protocol.places import addressed_place
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonObject, JsonValue, write


class UnknownDraftError(Exception):
    """No text on the table stands at this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One text on the table. Instants are Unix seconds; `said_at` is the effective time of its draft.

    `text` is None where it cannot be read, or is another than the act names; `fault` says why. `note` is what
    its writer says to it, with its language.
    """

    statement: bytes
    place: str
    is_ours: bool
    said_at: int
    since: int
    digest: str
    amends: str
    stand: Stand
    text: Guideline | None
    fault: str
    note: tuple[str, str]
    is_signed_by_us: bool
    is_signed_by_them: bool

    @property
    def move(self) -> Move:
        """Return whose move it is."""
        return move_of(self.stand)

    @property
    def slug(self) -> str:
        """Return its place as addresses have it."""
        return self.place.replace(" ", "-")

    @property
    def can_sign(self) -> bool:
        """Return whether our persons can sign it now."""
        is_open = self.stand in {Stand.PROPOSED, Stand.SIGNED_BY_THEM}
        return is_open and self.text is not None and not self.is_signed_by_us

    @property
    def can_withdraw(self) -> bool:
        """Return whether we can take it from the table now."""
        is_open = self.stand in {Stand.PROPOSED, Stand.SIGNED_BY_THEM}
        return is_open and self.is_ours and not self.is_signed_by_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The text that holds now, and the place of its draft; without one, the first text of the terms."""

    text: Guideline
    place: str

    @property
    def is_signed(self) -> bool:
        """Return whether both sides signed it; otherwise it says what the opening says."""
        return bool(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What was said of guidelines on a link, as far as it is held here."""

    row: LinkRow
    state: LinkState
    now: int
    past: Mapping[str, int]

    def of(self, kind: type) -> list[Said]:
        return [each for node, size in self.past.items() for each in self.state.of(kind, node, size)]

    def holds(self) -> Drafted | None:
        return in_force(self.state.agreed_texts(self.past), at=self.now)


def drafts(reader: Reader, link: LinkRow, *, now: int) -> tuple[DraftRow, ...]:
    """Return all texts that were put on the table of a link, the newest first."""
    table = _table(reader, link, now=now)
    rows = [_row(reader, table, each) for each in table.of(Drafted)]
    return tuple(sorted(rows, key=lambda row: (row.said_at, row.place), reverse=True))


def find_draft(reader: Reader, link: LinkRow, place: str, *, now: int) -> DraftRow:
    """Return the text that stands at `place`, as addresses have it.

    Raises:
        UnknownDraftError: there is none.
    """
    where = addressed_place(place)
    statement = None if where is None else reader.find(link.name, where.text)
    table = _table(reader, link, now=now)
    said = next((each for each in table.of(Drafted) if each.statement == statement), None)
    if said is None:
        raise UnknownDraftError(place)
    return _row(reader, table, said)


def base_of(reader: Reader, link: LinkRow, *, now: int) -> Base | None:
    """Return the text that holds on a link; None while the link is not open."""
    table, terms = _table(reader, link, now=now), reader.terms(link.name)
    if terms is None:
        return None
    holding = table.holds()
    for each in table.of(Drafted) if holding is not None else ():
        row = _row(reader, table, each) if each.said == holding else None
        if row is not None and row.text is not None:
            return Base(text=row.text, place=row.place)
    # Without a text that was signed, the terms themselves are told as one.
    opened = [reader.row(link.name, each.statement) for each in table.of(Opened)]
    since = max((row.effective for row in opened if row is not None), default=now)
    return Base(text=first_text(terms.text, since=since), place="")


def read_body(body: JsonObject | None) -> tuple[Guideline | str, tuple[str, str]]:
    """Return the text in the body of a draft, or what is wrong with it, and the note with its language."""
    if body is None:
        return "", ("", "")
    note = _note(body.get("note"))
    try:
        return read_guideline(write(_object(body.get("text")), max_values=MAX_BODY_VALUES)), note
    except BreachError as error:
        return f"§{error.paragraph}: {error.reason}", note


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _note(value: JsonValue) -> tuple[str, str]:
    match value:
        case {"lang": str(language), "text": str(text)}:
            return language, text
        case _:
            return "", ""


def _table(reader: Reader, link: LinkRow, *, now: int) -> _Table:
    status = reader.status(link.name)
    past = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    return _Table(row=link, state=reader.link_state(link.name), now=now, past=past)


def _row(reader: Reader, table: _Table, said: Said) -> DraftRow:
    drafted, link = said.said, table.row
    assert isinstance(drafted, Drafted), "it was looked for by this kind"
    row = reader.row(link.name, said.statement)
    assert row is not None, "what the link has it has from a statement"
    amended = None if said.re is None else reader.row(link.name, said.re)
    found, note = read_body(reader.body(link.name, said.statement))
    is_it = isinstance(found, Guideline) and matches(found, drafted)
    ours, theirs = (_has_signed(table, drafted, node) for node in (link.me, link.peer))
    return DraftRow(
        statement=said.statement,
        place=row.place,
        is_ours=said.writer == link.me,
        said_at=row.effective,
        since=drafted.since,
        digest=drafted.text,
        amends="" if amended is None else amended.place,
        stand=stand_of(_facts(table, said, drafted, signed=(ours, theirs))),
        text=found if isinstance(found, Guideline) and is_it else None,
        fault=found if isinstance(found, str) else "",
        note=note,
        is_signed_by_us=ours,
        is_signed_by_them=theirs,
    )


def _facts(table: _Table, said: Said, drafted: Drafted, *, signed: tuple[bool, bool]) -> Facts:
    return Facts(
        now=table.now,
        since=drafted.since,
        is_withdrawn=any(each.re == said.statement for each in table.of(Withdrawn)),
        is_ours_signed=signed[0],
        is_theirs_signed=signed[1],
        is_agreed=drafted in table.state.agreed_texts(table.past),
        is_newest=drafted == table.holds(),
    )


def _has_signed(table: _Table, drafted: Drafted, node: str) -> bool:
    same = {each.statement for each in table.of(Drafted) if each.said == drafted}
    return any(each.re in same for each in _by(table.of(Signed), node))


def _by(said: Iterable[Said], node: str) -> Iterable[Said]:
    return (each for each in said if each.writer == node)
