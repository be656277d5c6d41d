"""Lists of joint cases; reads only, and folds nothing."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from parley.cases.models import REF, Case, Finding, Mention
from parley.cases.queries.rows import CaseRow, FindingRow, case_of, finding_of
from parley.links.queries.cursor import NEWEST_FIRST, behind, ended
from parley.protocol.places import heard_place, mark

PAGE: Final = 50


class UnknownCaseError(Exception):
    """There is no joint case of this id or at this place; the rows may also not be written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """Some cases of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[CaseRow, ...]
    after: str | None


def list_cases(
    *,
    link: str | None = None,
    is_open: bool | None = None,
    is_joined: bool | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> CaseList:
    """Return joint cases, newest first, from the place `after` on; until it `is_joined` one is a proposal.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    wanted = _condition(link=link, is_open=is_open, is_joined=is_joined)
    found = Case.objects.filter(wanted, behind(after))
    rows, more = ended(found.order_by(*NEWEST_FIRST)[: limit + 1], limit=limit)
    return CaseList(rows=tuple(case_of(row) for row in rows), after=more)


def count_cases(
    *, link: str | None = None, is_open: bool | None = None, is_joined: bool | None = None
) -> int:
    """Return how many joint cases there are."""
    return Case.objects.filter(_condition(link=link, is_open=is_open, is_joined=is_joined)).count()


def find_case(link: str, case: str) -> CaseRow:
    """Return the joint case with this id (43 characters).

    Raises:
        UnknownCaseError: there is none; the rows may also not be written yet.
    """
    found = Case.objects.filter(key=f"{link}/{case}").first()
    if found is None:
        raise UnknownCaseError(f"expected a joint case on {link}, found none with the id {case!r}")
    return case_of(found)


def findings_of(link: str, case: str) -> tuple[FindingRow, ...]:
    """Return the findings of a case by their current versions, each side's in the order of its log."""
    found = Finding.objects.filter(case_id=f"{link}/{case}").order_by("-is_ours", "number")
    return tuple(finding_of(row) for row in found)


def cases_about(link: str, *statements: str) -> tuple[CaseRow, ...]:
    """Return the cases that arose from one of these statements, or are linked to one, newest first."""
    keys = Mention.objects.filter(link=link, statement__in=statements).values("case_id")
    return tuple(case_of(row) for row in Case.objects.filter(key__in=keys).order_by("-order", "-key"))


def has_mentions(link: str) -> bool:
    """Return whether any case on this link arose from something, or is linked to anything."""
    return Mention.objects.filter(link=link).exists()


def called(name: str, *, links: Collection[str]) -> tuple[CaseRow, ...]:
    """Return the cases on these links that people call `name`: by place, or by our number."""
    spoken = unicodedata.normalize("NFKC", name).strip()
    if not spoken or len(spoken) > REF:
        return ()
    wanted = Q(ref=spoken)
    if place := heard_place(spoken):
        wanted |= Q(letter=mark(place.letter, place.lane), index=place.index)
    found = Case.objects.filter(wanted, link__in=list(links)).order_by("-order", "-key")[:PAGE]
    return tuple(case_of(row) for row in found)


def _condition(*, link: str | None, is_open: bool | None, is_joined: bool | None) -> Q:
    found = Q() if link is None else Q(link=link)
    if is_joined is not None:
        found &= Q(joined_at__isnull=not is_joined)
    return found if is_open is None else found & Q(is_open=is_open)
