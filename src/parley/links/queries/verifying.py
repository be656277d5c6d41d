"""The page on which digits are compared: what is read aloud, and how far the other half is.

The groups that this side types are never part of it, until they were typed right.
"""

from dataclasses import dataclass
from typing import Final

from parley.ledger.offers import Offer
from parley.ledger.readers import OpenLink, reader_of, side_name
from parley.ledger.reading import LinkRow
from parley.links.forms import field_of
from parley.links.policy import Comparison, places_to_read, places_to_type
from parley.protocol.act import short_id
from parley.work.home import Home

_ENGLISH: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "niner")
_CHINESE: Final = ("零", "幺", "二", "三", "四", "五", "六", "七", "八", "九")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenGroup:
    """A group that is read aloud: its number, the digits, and how they are said in both languages."""

    number: int
    digits: str
    english: str
    chinese: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardGroup:
    """A group that is typed: its number and field, and whether it was right, or wrong once."""

    number: int
    field: str
    is_right: bool
    is_wrong: bool
    is_unclear: bool
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """What the page shows. `typed` is put back only where it is no group at all."""

    row: LinkRow
    side: str
    node: str
    names: tuple[str, str]
    card_id: str
    reads: tuple[SpokenGroup, ...]
    hears: tuple[HeardGroup, ...]
    is_first: bool
    is_stopped: bool
    is_done: bool
    is_begun: bool
    is_signed: bool
    """Whether our opening is in the record already: then comparing once more signs nothing."""

    @property
    def left(self) -> int:
        """Return how many groups are still to be typed right."""
        return sum(not each.is_right for each in self.hears)


def verify_page(
    home: Home,
    link: OpenLink,
    comparison: Comparison,
    *,
    unclear: tuple[int, ...] = (),
    typed: dict[str, str] | None = None,
) -> VerifyPage:
    """Return the page for `link`, as far as `comparison` is."""
    row = link.row
    offer = offer_of(home, link)
    is_first = row.my_letter == "A"
    return VerifyPage(
        row=row,
        side=side_name(row),
        node=row.peer,
        names=(offer.names["en"], offer.names["zh"]),
        card_id=short_id(offer.hash),
        reads=tuple(spoken(place, row.digits[place]) for place in places_to_read(is_first=is_first)),
        hears=tuple(
            _heard(place, comparison, is_unclear=place in unclear, typed=typed or {})
            for place in places_to_type(is_first=is_first)
        ),
        is_first=is_first,
        is_stopped=comparison.is_stopped,
        is_done=comparison.is_done(is_first=is_first),
        is_begun=bool(comparison.right or comparison.wrong),
        is_signed=is_signed(home, link),
    )


def is_signed(home: Home, link: OpenLink) -> bool:
    """Return whether our opening of `link` is in the record."""
    # The first entry of a log is its writer's opening: nothing else has effect before it.
    reader = reader_of(home)
    at = reader.status(link.row.name) if reader else None
    return at is not None and at.my_size > 0


def spoken(place: int, digits: str) -> SpokenGroup:
    """Return the group at `place` (0 to 11) as it is read aloud."""
    return SpokenGroup(
        number=place + 1,
        digits=digits,
        english=" ".join(_ENGLISH[int(digit)] for digit in digits),
        chinese="".join(_CHINESE[int(digit)] for digit in digits),
    )


def _heard(place: int, comparison: Comparison, *, is_unclear: bool, typed: dict[str, str]) -> HeardGroup:
    field = field_of(place)
    return HeardGroup(
        number=place + 1,
        field=field,
        is_right=place in comparison.right,
        is_wrong=comparison.wrong.get(place, 0) > 0 and place not in comparison.right,
        is_unclear=is_unclear,
        typed=typed.get(field, "") if is_unclear else "",
    )


def offer_of(home: Home, link: OpenLink) -> Offer:
    """Return the partner's offer, as it was loaded."""
    reader = reader_of(home)
    assert reader is not None
    return reader.offer(link.row.name)
