"""parley call take, read-back: somebody has the call, and says what he understood.

What is read back is typed, never chosen from what the other side said: the machine compares.
"""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.case import Case, statement
from parley.cli.call.fields import FieldOptions, read_fields
from parley.cli.call.noun import verb
from parley.cli.exits import Exit
from parley.cli.output import FaultError, advise
from parley.hotline import actions
from parley.hotline.forms.comparing import compare, compare_lines
from parley.hotline.forms.telling import near_words
from parley.inquiries.forms.typed import read_code
from parley.links.actions.speaking import Said, Target
from parley.protocol.clauses import Rung
from parley.protocol.hotline.bodies import Minuted
from parley.ui import callwords, words


@verb(_("Take a call: this person has it now, and answers for it."))
@statement
def take(
    case: Case,
    *,
    rung: Annotated[
        str, typer.Option("--rung", metavar="RUNG", help=_("At which rung of ours: duty_desk, director …"))
    ] = Rung.DUTY_DESK.value,
) -> Said:
    return actions.take(case.on, read_code(rung, Rung), by=case.hand, text=case.text)


@verb(_("Read back what was understood; it is compared before it is said."), name="read-back")
@statement
def read_back(
    case: Case,
    *,
    fields: FieldOptions,
    line: Annotated[
        list[str] | None,
        typer.Option(
            "--line", metavar="WORDS", help=_("Of a minute: a line as it was heard. May be repeated.")
        ),
    ] = None,
) -> Said:
    if line:
        return _read_minute(case, tuple(line))
    named = case.call.text if case.named == case.thread else case.named
    text = case.text_at(named)
    if text.fields is None:
        raise _is_minute()
    read = read_fields(fields, now=case.hand.now)
    compared = compare(text.fields, named=text.body.object, read=read, salt=text.body.salt)
    for miss in compared.misses:
        near = near_words(miss, compared.near)
        told = words.label(miss, callwords.FIELDS)
        advise(
            _("Differs from what they said: %(field)s") % {"field": told}
            + (words.aside(near) if near else "")
        )
    on = Target(link=case.link.name, statement=named)
    return actions.read_back(on, compared.fields, by=case.hand, named=read.object or None)


def _read_minute(case: Case, lines: tuple[str, ...]) -> Said:
    minutes = [statement for statement, _holds in case.call.minutes]
    named = minutes[-1] if case.named == case.thread and minutes else case.named
    text = case.text_at(named)
    if not isinstance(text.said, Minuted):
        raise FaultError(
            "no_minute",
            Exit.NOT_FOUND,
            what=_("There is no minute in this call to read back."),
            do=_("Look at: parley call show."),
        )
    for number in compare_lines(text.said.lines, lines=lines, salt=text.body.salt):
        advise(_("Differs from the minute: line %(number)s") % {"number": number})
    on = Target(link=case.link.name, statement=named)
    return actions.read_back_lines(on, lines, salt=text.body.salt or b"", by=case.hand)


def _is_minute() -> FaultError:
    return FaultError(
        "is_minute",
        Exit.NEEDS_A_PERSON,
        what=_("This is a minute, or a message without the five fields."),
        do=_("Read a minute back line by line: --line WORDS. Otherwise name the call."),
    )
