"""Findings of all cases, the newest version first; reads only, and folds nothing."""

from dataclasses import dataclass

from parley.cases.models import Finding
from parley.cases.queries.listing import PAGE
from parley.cases.queries.rows import FindingRow, finding_of
from parley.links.queries.cursor import CursorError


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFinding:
    """A finding, and the case in which it stands: `place` is that of the case, such as ``A 3``."""

    link: str
    case: str
    place: str
    row: FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingList:
    """Some findings of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[PlacedFinding, ...]
    after: str | None


def list_findings(*, link: str | None = None, after: str | None = None, limit: int = PAGE) -> FindingList:
    """Return findings by their current versions, the newest first, from the place `after` on.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Finding.objects.select_related("case").order_by("-current_at", "-key")
    if link is not None:
        found = found.filter(case__link=link)
    if after is not None:
        at, key = _heard(after)
        found = found.filter(current_at__lte=at).exclude(current_at=at, key__gte=key)
    rows = list(found[: limit + 1])
    more = rows[limit - 1] if len(rows) > limit else None
    return FindingList(
        rows=tuple(
            PlacedFinding(
                link=row.case.link,
                case=row.case.case,
                place=f"{row.case.letter} {row.case.index}",
                row=finding_of(row),
            )
            for row in rows[:limit]
        ),
        after=None if more is None else f"{more.current_at}:{more.key}",
    )


def _heard(after: str) -> tuple[int, str]:
    at, colon, key = after.partition(":")
    if not (colon and at.isascii() and at.isdecimal() and len(at) <= 15):
        raise CursorError(f"expected a place that a list gave, found {after!r}")
    return int(at), key
