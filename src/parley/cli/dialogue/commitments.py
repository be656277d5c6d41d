"""parley commitment: list, show, propose, agree, carry over, report, confirm, dispute."""

from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.dialogue.about import Both, Case, Name, salt, shown, statement
from parley.cli.dialogue.answering import add_answers
from parley.cli.dialogue.faults import heard
from parley.cli.dialogue.nouns import commitment, verb
from parley.cli.dialogue.telling import commitment_json, dossier_json, dossier_lines, list_rows
from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.cli.thread import Ref
from parley.dialogue.actions import commitments as actions
from parley.dialogue.actions.commitments import Promise
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import PAGE, Wanted, count_commitments, list_commitments
from parley.inquiries.forms.typed import read_code, read_time
from parley.links.actions.speaking import Said
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.dialogue.clause import Text
from parley.work import clock

Due = Annotated[
    str | None, typer.Option("--due", metavar="TIME", help=_("Until when it is to be done, with its zone."))
]
InRound = Annotated[
    str | None, typer.Option("--round", metavar="ROUND", help=_("The round under which it stands."))
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """By what its performance is measured, in both languages."""

    measure_en: Annotated[
        str, typer.Option("--measure-en", metavar="WORDS", help=_("By what it is measured, in English."))
    ]
    measure_zh: Annotated[
        str, typer.Option("--measure-zh", metavar="WORDS", help=_("By what it is measured, in Chinese."))
    ]


@commitment.command("list", help=_("Show commitments, newest first, and who owes the next word."))
def list_all(
    *,
    link: Link = None,
    only_open: Annotated[
        bool, typer.Option("--open", help=_("Those that are proposed or in force."))
    ] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("Those whose time is over."))] = False,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    now = clock.now()
    bring_rows_up_to_date(link)
    wanted = Wanted(link=link, is_open=True if only_open else None, is_overdue=overdue)
    with placed(after):
        page = list_commitments(wanted, now=now, after=after, limit=limit)
    total = count_commitments(wanted, now=now)
    result(
        {
            "commitments": [commitment_json(row, now=now) for row in page.rows],
            "total": total,
            "after": page.after,
        },
        list_rows(page.rows, now=now),
        ngettext("%(count)d commitment.", "%(count)d commitments.", total) % {"count": total},
    )
    advise_more(page.after)
    return Exit.DONE


@verb(commitment, _("Show one commitment: both languages, how it stands, and what was said."))
def show(name: Name, *, link: Link = None) -> int:
    with reading() as reader:
        dossier = shown(reader, name, link=link)
    result(dossier_json(dossier), *dossier_lines(dossier))
    return Exit.DONE


@commitment.command(help=_("Propose a commitment; it binds once the other side agrees."))
@spread
def propose(
    text: Both,
    measure: Measure,
    voice: Voice,
    *,
    owner: Annotated[
        list[str], typer.Option("--owner", metavar="PARTY", help=_("Who is to do it: A, B. May be repeated."))
    ],
    due: Due = None,
    at_round: InRound = None,
    link: Link = None,
    ref: Ref = None,
) -> int:
    with reading() as reader, heard():
        chosen = chosen_link(reader, link)
        promise = Promise(
            text=text.text(),
            measure=Text(en=measure.measure_en, zh=measure.measure_zh),
            owners=tuple(sorted({each.strip().upper() for each in owner})),
            salt=salt(),
            due=None if due is None else read_time(due, now=clock.now()),
            round=None if at_round is None else find_statement(reader, at_round, link=chosen.name)[1],
            ref=ref,
        )
        said = actions.propose(chosen.name, promise, by=voice.hand(require_home()))
        return tell(reader, chosen, said, wait=voice.wait)


@verb(commitment, _("Offer that it goes on under another round, or with another time; its id stays."))
@statement
def carry(case: Case, *, due: Due = None, at_round: InRound = None) -> Said:
    until = None if due is None else read_time(due, now=case.hand.now)
    to = case.statement(at_round)
    return actions.carry(case.on_named, to=to, due=until, by=case.hand, along=case.along)


@verb(commitment, _("Offer to give it up."))
@statement
def drop(case: Case) -> Said:
    return actions.drop(case.on, by=case.hand, along=case.along)


@verb(commitment, _("Report how a commitment of ours stands, with statements in the record that show it."))
@statement
def report(
    case: Case,
    *,
    standing: Annotated[
        str, typer.Option("--standing", metavar="CODE", help=_("under_way, hindered or fulfilled."))
    ],
    evidence: Annotated[
        list[str] | None,
        typer.Option("--evidence", metavar="STATEMENT", help=_("What shows it. May be repeated.")),
    ] = None,
) -> Said:
    shows = tuple(found for each in evidence or () if (found := case.statement(each)))
    return actions.report(
        case.on, read_code(standing, Standing), by=case.hand, evidence=shows, along=case.along
    )


@verb(commitment, _("Confirm the other side's report: it is so."))
@statement
def confirm(case: Case) -> Said:
    return actions.confirm(case.on_named, by=case.hand, along=case.along)


@verb(commitment, _("Dispute the other side's report: it is not so."))
@statement
def dispute(case: Case) -> Said:
    return actions.dispute(case.on_named, by=case.hand, along=case.along)


add_answers(commitment, Page.COMMITMENT)
