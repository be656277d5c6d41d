"""parley inquiry letter: an inquiry, or the answer to it, on paper: both languages, equal on both nodes."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.exporting import Target, write_paper
from parley.cli.inquiry.noun import verb
from parley.cli.looking import Link, bring_up_to_date, find_statement, reading
from parley.cli.output import FaultError
from parley.inquiries.views.finding import Found
from parley.inquiries.views.paper import file_of
from parley.inquiries.views.showing.paper import NotToldError, request_paper
from parley.inquiries.views.showing.reply import NoAnswerError, reply_paper
from parley.ledger.reading import LinkRow, Reader

Answer = Annotated[bool, typer.Option("--answer", help=_("The answer or refusal, instead of what is asked."))]


@verb(_("Write the letter of one inquiry into a PDF file, in both languages."), name="letter")
def letter(
    name: Annotated[
        str, typer.Argument(metavar="INQUIRY", help=_("Its place (A-112), its id, or the registry number."))
    ],
    file: Target,
    *,
    link: Link = None,
    answer: Answer = False,
) -> int:
    with reading() as reader:
        row, statement = find_statement(reader, name, link=link)
        bring_up_to_date(reader)
        try:
            found = _found(reader, row, statement)
            content = file_of(found, reply_paper if answer else request_paper)
        except NotToldError as error:
            raise FaultError(
                "no_inquiry",
                Exit.NOT_FOUND,
                what=_("“%(name)s” belongs to no inquiry.") % {"name": name},
                do=_("Look at: parley inquiry list."),
            ) from error
        except NoAnswerError as error:
            raise FaultError(
                "not_answered",
                Exit.NOT_FOUND,
                what=_("Nothing of “%(name)s” was answered or refused yet.") % {"name": name},
                do=_("See how it stands: parley inquiry show."),
            ) from error
    return write_paper(content, file, subject=f"{row.name} {name}")


def _found(reader: Reader, link: LinkRow, statement: bytes) -> Found:
    """Return the inquiry to which a statement belongs.

    Raises:
        NotToldError: it belongs to none.
    """
    row = reader.row(link.name, statement)
    first = None if row is None or row.thread is None else reader.row(link.name, row.thread)
    if first is None or first.kind != "inquiry.sent":
        raise NotToldError
    return Found(
        reader=reader,
        link=link,
        terms=reader.terms(link.name),
        thread=first.statement,
        place=first.place.replace(" ", "-"),
    )
