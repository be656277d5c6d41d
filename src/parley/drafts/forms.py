"""What pages say of a draft: when it was saved, which texts stand against each other, which limit was met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from parley.drafts.actions import LimitError
from parley.drafts.queries import Conflict

_MEGABYTE: Final = 1024 * 1024
Naming = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTexts:
    """Two texts for one field, under the name that people know it by; `number` settles which one counts."""

    number: int
    label: str
    mine: str
    mine_by: str
    mine_at: int
    theirs: str
    by: str
    at: int


def two_texts(conflicts: Iterable[Conflict], *, label: Naming) -> tuple[TwoTexts, ...]:
    """Return the fields that have two texts; `label` names a field."""
    return tuple(
        TwoTexts(
            number=each.number,
            label=label(each.field),
            mine=each.mine,
            mine_by=each.mine_by,
            mine_at=each.mine_at,
            theirs=each.theirs,
            by=each.by,
            at=each.at,
        )
        for each in conflicts
    )


def shown_time(seconds: int) -> str:
    """Return the time of the day in UTC, such as ``09:14:07Z``."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%H:%M:%SZ")


def said_of_limit(error: LimitError, *, label: Naming) -> str:
    """Return what happened, what is safe, and what to do."""
    match error.what:
        case "value":
            text = _(
                "“%(field)s” has more than %(limit)d MB. Nothing of this page was saved; it is still here. "
                "Shorten it, or split it over two drafts."
            )
            return text % {"field": label(error.field), "limit": error.limit // _MEGABYTE}
        case "size":
            text = _(
                "This draft has reached %(limit)d MB with all its versions. Nothing of this page was saved; "
                "it is still here. Go on in a new draft."
            )
            return text % {"limit": error.limit // _MEGABYTE}
        case _:
            return _(
                "This draft has as many fields as a draft can have. Nothing of this page was saved; "
                "it is still here. Go on in a new draft."
            )


def said_of_closed(number: int) -> str:
    """Return that the draft takes nothing any more."""
    return _("Draft %(number)d is closed. Nothing of this was saved.") % {"number": number}
