"""One commitment or round, folded and read when somebody looks at it: what was said, and what can be said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from parley.dialogue.forms.texts import Body, Told, read_told
from parley.dialogue.policy import replaced, stand_of
from parley.dialogue.queries.listing import UnknownThreadError, find_commitment, find_round
from parley.dialogue.queries.rows import CommitmentRow, RoundRow
from parley.dialogue.queries.sayable import fits, sayable
from parley.ledger.dialogues import thread_of
from parley.ledger.readers import OpenLink, link_called, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.links.policy import Whose, whose
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import COMMITMENT, ROUND, Amended, Clause
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.places import addressed_place
from parley.work.home import Home

MAX_WITHOUT_EFFECT: Final = 50
"""Of what a side says without any effect so many are shown, the newest: of that there is no end."""

AMENDED: Final = "outcome.amended"

Folded: TypeAlias = Commitment | Round


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One statement of a thread, as its page shows it. What its kind has not is None, "" or empty."""

    place: str
    statement: str
    whose: Whose
    kind: str
    verdict: str
    """``valid``, or why it is without effect: ``void:wrong-state``."""
    said: Mapping[str, object]
    role: str
    officer: int
    ref: str
    answers: str
    """The place of the statement that it answers."""
    effective: int
    received_at: int | None
    is_at_their_node: bool
    told: Told
    has_words: bool
    clause: Text | None
    """The words of a clause, or as it should read; None if it is struck out."""
    status: str
    """How an offer stands: open, declined, agreed or withdrawn; open ones may be replaced or lapsed."""
    is_crossed: bool
    may: tuple[str, ...]
    """The kinds that our side could say of it now."""

    @property
    def is_valid(self) -> bool:
        """Return whether it has effect."""
        return self.verdict == "valid"

    @property
    def said_order(self) -> tuple[int, int, str]:
        """Return by what statements are put in the order in which they were said, alike on both nodes."""
        letter, _gap, index = self.place.rpartition(" ")
        return self.effective, int(index), letter

    @property
    def strikes_out(self) -> bool:
        """Return whether it offers that a clause is no more in the list: it brings no words of its own."""
        return self.is_valid and self.kind == AMENDED and self.clause is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that a page shows of one thread. `folded` is None if its proposal is without effect."""

    link: OpenLink
    folded: Folded | None
    opening: StatementRow
    statements: tuple[StatementRow, ...]
    unshown: int
    """So many more statements, all without effect, are not among these."""
    now: int

    def at(self, statement: bytes | None) -> StatementRow | None:
        """Return the statement with this id, None if it is not among these."""
        wanted = "" if statement is None else id_text(statement)
        return next((each for each in self.statements if each.statement == wanted), None)

    def fits(self, kind: str, statement: bytes) -> bool:
        """Return whether our side could ever say this kind of a statement of the thread."""
        target = None if self.folded is None else self.folded.seen.get(statement)
        if self.folded is None or target is None:
            return False
        return fits(self.folded, target, kind, me=self.link.row.me)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDossier(Dossier):
    """That of a commitment."""

    row: CommitmentRow

    @property
    def commitment(self) -> Commitment | None:
        """Return the fold."""
        return self.folded if isinstance(self.folded, Commitment) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDossier(Dossier):
    """That of a round."""

    row: RoundRow

    @property
    def round(self) -> Round | None:
        """Return the fold."""
        return self.folded if isinstance(self.folded, Round) else None


def page_of(home: Home, link: str, place: str, *, now: int) -> CommitmentDossier | RoundDossier:
    """Return everything that the page of what was proposed at `place` (``A-112``) of `link` shows.

    Raises:
        UnknownThreadError: nothing was proposed there, or its row is not written yet.
    """
    opened, reader, where = link_called(home, link), reader_of(home), addressed_place(place)
    thread = None if reader is None or where is None else reader.find(link, where.text)
    if opened is None or reader is None or thread is None:
        raise UnknownThreadError(f"expected a commitment or round at {place!r} of {link}, found none")
    return dossier_of(reader, opened, thread, now=now)


def dossier_of(
    reader: Reader, link: OpenLink, thread: bytes, *, now: int
) -> CommitmentDossier | RoundDossier:
    """Return everything about what `thread` opened, read through `reader`.

    Raises:
        UnknownThreadError: it opens nothing of this room, or its row is not written yet.
    """
    name = link.row.link
    first = reader.row(name, thread)
    kind = None if first is None else first.kind
    if kind not in {COMMITMENT, ROUND}:
        raise UnknownThreadError(f"expected a commitment or round on {name}, found {kind}")
    folded = thread_of(reader, name, thread)
    rows = reader.rows(name, thread=thread, void=MAX_WITHOUT_EFFECT)
    statements = tuple(_statements(reader, link, rows, folded=folded, now=now))
    opening = next(each for each in statements if each.statement == id_text(thread))
    unshown = reader.count(name, thread) - len(rows)
    if kind == COMMITMENT:
        return CommitmentDossier(
            link=link,
            folded=folded,
            opening=opening,
            statements=statements,
            unshown=unshown,
            now=now,
            row=find_commitment(name, id_text(thread)),
        )
    return RoundDossier(
        link=link,
        folded=folded,
        opening=opening,
        statements=statements,
        unshown=unshown,
        now=now,
        row=find_round(name, id_text(thread)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of a thread while its statements are told."""

    link: OpenLink
    folded: Folded | None
    places: Mapping[bytes, str]
    may: Mapping[bytes, tuple[str, ...]]
    gone: frozenset[bytes]
    """The offers in whose place a newer one stands."""
    signed: int
    """So many entries of ours are at their node."""


def _statements(
    reader: Reader, link: OpenLink, rows: tuple[EntryRow, ...], *, folded: Folded | None, now: int
) -> Iterator[StatementRow]:
    status = reader.status(reader.lane_of(link.row.link, rows[0].statement))
    found = _Found(
        link=link,
        folded=folded,
        places={row.statement: row.place for row in rows},
        may={} if folded is None else sayable(folded, me=link.row.me, now=now),
        gone=frozenset() if folded is None else replaced(folded),
        signed=0 if status is None else status.my_receipted,
    )
    for row in rows:
        yield _statement(row, found, body=reader.body(link.row.link, row.statement))


def _statement(row: EntryRow, found: _Found, *, body: Body | None) -> StatementRow:
    act, me = row.act, found.link.row.me
    named = None if act is None else act.d.get("text")
    made = None if found.folded is None else found.folded.offers.made.get(row.statement)
    fact = None if found.folded is None else found.folded.seen.get(row.statement)
    return StatementRow(
        place=row.place,
        statement=id_text(row.statement),
        whose=whose(row.writer, me=me),
        kind=row.kind or "",
        verdict=row.verdict.text,
        said=dict(act.d) if act else {},
        role=act.by.role if act else "",
        officer=act.by.n if act else 0,
        ref=(act.ref if act else None) or "",
        answers=found.places.get(act.re, "") if act and act.re else "",
        effective=row.effective,
        received_at=row.received_at,
        is_at_their_node=row.writer != me or row.index < found.signed,
        told=read_told(body, named=named if isinstance(named, str) else None),
        has_words=body is not None,
        clause=fact.said.both if fact and isinstance(fact.said, Clause | Amended) else None,
        status=_status(row, found),
        is_crossed=made is not None and made.is_crossed,
        may=found.may.get(row.statement, ()),
    )


def _status(row: EntryRow, found: _Found) -> str:
    if found.folded is None or row.statement not in found.folded.offers.made:
        return ""
    return stand_of(found.folded, row.statement, gone=found.gone)
