"""parley round: list, show, propose, replan, agenda, groups, decisions, delegations, views, the next."""

from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.about import Both, Case, Name, salt, shown, statement
from parley.cli.dialogue.agenda import round_lines
from parley.cli.dialogue.answering import add_answers
from parley.cli.dialogue.faults import heard
from parley.cli.dialogue.nouns import round_, verb
from parley.cli.dialogue.telling import dossier_json, dossier_lines, round_json, round_rows
from parley.cli.exits import Exit
from parley.cli.listing import After, Limit, advise_more, bring_rows_up_to_date, placed
from parley.cli.looking import Link, chosen_link, find_statement, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, advise, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, tell
from parley.cli.thread import Ref
from parley.dialogue.actions import rounds as actions
from parley.dialogue.actions.rounds import Item, Plan
from parley.dialogue.actions.saying import Page
from parley.dialogue.queries import PAGE, RoundDossier, list_rounds
from parley.inquiries.forms.typed import read_code, read_time
from parley.links.actions.speaking import Said
from parley.protocol.dialogue.bodies import Source, Stance
from parley.protocol.dialogue.meeting import Round
from parley.ui import words as told
from parley.work import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Who receives the other side, and from when to when."""

    host: Annotated[
        str, typer.Option("--host", metavar="PARTY", help=_("Who receives the other side: A or B."))
    ]
    begins: Annotated[str, typer.Option("--begins", metavar="TIME", help=_("When it begins, with its zone."))]
    ends: Annotated[str, typer.Option("--ends", metavar="TIME", help=_("When it ends, with its zone."))]

    def plan(self, place: Both, *, now: int) -> Plan:
        """Return the plan, `place` being where."""
        return Plan(
            host=self.host.strip().upper(),
            begins=read_time(self.begins, now=now),
            ends=read_time(self.ends, now=now),
            place=place.text(),
            salt=salt(),
        )


@round_.command("list", help=_("Show rounds, newest first."))
def list_all(
    *,
    link: Link = None,
    after: After = None,
    limit: Limit = PAGE,
) -> int:
    bring_rows_up_to_date(link)
    with placed(after):
        page = list_rounds(link=link, after=after, limit=limit)
    result({"rounds": [round_json(row) for row in page.rows], "after": page.after}, round_rows(page.rows))
    advise_more(page.after)
    return Exit.DONE


@verb(round_, _("Show one round: plan, agenda, delegations, decisions, and what was said."))
def show(name: Name, *, link: Link = None) -> int:
    with reading() as reader:
        dossier = shown(reader, name, link=link)
    plan = round_lines(dossier) if isinstance(dossier, RoundDossier) else ()
    result(dossier_json(dossier), *dossier_lines(dossier, *plan))
    return Exit.DONE


@round_.command(help=_("Propose a round; --en and --zh name the place."))
@spread
def propose(
    place: Both,
    when: When,
    voice: Voice,
    *,
    number: Annotated[int, typer.Option("--number", min=1, max=999, help=_("Which round it is."))],
    after: Annotated[
        str | None, typer.Option("--after", metavar="ROUND", help=_("The round before it."))
    ] = None,
    link: Link = None,
    ref: Ref = None,
) -> int:
    with reading() as reader, heard():
        chosen = chosen_link(reader, link)
        before = None if after is None else find_statement(reader, after, link=chosen.name)[1]
        plan = when.plan(place, now=clock.now())
        hand = voice.hand(require_home())
        said = actions.propose(chosen.name, plan, number=number, by=hand, after=before, ref=ref)
        return tell(reader, chosen, said, wait=voice.wait)


@verb(round_, _("Offer another place or time; --en and --zh name the place."))
@statement
def replan(case: Case, *, place: Both, when: When) -> Said:
    return actions.replan(case.on_named, when.plan(place, now=case.hand.now), by=case.hand)


@verb(round_, _("Offer place and time of the next round; --en and --zh name the place."), name="next")
@statement
def next_(case: Case, *, place: Both, when: When) -> Said:
    return actions.propose_next(case.on_named, when.plan(place, now=case.hand.now), by=case.hand)


@verb(round_, _("Offer an item of the agenda."))
@statement
def item(
    case: Case,
    *,
    words: Both,
    source: Annotated[
        str,
        typer.Option(
            "--source",
            metavar="CODE",
            help=_("review, case, commitment, concern, hotline, guideline, other."),
        ),
    ],
    of: Annotated[
        str | None, typer.Option("--of", metavar="STATEMENT", help=_("What in the record it is about."))
    ] = None,
) -> Said:
    said = Item(source=read_code(source, Source), text=words.text(), salt=salt(), of=case.statement(of))
    return actions.propose_item(case.on, said, by=case.hand)


@verb(round_, _("Offer the report of a working group."))
@statement
def group(
    case: Case,
    *,
    words: Both,
    group: Annotated[str, typer.Option("--group", metavar="CODE", help=_("Which group, as a code."))],
) -> Said:
    return actions.report_group(case.on, group, words.text(), salt=salt(), by=case.hand)


@verb(round_, _("Offer a decision; it may name the text of a guideline."))
@statement
def decide(
    case: Case,
    *,
    words: Both,
    guideline: Annotated[
        str | None, typer.Option("--guideline", metavar="HASH", help=_("The digest of that text."))
    ] = None,
) -> Said:
    return actions.decide(case.on, words.text(), salt=salt(), by=case.hand, guideline=guideline)


@verb(round_, _("Say who comes, by role and never by name."))
@statement
def delegate(
    case: Case,
    *,
    chair: Annotated[str, typer.Option("--chair", metavar="ROLE", help=_("The role of our co-chair."))],
    member: Annotated[
        list[str],
        typer.Option("--member", metavar="ROLE=N", help=_("So many of a role. May be repeated.")),
    ],
) -> Said:
    members = dict(_member(each) for each in member)
    if chair not in members:
        raise FaultError(
            "schema",
            Exit.NEEDS_A_PERSON,
            what=_("The co-chair is one of the delegation."),
            do=_("Name the role once more: --member %(role)s=1.") % {"role": chair},
        )
    return actions.delegate(case.on, members, chair=chair, by=case.hand)


def _member(text: str) -> tuple[str, int]:
    role, _equals, count = text.partition("=")
    if not (count.isascii() and count.isdecimal() and len(count) <= 3):
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” cannot be read here.") % {"text": text},
            do=_("Write it as ROLE=N, such as vice_minister=1."),
        )
    return role.strip(), int(count)


@verb(round_, _("Put a view or a position paper on the record; it binds nobody."))
@statement
def state(
    case: Case,
    *,
    stance: Annotated[
        str, typer.Option("--stance", metavar="CODE", help=_("view or position_paper."))
    ] = "view",
) -> Said:
    return actions.state(case.on_named, read_code(stance, Stance), by=case.hand, along=case.along)


@verb(round_, _("Say that for us the round is over."))
@statement
def close(case: Case) -> Said:
    if isinstance(case.folded, Round) and case.hand.now < case.folded.plan.begins:
        begins = told.instant(case.folded.plan.begins)
        advise(_("The round has not begun yet; it begins at %(time)s.") % {"time": begins})
    return actions.close(case.on, by=case.hand, along=case.along)


add_answers(round_, Page.ROUND)
