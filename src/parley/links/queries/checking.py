"""What the last look at our own record found, statement by statement, and who has another copy.

A look hashes everything anew (`ledger.fsck`). Damage here is ours: it says nothing about the
other side, whose copy is another one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from parley.ledger.checks import FSCK, read_checks
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import EntryRow, Reader
from parley.links.queries.core import CheckView, CoreView
from parley.protocol.places import read_place
from parley.work.home import Home

CARRIED: Final = frozenset({"entry", "gap", "head", "part", "key"})
"""What a file that the partner carried out can put back, in what the partner said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One place of the record that is damaged here. `effective` in unix seconds; None: no such entry."""

    place: str
    is_ours: bool
    kind: str
    effective: int | None
    damages: tuple[str, ...]
    """Words of `ledger.fsck.finding.Damage`, each once."""
    is_held: bool
    """Whether the partner signed that it has this: it wrote it, or it receipted it."""

    @property
    def is_carried(self) -> bool:
        """Return whether a file that the partner carried out can put this back: it holds what it said."""
        # A size is counted from the bytes: wrong with them, it is right again with them.
        found = set(self.damages) - ({"weight"} if "entry" in self.damages else set())
        return not self.is_ours and found <= CARRIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The last look at the record, as the page of one link shows it.

    `elsewhere` counts what is damaged and belongs to no statement of this link. `is_carried`: what
    the partner carries out can put all of these statements back. Instants in unix seconds.
    """

    runs: bool
    under_way: CheckView | None
    at: int | None
    entries: int
    whole_at: int | None
    damaged: int
    broken: tuple[Broken, ...]
    elsewhere: int
    is_carried: bool


def checked(home: Home, link: OpenLink, core: CoreView) -> Checked:
    """Return what is known of the record of `home`, of which `link` is one."""
    noted = read_checks(home).get(FSCK)
    said: Mapping[str, Any] = noted if isinstance(noted, dict) else {}
    reader = reader_of(home)
    found = _at_places(said, link)
    broken = () if reader is None else tuple(_broken(reader, link, found))
    damaged = _number(said.get("findings")) or 0
    return Checked(
        runs=core.runs,
        under_way=core.checking,
        at=_number(said.get("at")),
        entries=_number(said.get("entries")) or 0,
        whole_at=_number(said.get("whole_at")),
        damaged=damaged,
        broken=broken,
        elsewhere=max(0, damaged - len(found)),
        is_carried=all(each.is_carried for each in broken),
    )


def damage_at(home: Home, link: OpenLink, place: str) -> int | None:
    """Return when the last look found the statement at `place` (``A 12``) damaged; None if it did not."""
    noted = read_checks(home).get(FSCK)
    said: Mapping[str, Any] = noted if isinstance(noted, dict) else {}
    hit = any((name, where) == (link.row.link, place) for _damage, name, where in _found(said))
    return _number(said.get("at")) if hit else None


def _found(said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    listed = said.get("found")
    for each in listed if isinstance(listed, list) else ():
        match each:
            case [str(damage), str(link), str(place)]:
                yield damage, link, place
            case _:
                continue


def _at_places(said: Mapping[str, Any], link: OpenLink) -> list[tuple[str, str]]:
    return sorted(
        (place, damage)
        for damage, name, place in _found(said)
        if name == link.row.link and read_place(place) is not None
    )


def _broken(reader: Reader, link: OpenLink, found: Iterable[tuple[str, str]]) -> Iterator[Broken]:
    for place, group in groupby(found, key=lambda each: each[0]):
        row, is_ours = _row(reader, link, place), place[0] == link.row.my_letter
        yield Broken(
            place=place,
            is_ours=is_ours,
            kind=(row.kind if row else None) or "",
            effective=row.effective if row else None,
            damages=tuple(dict.fromkeys(damage for _place, damage in group)),
            is_held=not is_ours or reader.is_receipted(link.row.link, place),
        )


def _row(reader: Reader, link: OpenLink, place: str) -> EntryRow | None:
    statement = reader.find(link.row.link, place)
    return None if statement is None else reader.row(link.row.link, statement)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
