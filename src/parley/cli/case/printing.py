"""parley case print: one joint case on paper, the same bytes on both nodes in the same language."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases.queries import dossier_of
from parley.cases.views.showing.casepaper import paper_of
from parley.cli.case.about import find_case
from parley.cli.case.noun import verb
from parley.cli.exporting import Target, write_paper
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.ui.paper.printing import printed
from parley.work import clock


@verb(_("Write one joint case into a PDF file, in the language of --lang."), name="print")
def print_(
    name: Annotated[
        str, typer.Argument(metavar="CASE", help=_("Its place (A-3), its id, or the registry number."))
    ],
    file: Target,
    *,
    link: Link = None,
) -> int:
    with reading() as reader:
        row, thread, _named, _case = find_case(reader, name, link=link)
        bring_up_to_date(reader)
        content = printed(paper_of(reader, dossier_of(reader, row, thread, now=clock.now())))
    return write_paper(content, file, subject=f"{row.name} {name}")
