"""parley outcome print, parley round summary: the list on paper, and how it stands with the other side."""

from collections.abc import Sequence
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.cli.dialogue.about import Name, find_thread
from parley.cli.dialogue.nouns import outcome, round_, verb
from parley.cli.exits import Exit
from parley.cli.exporting import Target, write_paper
from parley.cli.looking import Link, bring_up_to_date, chosen_link, reading
from parley.cli.output import FaultError, JsonValue, Rows, result
from parley.cli.persons import require_home
from parley.dialogue.queries import Printable, printable
from parley.dialogue.views.paper import press_paper, signing_paper
from parley.dialogue.views.summary import SummaryLine, summary_lines
from parley.ledger.readers import link_called, side_name
from parley.ledger.reading import Reader
from parley.protocol.dialogue.meeting import Round
from parley.ui.paper.blocks import Paper
from parley.ui.paper.copies import CODES, LETTERS
from parley.ui.paper.printing import printed
from parley.work import clock

First = Annotated[
    str,
    typer.Option("--first", metavar="A|B", help=_("The party in the first place of the copy to be signed.")),
]
Press = Annotated[
    str,
    typer.Option("--press", metavar="en|zh", help=_("The paper for the press in this language, instead.")),
]


@verb(
    outcome,
    _("Write the frozen list into a PDF file: a copy to be signed, or one for the press."),
    name="print",
)
def print_(name: Name, file: Target, *, link: Link = None, first: First = "", press: Press = "") -> int:
    with reading() as reader:
        paper = _paper(_frozen(reader, name, link=link), first=first, press=press)
    with override(CODES[paper.lang]):
        content = printed(paper)
    return write_paper(content, file, subject=f"{link or ''} {name}".strip())


def _frozen(reader: Reader, name: str, *, link: str | None) -> Printable:
    row, _opening, _named, thread = find_thread(reader, name, link=link)
    found = printable(reader, row, thread) if isinstance(thread, Round) else None
    if found is None:
        raise FaultError(
            "not_frozen",
            Exit.REFUSED,
            what=_("A list is printed once both sides have frozen the same."),
            do=_("Look at: parley outcome show."),
        )
    return found


def _paper(found: Printable, *, first: str, press: str) -> Paper:
    if press == "en":
        return press_paper(found, lang="en")
    if press == "zh":
        return press_paper(found, lang="zh")
    chosen = first or found.link.my_letter
    if press or chosen not in LETTERS:
        raise FaultError(
            "unknown_copy",
            Exit.NEEDS_A_PERSON,
            what=_("There is no such copy of the list."),
            do=_(
                "Use --first A or --first B for a copy to be signed, --press en or --press zh for the press."
            ),
        )
    return signing_paper(found, first=chosen)


@verb(
    round_,
    _("Show how it stands with the other side, in seven lines, and five before a talk."),
    name="summary",
)
def summary(*, link: Link = None) -> int:
    with reading() as reader:
        bring_up_to_date(reader)
        home, row = require_home(), chosen_link(reader, link)
        found = link_called(home, row.link)
        assert found is not None, "it was chosen from those that are there"
        seven, five = summary_lines(home, reader, found, now=clock.now())
    result(
        {"link": row.link, "seven": _told(seven), "five": _told(five)},
        side_name(row),
        _rows(seven),
        _rows(five),
    )
    return Exit.DONE


def _told(lines: Sequence[SummaryLine]) -> list[JsonValue]:
    return [{"name": each.name, "text": each.text, "is_pressing": each.is_pressing} for each in lines]


def _rows(lines: Sequence[SummaryLine]) -> Rows:
    return Rows(titles=("", ""), rows=tuple((each.name, each.text) for each in lines))
