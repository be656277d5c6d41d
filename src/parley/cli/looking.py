"""What commands share that look at the record: the reader, the link that is meant, rows up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.ledger.keys import KeysError
from parley.ledger.reading import AmbiguousError, LinkRow, Reader
from parley.node.projector import Projector, projections, watermark
from parley.node.tables import bring_up_to_date as make_tables
from parley.protocol.places import heard_place
from parley.work.home import Home, HomeError

Link = Annotated[
    str | None, typer.Option("--link", metavar="LINK", help=_("Which link, if there are several."))
]


@contextmanager
def reading() -> Iterator[Reader]:
    """Give the record of this node for as long as the block lasts.

    Raises:
        FaultError: there is no node here, or no record yet.
    """
    home = require_home()
    try:
        reader = Reader(home)
    except FileNotFoundError as error:
        raise no_link() from error
    except (HomeError, KeysError) as error:
        raise broken_home(error) from error
    try:
        yield reader
    finally:
        reader.close()


def broken_home(error: Exception) -> FaultError:
    """Return the fault that the home of this node is not as it must be."""
    return FaultError(
        "broken_home",
        Exit.FAILED,
        what=_("The folder of this node is not as it must be: %(why)s.") % {"why": error},
        do=_("Look at: parley doctor."),
    )


def no_link() -> FaultError:
    """Return the fault that there is nobody to talk to."""
    return FaultError(
        "no_link",
        Exit.NOT_FOUND,
        what=_("This node has no link yet."),
        do=_("Load the other side's offer with: parley link add FILE."),
    )


def chosen_link(reader: Reader, name: str | None) -> LinkRow:
    """Return the link called `name`, or the only one there is.

    Raises:
        FaultError: there is none of this name, none at all, or there are several and none was named.
    """
    links = reader.links()
    if not links:
        raise no_link()
    names = ", ".join(link.name for link in links)
    if name is None:
        if len(links) > 1:
            raise FaultError(
                "missing_option",
                Exit.NEEDS_A_PERSON,
                what=_("There are several links: %(links)s.") % {"links": names},
                do=_("Name one with --link."),
            )
        return links[0]
    for link in links:
        if link.name == name:
            return link
    raise FaultError(
        "unknown_link",
        Exit.NOT_FOUND,
        what=_("There is no link “%(link)s”.") % {"link": name},
        do=_("There are: %(links)s.") % {"links": names},
    )


def links_of(reader: Reader, name: str | None) -> tuple[LinkRow, ...]:
    """Return the link called `name`, or all of them."""
    return reader.links() if name is None else (chosen_link(reader, name),)


def find_statement(reader: Reader, spoken: str, *, link: str | None) -> tuple[LinkRow, bytes]:
    """Return the statement that `spoken` names, and its link: ``A 112``, an id, a registry number.

    Raises:
        FaultError: there is none, or more than one.
    """
    place = heard_place(spoken.strip())
    name = place.text if place else spoken.strip()
    found: list[tuple[LinkRow, bytes]] = []
    links = links_of(reader, link)
    if not links:
        raise no_link()
    for each in links:
        try:
            statement = reader.find(each.name, name)
        except AmbiguousError as error:
            raise _several(name) from error
        if statement is not None:
            found.append((each, statement))
    if len(found) > 1:
        raise _several(name)
    if not found:
        raise FaultError(
            "unknown_statement",
            Exit.NOT_FOUND,
            what=_("Nothing in the record is called “%(name)s”.") % {"name": name},
            do=_("Look at: parley inquiry list."),
        )
    return found[0]


def _several(name: str) -> FaultError:
    return FaultError(
        "several_statements",
        Exit.NEEDS_A_PERSON,
        what=_("More than one statement is called “%(name)s”.") % {"name": name},
        do=_("Name it by its place, such as A 112, and the link with --link."),
    )


def bring_up_to_date(reader: Reader) -> None:
    """Tell the rows what the record says by now, whether or not core runs: the lists are then not late."""
    home: Home = settings.HOME
    if not home.view.exists():
        make_tables()
    if watermark() < reader.last_change():
        Projector(reader=reader, modules=projections(settings.PROJECTIONS)).catch_up()
