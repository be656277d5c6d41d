"""What one guideline changes in another: field by field, and clause by clause.

Fields are compared by their paths, clauses by their words: what stands in both, in the same order, is the
same clause, wherever it moved by what was put in before it; between two such clauses the first of the old
text became the first of the new one, and so on. Source: Spec §16.7.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parley.protocol.guidelines.fields import leaves
from parley.protocol.guidelines.text import Clause, Guideline
from parley.protocol.strictjson import JsonObject, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: added, if it was not there before; removed, if it is not there after; else changed."""

    path: str
    was_there: bool
    is_there: bool
    before: JsonValue
    after: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """One clause with its numbers before and after, as ``4.2``; None where it is not in that text."""

    number_before: str | None
    number_after: str | None
    before: Clause | None
    after: Clause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that a text changes: fields by their paths, clauses in the order of the texts."""

    fields: tuple[FieldChange, ...]
    clauses: tuple[ClauseChange, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is changed."""
        return not self.fields and not self.clauses


def compare(old: Guideline, new: Guideline) -> Comparison:
    """Return what `new` changes in `old`."""
    return Comparison(
        fields=compare_fields(old.fields, new.fields),
        clauses=tuple(_clauses([*old.numbered()], [*new.numbered()])),
    )


def compare_fields(old: JsonObject, new: JsonObject) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of the new tree, then those that are gone."""
    before, after = dict(leaves(old)), dict(leaves(new))
    paths = [*after, *(path for path in before if path not in after)]
    return tuple(
        FieldChange(
            path=path,
            was_there=path in before,
            is_there=path in after,
            before=before.get(path),
            after=after.get(path),
        )
        for path in paths
        if path not in before or path not in after or before[path] != after[path]
    )


Numbered = Sequence[tuple[str, Clause]]


def _clauses(old: Numbered, new: Numbered) -> Iterator[ClauseChange]:
    at_old = at_new = 0
    for same_old, same_new in (*_common(old, new), (len(old), len(new))):
        gone, come = old[at_old:same_old], new[at_new:same_new]
        for n in range(max(len(gone), len(come))):
            one, two = gone[n] if n < len(gone) else None, come[n] if n < len(come) else None
            yield ClauseChange(
                number_before=None if one is None else one[0],
                number_after=None if two is None else two[0],
                before=None if one is None else one[1],
                after=None if two is None else two[1],
            )
        at_old, at_new = same_old + 1, same_new + 1


def _common(old: Numbered, new: Numbered) -> Sequence[tuple[int, int]]:
    """Return the places of a longest row of clauses that both texts have, the earliest in the old text."""
    # The ends that are equal need no table, and mostly that is nearly all.
    start = 0
    while start < min(len(old), len(new)) and old[start][1] == new[start][1]:
        start += 1
    length = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, start - 1, -1):
        for j in range(len(new) - 1, start - 1, -1):
            is_same = old[i][1] == new[j][1]
            length[i][j] = length[i + 1][j + 1] + 1 if is_same else max(length[i + 1][j], length[i][j + 1])
    found, i, j = [(n, n) for n in range(start)], start, start
    while i < len(old) and j < len(new):
        if old[i][1] == new[j][1] and length[i][j] == length[i + 1][j + 1] + 1:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
