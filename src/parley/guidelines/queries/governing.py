"""Which text governs: the one by which an inquiry or a call runs, and how long a text that both signed holds.

A thread goes on under what was in force for the statement that opened it, by its past and its effective time
(Spec §16.5.4): so both nodes name the same text, whatever was signed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.guidelines.queries.drafts import read_body
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.signatures import Signature, signatures_in
from parley.protocol.guidelines.bodies import Drafted, Signed
from parley.protocol.guidelines.force import in_force
from parley.protocol.guidelines.text import Guideline
from parley.protocol.links import LinkState, Said

Past = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Governing:
    """The text that governs a thread. `since` is in Unix seconds; `text` is None where it is not to be read.

    `place` is that of its draft in lane main, "" where it was put on the table in another lane alone.
    """

    place: str
    digest: str
    since: int
    text: Guideline | None

    @property
    def slug(self) -> str:
        """Return its place as addresses have it."""
        return self.place.replace(" ", "-")

    def clauses(self, path: str) -> tuple[str, ...]:
        """Return the numbers of the clauses that show the field at `path`, those that name it best."""
        return () if self.text is None else _clauses(self.text, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reign:
    """How long a text that both signed holds: from `since` until the day of the next, which stands at `then`.

    `until` is None while there is none. Instants are Unix seconds.
    """

    since: int
    until: int | None
    then: str


def governing(reader: Reader, link: LinkRow, thread: bytes) -> Governing | None:
    """Return the text that governs `thread`; None if it runs by the terms with which the link was opened."""
    row = reader.row(link.name, thread)
    state = reader.link_state(reader.lane_of(link.name, thread))
    if row is None or not state.is_guided:
        return None
    other = link.peer if row.writer == link.me else link.me
    past = {row.writer: row.index, other: row.cut}
    holding = None if state.opening(past) is None else in_force(state.agreed_texts(past), at=row.effective)
    return None if holding is None else _named(reader, link, holding)


def reign_of(reader: Reader, link: LinkRow, text: Guideline) -> Reign | None:
    """Return how long `text` holds by all that is held here; None if it is not agreed since the opening."""
    state, past = reader.link_state(link.name), _all(reader, link)
    agreed = state.agreed_texts(past)
    if text.draft not in agreed:
        return None
    later = agreed[agreed.index(text.draft) + 1 :]
    if not later:
        return Reign(since=text.since, until=None, then="")
    return Reign(since=text.since, until=later[0].since, then=_named(reader, link, later[0]).place)


def signatures_of(reader: Reader, link: LinkRow, text: Guideline) -> tuple[Signature, ...]:
    """Return the signatures under `text` in whatever draft, each side's newest, in order of time."""
    state, past = reader.link_state(link.name), _all(reader, link)
    same = {each.statement for each in _drafts(state, past) if each.said == text.draft}
    newest = {
        node: each.statement
        for node in past
        for each in state.of(Signed, node, past[node])
        if each.re in same
    }
    return signatures_in(reader, link, newest.values())


def _named(reader: Reader, link: LinkRow, holding: Drafted) -> Governing:
    state, past = reader.link_state(link.name), _all(reader, link)
    same = sorted(
        (each for each in _drafts(state, past) if each.said == holding),
        key=lambda each: (each.index, each.writer),
    )
    # The same act may stand over another body, which either side can write first.
    read = ((each, _text(reader, link, each)) for each in same)
    found = next(((each, text) for each, text in read if text is not None), None)
    first = found[0] if found is not None else next(iter(same), None)
    row = None if first is None else reader.row(link.name, first.statement)
    return Governing(
        place="" if row is None else row.place,
        digest=holding.text,
        since=holding.since,
        text=None if found is None else found[1],
    )


def _text(reader: Reader, link: LinkRow, draft: Said) -> Guideline | None:
    found, _note = read_body(reader.body(link.name, draft.statement))
    return found if isinstance(found, Guideline) and found.draft == draft.said else None


def _all(reader: Reader, link: LinkRow) -> Past:
    status = reader.status(link.name)
    return {} if status is None else {link.me: status.my_size, link.peer: status.their_size}


def _drafts(state: LinkState, past: Past) -> list[Said]:
    return [each for node, size in past.items() for each in state.of(Drafted, node, size)]


def _clauses(text: Guideline, path: str) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for number, clause in text.numbered():
        for place in clause.places:
            if path == place or path.startswith(f"{place}/"):
                found.setdefault(place, []).append(number)
    return tuple(found[max(found, key=len)]) if found else ()
