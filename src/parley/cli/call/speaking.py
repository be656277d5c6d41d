"""parley call say, minute: the conversation, and what was agreed by voice."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.case import Case, statement
from parley.cli.call.fields import FieldOptions, changed_fields
from parley.cli.call.noun import verb
from parley.hotline import actions
from parley.hotline.actions import Message, Minute
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import read_code, read_time
from parley.links.actions.speaking import Said
from parley.protocol.clauses import Rung
from parley.protocol.hotline.codes import Sort
from parley.protocol.hotline.mark import SALT_BYTES
from parley.protocol.suite import Standard


@verb(_("Say something in a call, of one of ten sorts."))
@statement
def say(
    case: Case,
    *,
    sort: Annotated[
        str, typer.Option("--sort", metavar="SORT", help=_("holding, substantive, question, clarification …"))
    ],
    next_word: Annotated[
        str | None,
        typer.Option(
            "--next-word", metavar="TIME", help=_("Promise: until when we speak again, such as +20m.")
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="RUNG", help=_("Ring this rung of theirs at once, such as second_officer.")
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=_("A joint start, or when a statement is to be public.")),
    ] = None,
    fields: FieldOptions,
) -> Said:
    now = case.hand.now
    message = Message(
        sort=read_code(sort, Sort),
        text=case.text,
        next_word=None if next_word is None else read_time(next_word, now=now),
        to=None if to is None else read_code(to, Rung),
        at=None if at is None else read_time(at, now=now),
        fields=None if fields.is_empty else changed_fields(fields, case.fields(), now=now),
        salt=Standard().dice(SALT_BYTES),
        ref=case.ref,
    )
    return actions.say(case.on_named, message, by=case.hand)


@verb(_("Put down what was agreed in a voice call: up to 5 lines, which both sides read back."))
@statement
def minute(
    case: Case,
    *,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help=_("When the voice call began."))],
    until: Annotated[str, typer.Option("--until", metavar="TIME", help=_("When it ended."))],
    line: Annotated[
        list[str], typer.Option("--line", metavar="WORDS", help=_("One line of the minute. May be repeated."))
    ],
    present: Annotated[
        list[str] | None,
        typer.Option("--present", metavar="NAME", help=_("Who was there, by office. May be repeated.")),
    ] = None,
) -> Said:
    now = case.hand.now
    said = Minute(
        since=read_time(since, now=now),
        until=read_time(until, now=now),
        lines=tuple(line),
        salt=Standard().dice(SALT_BYTES),
        present=tuple(text_of(each) for each in present or ()),
        ref=case.ref,
    )
    return actions.minute(case.on, said, by=case.hand)
