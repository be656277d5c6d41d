"""What commands share that list threads: where a list goes on, how many it shows, and rows up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import bring_up_to_date, chosen_link, reading
from parley.cli.output import FaultError, advise
from parley.links.queries import CursorError

MAX_ROWS: Final = 1_000

After = Annotated[str | None, typer.Option("--after", metavar="PLACE", help=_("Go on behind this place."))]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MAX_ROWS, help=_("So many at most."))]


def bring_rows_up_to_date(link: str | None) -> None:
    """Tell the rows what the record says by now; `link` is the one that is asked for, if one is.

    Raises:
        FaultError: there is no node here, no record yet, or no such link.
    """
    with reading() as reader:
        if link is not None:
            chosen_link(reader, link)
        bring_up_to_date(reader)


@contextmanager
def placed(after: str | None) -> Iterator[None]:
    """Turn a place at which no list ended into a sentence.

    Raises:
        FaultError: `after` is such a place.
    """
    try:
        yield
    except CursorError as error:
        raise FaultError(
            "no_such_place",
            Exit.NEEDS_A_PERSON,
            what=_("“%(place)s” is not a place in the list.") % {"place": after},
            do=_("Take the one that the list before ended with."),
        ) from error


def advise_more(after: str | None) -> None:
    """Say on stderr how the list goes on behind `after`; nothing where it is at its end."""
    if after is not None:
        advise(_("There are more: --after %(place)s") % {"place": after})
