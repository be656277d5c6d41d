"""Lists of offers; reads only, and folds nothing."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from parley.links.queries.cursor import NEWEST_FIRST, behind, ended
from parley.sharing.models import Mention, Share
from parley.sharing.queries.rows import ShareRow, share_of

PAGE: Final = 50


class UnknownShareError(Exception):
    """There is no offer of this id or at this place; the rows may also not be written yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareList:
    """Some offers of a list, and the place after which the next ones stand (None: there are none)."""

    rows: tuple[ShareRow, ...]
    after: str | None


def list_shares(
    *, link: str | None = None, is_open: bool | None = None, after: str | None = None, limit: int = PAGE
) -> ShareList:
    """Return offers, newest first, from the place `after` on; open ones are those that wait for somebody.

    Raises:
        CursorError: `after` is not a place that a list gave.
    """
    found = Share.objects.filter(_condition(link=link, is_open=is_open), behind(after))
    rows, more = ended(found.order_by(*NEWEST_FIRST)[: limit + 1], limit=limit)
    return ShareList(rows=tuple(share_of(row) for row in rows), after=more)


def count_shares(*, link: str | None = None, is_open: bool | None = None) -> int:
    """Return how many offers there are."""
    return Share.objects.filter(_condition(link=link, is_open=is_open)).count()


def find_share(link: str, share: str) -> ShareRow:
    """Return the offer with this id (43 characters).

    Raises:
        UnknownShareError: there is none; the rows may also not be written yet.
    """
    found = Share.objects.filter(key=f"{link}/{share}").first()
    if found is None:
        raise UnknownShareError(f"expected an offer on {link}, found none with the id {share!r}")
    return share_of(found)


def shares_about(link: str, statement: str) -> tuple[ShareRow, ...]:
    """Return the offers that say they belong to a statement (43 characters), newest first."""
    keys = Mention.objects.filter(link=link, statement=statement).values("share_id")
    return tuple(share_of(row) for row in Share.objects.filter(key__in=keys).order_by("-order", "-key"))


def _condition(*, link: str | None, is_open: bool | None) -> Q:
    found = Q() if link is None else Q(link=link)
    return found if is_open is None else found & Q(is_open=is_open)
