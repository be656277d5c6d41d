"""parley guideline print and parley review print: what both sides sign, as a file to hand on.

Each is the same bytes on both nodes: the papers in the same language, the table in every language.
"""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli import guideline_table, review_table
from parley.cli.exits import Exit
from parley.cli.exporting import Target, write_paper
from parley.cli.looking import Link, chosen_link, reading
from parley.cli.output import FaultError
from parley.cli.persons import require_home
from parley.cli.review import computed, found_review, held
from parley.guidelines.views import paper as texts
from parley.ledger.readers import OpenLink
from parley.protocol.review.account import digest
from parley.review.queries import shown
from parley.review.views import paper as reviews
from parley.review.views.finding import Computed
from parley.review.views.tables import table_of
from parley.ui.paper.copies import LETTERS
from parley.ui.paper.printing import printed

Csv = Annotated[bool, typer.Option("--csv", help=_("The table for other programs instead."))]


First = Annotated[
    str,
    typer.Option("--first", metavar="A|B", help=_("The party in the first place of the copy to be signed.")),
]


def print_text(place: guideline_table.Place, file: Target, *, link: Link = None, first: First = "") -> int:
    require_home()
    with reading() as reader:
        row = chosen_link(reader, link)
        found = guideline_table.found_text(reader, row, place)
        if found.text is None:
            raise FaultError(
                "unreadable_text",
                Exit.REFUSED,
                what=_("The text that this draft names is not here: nobody can sign it."),
                do=_("Ask the other side to put it on the table once more."),
            )
        chosen = first or row.my_letter
        if chosen not in LETTERS:
            raise FaultError(
                "unknown_copy",
                Exit.NEEDS_A_PERSON,
                what=_("There is no such copy of the text."),
                do=_("Use --first A or --first B."),
            )
        made = texts.file_of(texts.paper_of(reader, row, found, text=found.text, first=chosen))
    return write_paper(made, file, subject=f"{row.name} {found.place}")


def print_review(place: review_table.Place, file: Target, *, link: Link = None, csv: Csv = False) -> int:
    require_home()
    with reading() as reader, held():
        row = chosen_link(reader, link)
        review = found_review(reader, row, place)
        figures = computed(reader, row.name, review.cut)
        found = Computed(figures=figures, shown=shown(figures, row), digest=digest(figures))
        opened = OpenLink(row=row, terms=reader.terms(row.name))
        if csv:
            made = table_of(review, found)
        else:
            made = printed(reviews.paper_of(reader, opened, review, figures=found))
    return write_paper(made, file, subject=f"{row.name} {review.place}")
