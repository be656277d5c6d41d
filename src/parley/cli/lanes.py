"""The lanes of a link, as they are typed: `--lane hot`."""

from enum import StrEnum

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.ledger.lanes import named
from parley.ledger.reading import Reader
from parley.protocol import names


class Lane(StrEnum):
    """Which of the three."""

    MAIN = names.MAIN
    HOT = names.HOT
    BULK = names.BULK


def in_lane(reader: Reader, link: str, lane: Lane) -> str:
    """Return the name of `link` in `lane`.

    Raises:
        FaultError: it has no such lane.
    """
    name = named(link, lane.value)
    if name not in reader.lane_names(link):
        raise FaultError(
            "unknown_link",
            Exit.NOT_FOUND,
            what=_("There is no link “%(link)s”.") % {"link": name},
            do=_("Look at: parley link status."),
        )
    return name
