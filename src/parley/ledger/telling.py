"""The order in which two logs are told as one story, the same on both nodes.

Entries go by their effective times; where those are equal, an entry comes after all that its
writer had seen. Source: Spec §6.4: nothing in the record depends on this order, it is for people.
"""

from collections.abc import Iterable, Sequence

from parley.ledger.rows import EntryRow


def told(rows: Iterable[EntryRow]) -> tuple[EntryRow, ...]:
    """Return `rows` in the order of their times; of equal ones, what was seen before who had seen it."""
    by_letter: dict[str, list[EntryRow]] = {}
    for row in sorted(rows, key=lambda row: (row.letter, row.index)):
        by_letter.setdefault(row.letter, []).append(row)
    one, two = [*by_letter.values(), [], []][:2]
    return tuple(_merged(one, two))


def _merged(one: Sequence[EntryRow], two: Sequence[EntryRow]) -> Iterable[EntryRow]:
    at, to = 0, 0
    while at < len(one) and to < len(two):
        if _comes_first(one[at], two[to]):
            yield one[at]
            at += 1
        else:
            yield two[to]
            to += 1
    yield from one[at:]
    yield from two[to:]


def _comes_first(one: EntryRow, two: EntryRow) -> bool:
    if one.effective != two.effective:
        return one.effective < two.effective
    # Two entries cannot each have seen the other; where neither has, A's comes first.
    return two.index >= one.cut
