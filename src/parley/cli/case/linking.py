"""parley case link, unlink: the inquiries, calls, offers and cases to which it belongs; its evidence."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cli.case.about import InCase, find_place, statement
from parley.cli.case.noun import verb
from parley.inquiries.forms.typed import read_code
from parley.links.actions.speaking import Said
from parley.protocol.cases.codes import Linked, Unlinking


@verb(_("Link a case to a statement, or name a file of one as evidence (A-12/1)."))
@statement
def link(
    found: InCase,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="CODE", help=_("inquiry, call, sharing, case, evidence."))
    ],
    place: Annotated[
        str, typer.Option("--place", metavar="PLACE", help=_("The statement (A-12), or its part (A-12/1)."))
    ],
) -> Said:
    where = find_place(found.reader, place, link=found.link.name)
    return actions.link_to(found.on, read_code(to, Linked), where, by=found.hand, text=found.text)


@verb(_("Say that a link of ours no longer holds; name the statement that made it."))
@statement
def unlink(
    found: InCase,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="CODE", help=_("mistaken, forged, inadmissible, superseded."))
    ],
) -> Said:
    return actions.unlink(found.on_named, read_code(reason, Unlinking), by=found.hand, text=found.text)
