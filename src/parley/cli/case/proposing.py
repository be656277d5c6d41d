"""parley case propose, join, decline, close: how a joint case begins and ends."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cases.actions import Proposal
from parley.cases.forms.texts import both_of
from parley.cli.case.about import InCase, heard, statement
from parley.cli.case.noun import case, verb
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.options import spread
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.cli.thread import Ref, Words
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import read_code
from parley.links.actions.speaking import Said
from parley.protocol.cases.codes import Declining, Ending

English = Annotated[
    str, typer.Option("--title-en", metavar="WORDS", help=_("What it is called, in English."))
]
Chinese = Annotated[
    str, typer.Option("--title-zh", metavar="WORDS", help=_("What it is called, in Chinese."))
]


@case.command(help=_("Propose a joint case to the other side, from an inquiry, a call, or nothing."))
@spread
def propose(
    *,
    item: Annotated[
        list[str],
        typer.Option("--item", metavar="CODE", help=_("An agreed item of cooperation. May be repeated.")),
    ],
    title_en: English,
    title_zh: Chinese,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="PLACE", help=_("An inquiry or call from which it arose. May be repeated.")
        ),
    ] = None,
    text: Words = None,
    ref: Ref = None,
    link: Link = None,
    voice: Voice,
) -> int:
    with reading() as reader, heard():
        row = chosen_link(reader, link)
        origins = [find_statement(reader, each, link=row.name)[1] for each in origin or ()]
        proposal = Proposal(
            items=tuple(item),
            title=both_of(title_en, title_zh),
            origins=tuple(dict.fromkeys(origins)),
            text=text_of(text) if text else None,
            ref=ref,
        )
        said = actions.propose(row.name, proposal, by=voice.hand(require_home()))
        return tell(reader, row, said, wait=voice.wait)


@verb(_("Join a case that the other side proposed; also one that was declined."))
@statement
def join(found: InCase) -> Said:
    return actions.join(found.on, by=found.hand, text=found.text)


@verb(_("Say that our side does not join a case."))
@statement
def decline(
    found: InCase,
    *,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="CODE", help=_("not_competent, own_law, own_proceedings, no_interest.")
        ),
    ],
) -> Said:
    return actions.decline(found.on, read_code(reason, Declining), by=found.hand, text=found.text)


@verb(_("Close a case for our side, and say how it ended."))
@statement
def close(
    found: InCase,
    *,
    ending: Annotated[
        str,
        typer.Option(
            "--ending", metavar="CODE", help=_("solved, prosecuted, no_result, merged, left, withdrawn.")
        ),
    ],
) -> Said:
    return actions.close(found.on, read_code(ending, Ending), by=found.hand, text=found.text)
