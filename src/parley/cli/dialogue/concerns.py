"""parley concern: what worries a side about a commitment, the other side's answer, and the end of it."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.about import Case, statement
from parley.cli.dialogue.nouns import concern, verb
from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.dialogue.actions import commitments as actions
from parley.links.actions.speaking import Said


@verb(concern, _("Raise a concern under a commitment; --text says it."), name="raise")
@statement
def raise_(case: Case) -> Said:
    return actions.raise_concern(case.on, by=case.hand, along=case.along)


@verb(concern, _("Answer a concern of the other side; --text says it."))
@statement
def answer(case: Case) -> Said:
    return actions.answer_concern(case.on_named, by=case.hand, along=case.along)


@verb(concern, _("Say that a concern was taken to the hotline, in which call."))
@statement
def escalate(
    case: Case,
    *,
    call: Annotated[str, typer.Option("--call", metavar="CALL", help=_("The call: its place or its id."))],
) -> Said:
    found = case.statement(call)
    if found is None or case.reader.call(case.link.name, found) is None:
        raise FaultError(
            "no_call",
            Exit.NOT_FOUND,
            what=_("“%(name)s” belongs to no call that has effect.") % {"name": call},
            do=_("Look at: parley call list."),
        )
    return actions.escalate(case.on_named, call=found, by=case.hand, along=case.along)


@verb(concern, _("Say that a concern of ours is no more."))
@statement
def settle(case: Case) -> Said:
    return actions.settle_concern(case.on_named, by=case.hand, along=case.along)
