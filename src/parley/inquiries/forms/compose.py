"""Rows to inquiries: which rows go together, the act and the letter, and what is still missing.

What the terms require of a letter never makes a statement void, since the fold does not read
letters. It is asked here before anything is sent, and by the other side, which may return
what is not complete. Source: Spec §8.1, §8.8.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from parley.inquiries.forms.letter import Letter, Site, Subject, write_letter
from parley.protocol.inquiries.bodies import ALL, MAX_ITEMS
from parley.protocol.inquiries.codes import Lack, Type, Want
from parley.protocol.part import MAX_BODY
from parley.protocol.strictjson import MAX_BODY_VALUES, JsonValue, write

# Room for the words of the cover beside the items.
_FREE_BYTES: Final = 64 * 1024
_FREE_VALUES: Final = 128


class Grouping(Enum):
    """Which rows of a sheet become one inquiry."""

    NONE = "none"
    """All of them."""
    COLUMN = "column"
    """Those with the same entry in the sheet's own column for it."""
    BANK = "bank"
    """Those that pose as the same institution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item, the number of its row in the sheet, and the inquiry that the sheet wants it in."""

    number: int
    item: Site | Subject
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that go into one inquiry; `name` is what they have in common, if anything."""

    name: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted of the items of an inquiry, of which agreed kind, and how urgently."""

    item: str
    urgency: str
    wants: tuple[Want, ...]
    batch: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A field that the terms require and that is empty: on the cover (`items` None) or of some items."""

    field: str
    items: tuple[int, ...] | None


def usual_grouping(rows: Sequence[Row]) -> Grouping:
    """Return how these rows are grouped if nobody says: by their own column, by bank, or not at all."""
    if any(row.group for row in rows):
        return Grouping.COLUMN
    return Grouping.BANK if any(isinstance(row.item, Site) for row in rows) else Grouping.NONE


def group_rows(rows: Sequence[Row], grouping: Grouping) -> tuple[Group, ...]:
    """Return the rows in groups, in the order in which each group's first row stands.

    A group that is too large for one inquiry becomes several of the same name.
    """
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(_group_of(row, grouping), []).append(row)
    return tuple(
        Group(name=name, rows=part) for name, members in groups.items() for part in _fitting(members)
    )


def _group_of(row: Row, grouping: Grouping) -> str | None:
    match grouping:
        case Grouping.NONE:
            return None
        case Grouping.COLUMN:
            return row.group
        case Grouping.BANK:
            brand = row.item.brand if isinstance(row.item, Site) else None
            return None if brand is None else brand.text


def _fitting(rows: Sequence[Row]) -> Iterable[tuple[Row, ...]]:
    part: list[Row] = []
    room = _Room()
    for row in rows:
        needed = _Room.of(row.item)
        if part and not (room.holds(needed) and len(part) < MAX_ITEMS):
            yield tuple(part)
            part, room = [], _Room()
        part.append(row)
        room = room.less(needed)
    yield tuple(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What is left in one letter, in bytes and in values."""

    size: int = MAX_BODY - _FREE_BYTES
    values: int = MAX_BODY_VALUES - _FREE_VALUES

    @classmethod
    def of(cls, item: Site | Subject) -> "_Room":
        written = write_letter(Letter(items=(item,)))["items"]
        return cls(size=len(write({"items": written})), values=_count_values(written))

    def holds(self, other: "_Room") -> bool:
        return other.size <= self.size and other.values <= self.values

    def less(self, other: "_Room") -> "_Room":
        return replace(self, size=self.size - other.size, values=self.values - other.values)


def _count_values(value: JsonValue) -> int:
    # A letter is a few levels deep and written here: the recursion is bounded.
    if isinstance(value, dict):
        return 1 + sum(map(_count_values, value.values()))
    return 1 + sum(map(_count_values, value)) if isinstance(value, list) else 1


def sent_of(items: Sequence[Site | Subject], asked: Asked) -> Mapping[str, JsonValue]:
    """Return the `d` of ``inquiry.sent`` for `items`: neighbours of one type are one group."""
    runs: list[tuple[Type, int]] = []
    for item in items:
        if runs and runs[-1][0] is item.type:
            runs[-1] = (item.type, runs[-1][1] + 1)
        else:
            runs.append((item.type, 1))
    wants = [want.value for want in asked.wants]
    batch: JsonValue = None if asked.batch is None else {"ref": asked.batch[0], "count": asked.batch[1]}
    return {
        "batch": batch,
        "item": asked.item,
        "urgency": asked.urgency,
        "groups": [{"count": count, "type": kind.value, "wants": list(wants)} for kind, count in runs],
    }


def gaps(letter: Letter, required: Mapping[str, tuple[str, ...]]) -> tuple[Gap, ...]:
    """Return what the terms require (`required`, by item type) and `letter` does not say."""
    fields = {field: None for item in letter.items for field in required.get(item.type.value, ())}
    found = []
    for field in fields:
        cover = _COVER.get(field)
        if cover is not None:
            if not getattr(letter, cover):
                found.append(Gap(field=field, items=None))
            continue
        lacking = tuple(
            n
            for n, item in enumerate(letter.items)
            if field in required.get(item.type.value, ()) and not _is_said(item, field)
        )
        if lacking:
            found.append(Gap(field=field, items=lacking))
    return tuple(found)


_COVER: Final[Mapping[str, str]] = {
    "title": "title",
    "purpose": "purpose",
    "facts": "facts",
    "legal_basis": "legal_basis",
    "urgency_reason": "urgency_reason",
}


def _is_said(item: Site | Subject, field: str) -> bool:
    # A field that this version does not know cannot be told to be missing: a person looks.
    match item, field:
        case Site(), "url":
            return bool(item.url)
        case _, "observed_at":
            return item.observed_at is not None
        case Site(), "target_brand":
            return item.brand is not None
        case Subject(), "subject":
            return bool(item.kind and item.value)
        case Subject(), "questions":
            return bool(item.questions)
        case _:
            return True


def proposed_return(found: Sequence[Gap]) -> Mapping[str, JsonValue] | None:
    """Return the `d` of the ``inquiry.returned`` that asks for what is missing; None if nothing is."""
    if not found:
        return None
    whole = any(gap.items is None for gap in found)
    numbers = sorted({n for gap in found for n in gap.items or ()})
    return {
        "items": ALL if whole else list(numbers),
        "fields": [{"field": gap.field, "reason": Lack.MISSING.value} for gap in found],
    }
