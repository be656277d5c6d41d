"""What is typed while digits are compared, as groups of five.

People type what they hear: with blanks, with full-width digits, with a hyphen. Signs that are
no digits are left out only where they separate; anything else makes it no group.
"""

import re
from collections.abc import Mapping
from typing import Final

from parley.links.policy import GROUP_DIGITS, places_to_type

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_BETWEEN: Final = re.compile(r"[\s\u3000·.,，、_-]+")
_GROUP: Final = re.compile(rf"[0-9]{{{GROUP_DIGITS}}}")


def plain_group(typed: str) -> str | None:
    """Return the five digits in `typed`, or None where it is no group."""
    digits = _BETWEEN.sub("", typed.translate(_FULL_WIDTH))
    return digits if _GROUP.fullmatch(digits) else None


def field_of(place: int) -> str:
    """Return the name of the field for the group at `place` (0 to 11)."""
    return f"group-{place + 1}"


def read_typed(fields: Mapping[str, str], *, is_first: bool) -> tuple[dict[int, str], tuple[int, ...]]:
    """Return the groups that were typed, by place, and the places where something else stands.

    An empty field was not typed yet, and is neither.
    """
    groups: dict[int, str] = {}
    unclear: list[int] = []
    for place in places_to_type(is_first=is_first):
        typed = fields.get(field_of(place), "").strip()
        if not typed:
            continue
        group = plain_group(typed)
        if group is None:
            unclear.append(place)
        else:
            groups[place] = group
    return groups, tuple(unclear)
