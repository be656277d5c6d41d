"""parley inquiry: what the side that asked says, and what either side may."""

from dataclasses import replace
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.inquiry.asked import Items
from parley.cli.inquiry.case import Case, statement
from parley.cli.inquiry.noun import verb
from parley.cli.output import FaultError
from parley.inquiries import actions
from parley.inquiries.forms import typed
from parley.inquiries.forms.letter import Remark, Text, text_of
from parley.links.actions.speaking import Said
from parley.protocol.inquiries.codes import Contention, Outcome, Withdrawal

Score = Annotated[int, typer.Option(min=0, max=3, help=_("0 not at all, 3 fully."))]


@verb(_("Supply what a return asked for."))
@statement
def supply(
    case: Case,
    *,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="FIELD=TEXT",
            help=_("A field and what it should say; ITEM:FIELD=TEXT for one item. May be repeated."),
        ),
    ] = None,
) -> Said:
    said = tuple(_field(text) for text in fields or ())
    if not said and case.words.remark.text is None:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("There is no supplement."),
            do=_("Add --field FIELD=TEXT for each field, or --text WORDS."),
        )
    words = replace(case.words, remark=Remark(text=case.words.remark.text, fields=said))
    return actions.supply(case.on_waiting("inquiry.returned"), by=case.hand, words=words)


def _field(text: str) -> tuple[int | None, str, Text]:
    name, equals, said = text.partition("=")
    item, colon, field = name.rpartition(":")
    if not equals or not said or (colon and not item.isdecimal()):
        raise typed.TypedError("field", text)
    return (int(item) if colon else None), field.strip(), text_of(said)


@verb(_("Undertake the conditions that were offered."))
@statement
def undertake(case: Case) -> Said:
    return actions.undertake(case.on_waiting("inquiry.conditioned"), by=case.hand, words=case.words)


@verb(_("Decline the conditions that were offered."))
@statement
def decline(case: Case) -> Said:
    return actions.decline(case.on_waiting("inquiry.conditioned"), by=case.hand, words=case.words)


@verb(_("Agree to an extension or a postponement."))
@statement
def agree(case: Case) -> Said:
    on = case.on_waiting("inquiry.extended", "inquiry.postponed")
    return actions.agree(on, by=case.hand, words=case.words)


@verb(_("Do not agree to an extension or a postponement."), name="refuse-time")
@statement
def refuse_time(case: Case) -> Said:
    on = case.on_waiting("inquiry.extended", "inquiry.postponed")
    return actions.refuse_time(on, by=case.hand, words=case.words)


@verb(_("Ask how things stand; a short clock of its own runs."), name="ask-status")
@statement
def ask_status(case: Case) -> Said:
    return actions.ask_status(case.on, by=case.hand, words=case.words)


@verb(_("Ask that items be disregarded."))
@statement
def withdraw(
    case: Case, *, items: Items = "all", reason: Annotated[Withdrawal, typer.Option(help=_("Why."))]
) -> Said:
    return actions.withdraw(case.on, typed.read_items(items), reason=reason, by=case.hand, words=case.words)


@verb(_("Say how useful the answers were, 0 to 3 each."))
@statement
def rate(case: Case, *, timely: Score, complete: Score, usable: Score, understandable: Score) -> Said:
    scores = {"timely": timely, "complete": complete, "usable": usable, "understandable": understandable}
    return actions.rate(case.on, scores, by=case.hand, words=case.words)


@verb(_("Tell what became of the case at home."), name="notify-outcome")
@statement
def notify_outcome(
    case: Case, *, outcome: Annotated[Outcome, typer.Option(help=_("What became of it."))]
) -> Said:
    return actions.notify_outcome(case.on, outcome, by=case.hand, words=case.words)


@verb(_("Say that nothing more is needed."))
@statement
def close(case: Case) -> Said:
    return actions.close(case.on, by=case.hand, words=case.words)


@verb(_("Contest a statement; it stands, and is shown as disputed. Either side may."))
@statement
def dispute(case: Case, *, ground: Annotated[Contention, typer.Option(help=_("What is contested."))]) -> Said:
    return actions.dispute(case.on_named, ground, by=case.hand, words=case.words)
