"""The statements of one thread as a page tells them, in the order in which both sides' clocks put them.

What each says is read by its room; here it is only told who said it, when, what it answers, whether it has
effect, and what is proved of it. Of what a side says without effect the newest alone are shown: of that there
is no end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.links.queries.signatures import signers_of
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonObject

MAX_WITHOUT_EFFECT: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One statement. `d` is that of its act as it stands, `body` its words, if they can be opened here."""

    place: str
    statement: str
    """Its id, 43 characters of base64url."""
    is_ours: bool
    kind: str
    verdict: str
    """``valid``, or why it is without effect: ``void:wrong-state``."""
    d: Mapping[str, object]
    body: JsonObject
    has_words: bool
    role: str
    officer: int
    signers: tuple[int, ...]
    """The numbers of the officers who signed it with keys of their own; none where it is without effect."""
    ref: str
    answers: str
    """The place of the statement that it answers, if that is in the thread."""
    effective: int
    is_at_their_node: bool
    """For ours: whether their receipt covers it. What they said is here, and so at both."""

    @property
    def is_valid(self) -> bool:
        """Return whether it has effect."""
        return self.verdict == "valid"

    @property
    def place_path(self) -> str:
        """Return the place as it stands in an address, such as ``A-112``."""
        return self.place.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The statements of a thread; `unshown` more, all without effect, are not among them."""

    statements: tuple[Told, ...]
    unshown: int

    def at(self, statement: bytes) -> Told | None:
        """Return the statement with this id, if it is shown."""
        wanted = id_text(statement)
        return next((each for each in self.statements if each.statement == wanted), None)


def timeline(reader: Reader, link: LinkRow, thread: bytes) -> Timeline:
    """Return what was said in the thread that `thread` opened."""
    rows = reader.rows(link.name, thread=thread, void=MAX_WITHOUT_EFFECT)
    places = {row.statement: row.place for row in rows}
    status = reader.status(reader.lane_of(link.name, thread))
    signed = 0 if status is None else status.my_receipted
    return Timeline(
        statements=tuple(
            _told(
                row,
                reader.body(link.name, row.statement),
                answers=places.get(row.act.re or b"", "") if row.act else "",
                is_ours=row.writer == link.me,
                is_there=row.writer != link.me or row.index < signed,
                signers=signers_of(reader, link, row),
            )
            for row in rows
        ),
        unshown=reader.count(link.name, thread) - len(rows),
    )


def _told(
    row: EntryRow,
    body: JsonObject | None,
    *,
    answers: str,
    is_ours: bool,
    is_there: bool,
    signers: tuple[int, ...],
) -> Told:
    act = row.act
    return Told(
        place=row.place,
        statement=id_text(row.statement),
        is_ours=is_ours,
        kind=row.kind or "",
        verdict=row.verdict.text,
        d=dict(act.d) if act else {},
        body=body or {},
        has_words=body is not None,
        role=act.by.role if act else "",
        officer=act.by.n if act else 0,
        signers=signers,
        ref=(act.ref if act else None) or "",
        answers=answers,
        effective=row.effective,
        is_at_their_node=is_there,
    )
