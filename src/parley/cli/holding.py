"""parley record hold: statements that must stay, whatever anybody orders; nobody else learns of them.

A hold on the statement that opens an inquiry holds all that belongs to it. It blocks `parley record erase`
here, and does not bind the other side. Source: Spec §7.8.6.
"""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies import actions, queries
from parley.agencies.queries import HoldRow
from parley.cli.exits import Exit
from parley.cli.looking import Link, find_statement, reading
from parley.cli.output import Rows, result
from parley.cli.persons import SecretFile, acting_officer, require_home
from parley.protocol.act import id_text
from parley.ui import words
from parley.work import clock


def hold(
    place: Annotated[
        str | None, typer.Argument(metavar="PLACE", help=_("The statement, such as A-112."))
    ] = None,
    *,
    officer: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=_("The officer whose act this is."))
    ] = None,
    secret_file: SecretFile = None,
    reason: Annotated[str, typer.Option("--reason", metavar="WORDS", help=_("Why it must stay."))] = "",
    release: Annotated[bool, typer.Option("--release", help=_("Lift the hold."))] = False,
    listed: Annotated[bool, typer.Option("--list", help=_("Show what is held."))] = False,
    link: Link = None,
) -> int:
    require_home()
    if listed or place is None or officer is None:
        return _list_holds()
    with reading() as reader:
        row, statement = find_statement(reader, place, link=link)
        entry = reader.row(row.name, statement)
    who = acting_officer(officer, secret_file=secret_file)
    at = entry.place if entry is not None else place
    if release:
        was = actions.release(row.name, id_text(statement), officer=who.number, now=clock.now())
        said = _("%(place)s is held no more.") if was else _("%(place)s was not held.")
    else:
        held = HoldRow(link=row.name, statement=id_text(statement), place=at, reason=reason[:200])
        actions.hold(held, officer=who.number, now=clock.now())
        said = _("%(place)s is held, with all that belongs to it: none of it can be destroyed here.")
    result({"place": at, "link": row.name, "held": not release}, said % {"place": at})
    return Exit.DONE


def _list_holds() -> int:
    found = queries.holds()
    result(
        {
            "holds": [
                {"link": each.link, "place": each.place, "reason": each.reason, "at": each.at}
                for each in found
            ]
        },
        Rows(
            titles=(_("Link"), _("Place"), _("Since"), _("Why")),
            rows=tuple((each.link, each.place, words.instant(each.at), each.reason) for each in found),
        ),
    )
    return Exit.DONE
