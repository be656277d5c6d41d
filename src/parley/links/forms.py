"""What is typed on the pages of a link: groups of digits, and what a suspension is to say.

People type what they hear: with blanks, with full-width digits, with a hyphen. Signs that are
no digits are left out only where they separate; anything else makes it no group.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from parley.links.policy import GROUP_DIGITS, places_to_type
from parley.protocol.strictjson import JsonValue
from parley.protocol.suspension import Reason

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


# ---- Suspending


MAX_WORDS: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTyped:
    """A suspension as it was typed, and which fields cannot be read as they are."""

    scope: dict[str, JsonValue] | None
    reason: str
    until: int | None
    en: str
    zh: str
    is_public: bool
    faults: tuple[str, ...]


def read_scope(text: str) -> dict[str, JsonValue] | None:
    """Return the scope that `text` names, as an act writes it (Spec §7.7.1), or None if it names none.

    It is ``link``, ``item:CODE`` or ``forum:CODE``.
    """
    wide, colon, code = text.partition(":")
    if (wide, colon) == ("link", ""):
        return {"link": True}
    return {wide: code} if wide in {"item", "forum"} and code else None


def read_words(fields: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]]:
    """Return what a side states, in English and in Chinese, and which of the two is missing or too long."""
    en, zh = (fields.get(field, "").strip() for field in ("text_en", "text_zh"))
    faults = tuple(
        field for field, text in (("text_en", en), ("text_zh", zh)) if not 1 <= len(text) <= MAX_WORDS
    )
    return en, zh, faults


def read_stop(fields: Mapping[str, str]) -> StopTyped:
    """Return the suspension in `fields`."""
    scope = read_scope(fields.get("scope", ""))
    reason = fields.get("reason", "")
    en, zh, faults = read_words(fields)
    day = fields.get("until", "").strip()
    until = _end_of(day) if day else None
    missing = [
        *(["scope"] if scope is None else []),
        *(["reason"] if reason not in {each.value for each in Reason} else []),
        *(["until"] if day and until is None else []),
    ]
    return StopTyped(
        scope=scope,
        reason=reason,
        until=until,
        en=en,
        zh=zh,
        is_public=fields.get("public") == "yes",
        faults=(*missing, *faults),
    )


def _end_of(day: str) -> int | None:
    """Return the instant at which a day ends in UTC, or None if `day` names none."""
    try:
        last = date.fromisoformat(day) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp())
