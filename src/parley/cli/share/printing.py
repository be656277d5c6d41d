"""parley share print: one offer on paper, without its content; the same bytes on both nodes."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exporting import Target, write_paper
from parley.cli.looking import Link, bring_up_to_date, reading
from parley.cli.share.about import find_share
from parley.cli.share.noun import verb
from parley.sharing.queries import dossier_of
from parley.sharing.views.showing.paper import paper_of
from parley.ui.paper.printing import printed
from parley.work import clock


@verb(_("Write one offer into a PDF file, without its content, in the language of --lang."), name="print")
def print_(
    name: Annotated[str, typer.Argument(metavar="OFFER", help=_("Its place (A-3), its id, or the number."))],
    file: Target,
    *,
    link: Link = None,
) -> int:
    with reading() as reader:
        row, _named, share = find_share(reader, name, link=link)
        bring_up_to_date(reader)
        content = printed(paper_of(reader, dossier_of(reader, row, share.id, now=clock.now())))
    return write_paper(content, file, subject=f"{row.name} {name}")
