"""Comparing the twelve groups of digits at a terminal; the rules of it are in `links.policy`.

One side reads a group, the other types it; then the other way. Wrong once, that group again;
wrong twice, stop.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError, advise
from parley.links.forms import plain_group
from parley.links.policy import GROUPS, places_to_type

_GROUP: Final = re.compile(r"[0-9]{5}")


def compare(digits: Sequence[str], *, is_first: bool, given: tuple[str, ...] | None) -> bool:
    """Return whether the other side's groups are those of `digits`.

    `is_first` is side A. `given` are its groups from a file: all twelve, or the six that this
    side types. Without them they are asked for, one by one.

    Raises:
        FaultError: there is no terminal to ask at.
    """
    to_type = places_to_type(is_first=is_first)
    if given is not None:
        expected = list(digits) if len(given) == GROUPS else [digits[place] for place in to_type]
        return list(given) == expected
    if not sys.stdin.isatty():
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("There is no terminal to type the digits at."),
            do=_("Add --digits FILE."),
        )
    advise(_("You are checking that nobody sits between the two nodes. Use a line that you know is theirs."))
    return all(
        _ask(place, digits[place]) if place in to_type else _read_out(place, digits[place])
        for place in range(GROUPS)
    )


def _read_out(place: int, group: str) -> bool:
    advise(_("Group %(place)d. Read to them: %(group)s") % {"place": place + 1, "group": " ".join(group)})
    return True


def _ask(place: int, group: str) -> bool:
    for question in (_("Group %(place)d. Type what they read: "), _("Not the same. Group %(place)d again: ")):
        sys.stderr.write(question % {"place": place + 1})
        sys.stderr.flush()
        if plain_group(sys.stdin.readline()) == group:
            return True
    return False


def read_groups(source: str) -> tuple[str, ...]:
    """Return the groups in the file `source`, or from standard input for a dash.

    Raises:
        FaultError: it cannot be read, or holds neither six nor twelve groups.
    """
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FaultError(
            "unreadable_file",
            Exit.NOT_FOUND,
            what=_("%(file)s cannot be read.") % {"file": source},
            do=_("Name a file with the groups that the other side read out."),
        ) from error
    groups = tuple(text.split())
    if len(groups) not in {GROUPS // 2, GROUPS} or not all(_GROUP.fullmatch(group) for group in groups):
        raise FaultError(
            "no_digits",
            Exit.NEEDS_A_PERSON,
            what=_("There must be six or twelve groups of five digits."),
            do=_("Write them with blanks between, as the other side read them."),
        )
    return groups
