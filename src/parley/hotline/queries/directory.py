"""The contact points of both sides: what each said of its offices last, read when somebody looks.

What the other side wrote is its word, and may be anything: a list that cannot be read is told as such, and
the one before it does not count again. Source: Spec §13.9.
"""

from dataclasses import dataclass

from parley.ledger.readers import link_called, reader_of
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.trials import newest_list
from parley.links.policy import Whose
from parley.protocol.breach import BreachError
from parley.protocol.directory import Point, read_directory
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """What one side said of its offices, in `place` at `said_at`; None: never. `is_readable`: to us."""

    whose: Whose
    place: str | None
    said_at: int | None
    points: tuple[Point, ...]
    is_readable: bool = True


def directory_of(home: Home, link: str) -> tuple[Contacts, Contacts]:
    """Return our contact points on `link`, and theirs.

    Raises:
        LookupError: there is no such link.
    """
    found, reader = link_called(home, link), reader_of(home)
    if found is None or reader is None:
        raise LookupError(link)
    return contacts(reader, found.row)


def contacts(reader: Reader, row: LinkRow) -> tuple[Contacts, Contacts]:
    """Return our contact points on the link of `row`, and theirs."""
    return _contacts(reader, row, Whose.US), _contacts(reader, row, Whose.THEM)


def _contacts(reader: Reader, row: LinkRow, side: Whose) -> Contacts:
    said = newest_list(reader, row.name, row.me if side is Whose.US else row.peer)
    entry = None if said is None else reader.row(row.name, said.id)
    if said is None or entry is None:
        return Contacts(whose=side, place=None, said_at=None, points=())
    try:
        points = read_directory(reader.body(row.name, said.id)).points
    except BreachError:
        return Contacts(whose=side, place=entry.place, said_at=said.effective, points=(), is_readable=False)
    return Contacts(whose=side, place=entry.place, said_at=said.effective, points=points)
