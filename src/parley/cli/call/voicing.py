"""parley call voice: a principal without a screen decides by voice; two officers who heard it put it down.

As on the page (`hotline/views/voicing.py`): both give their own secrets, and nothing is said before both are
right. What is said is an ordinary statement of our node at the principal's rung. Source: screens §3.5.
"""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import OfficerRow
from parley.cli.call.case import Case, statement
from parley.cli.call.noun import verb
from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.cli.persons import acting_with_secret
from parley.hotline import actions
from parley.hotline.actions import Voiced
from parley.hotline.forms.voicing import Deed, voiced_text
from parley.hotline.policy import voice_rungs
from parley.inquiries.forms.typed import read_code
from parley.links.actions.speaking import Said
from parley.protocol.clauses import Rung
from parley.ui import callwords, words


@verb(
    _("Put down what a principal decided by voice: two officers heard it, and both give their secrets."),
    name="voice",
)
@statement
def put_down(
    case: Case,
    *,
    rung: Annotated[
        str,
        typer.Option("--rung", metavar="RUNG", help=_("By which office of ours: vice_minister or minister.")),
    ],
    decided: Annotated[
        str, typer.Option("--decided", metavar="CODE", help=_("take: it has the call; or decline."))
    ],
    second: Annotated[
        str, typer.Option("--second", metavar="NAME", help=_("The other officer who heard it."))
    ],
    second_secret_file: Annotated[
        Path | None,
        typer.Option(
            "--second-secret-file",
            metavar="FILE",
            help=_("Where the other officer's secret stands; without it, it is asked for."),
        ),
    ] = None,
) -> Said:
    office = _office(case, read_code(rung, Rung))
    deed = read_code(decided, Deed)
    if case.text is None:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("It is missing in which words the office decided."),
            do=_("Add --text with what was decided, as it was said."),
        )
    witness = _witness(case, second, secret_file=second_secret_file)
    text = voiced_text(case.text.text, heard_by=(case.hand.officer.number, witness.number))
    return actions.put_down(case.on, Voiced(rung=office, deed=deed, text=text, second=witness), by=case.hand)


def _office(case: Case, rung: Rung) -> Rung:
    """Return the rung, if it is an office of a principal that the call rings now.

    Raises:
        FaultError: it is not.
    """
    rings = voice_rungs(case.call, me=case.link.me, now=case.hand.now)
    if rung in rings or (case.is_repeated and _has_spoken(case, rung)):
        return rung
    named = words.listed([words.label(each.value, callwords.RUNGS) for each in rings])
    raise FaultError(
        "office_not_rung",
        Exit.REFUSED,
        what=_("That office is not rung for this call now."),
        safe=_("Nothing was written, and nothing was sent."),
        do=_("Principals' offices that are rung now: %(rungs)s.") % {"rungs": named}
        if rings
        else _("No principal's office of ours is rung. See who is: parley call show."),
    )


def _has_spoken(case: Case, rung: Rung) -> bool:
    """Return whether the office took the call already, or we closed it: what is repeated may be that."""
    me = case.link.me
    ladder = case.call.bells[me].clauses.ladder
    if not any(step.rung is rung and step.level.is_principal for step in ladder):
        return False
    took = any(each.node == me and each.rung is rung for each in case.call.takings)
    return took or me in case.call.stands


def _witness(case: Case, name: str, *, secret_file: Path | None) -> OfficerRow:
    """Return the other officer, once his or her secret showed who it is.

    Raises:
        FaultError: not that person, somebody who may not act, or the one who speaks.
    """
    witness, _secret = acting_with_secret(name, secret_file=secret_file, option="--second-secret-file")
    if witness.number == case.hand.officer.number:
        raise FaultError(
            "one_person",
            Exit.REFUSED,
            what=_("Two persons must have heard it: name another officer."),
            safe=_("Nothing was written, and nothing was sent."),
            do=_("Add --second with the officer who heard it with you."),
        )
    return witness
