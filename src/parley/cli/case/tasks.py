"""parley case task, agree-task, decline-task, finish-task: who does what, and when both start together."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cases.actions import Task
from parley.cases.forms.texts import both_of
from parley.cli.case.about import InCase, statement
from parley.cli.case.noun import verb
from parley.cli.case.proposing import Chinese, English
from parley.inquiries.forms.typed import read_code, read_time
from parley.links.actions.speaking import Said
from parley.protocol.cases.codes import Owner, Result


@verb(_("Set a task in a case, or the next version of one whose place is named."))
@statement
def task(
    found: InCase,
    *,
    owner: Annotated[
        str, typer.Option("--owner", metavar="A|B|both", help=_("Whose it is; both: each its half."))
    ],
    title_en: English,
    title_zh: Chinese,
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="TIME", help=_("When it starts, for both at once if it is both's.")),
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="TIME", help=_("By when it is to be done."))
    ] = None,
) -> Said:
    now = found.hand.now
    said = Task(
        owner=read_code(owner, Owner),
        title=both_of(title_en, title_zh),
        start=None if start is None else read_time(start, now=now),
        due=None if due is None else read_time(due, now=now),
    )
    return actions.set_task(found.on_named, said, by=found.hand)


@verb(_("Stand behind a version of a task that the other side set."), name="agree-task")
@statement
def agree_task(found: InCase) -> Said:
    return actions.agree_task(found.on_named, by=found.hand, text=found.text)


@verb(_("Say that we do not stand behind a version of a task, or no longer."), name="decline-task")
@statement
def decline_task(found: InCase) -> Said:
    return actions.decline_task(found.on_named, by=found.hand, text=found.text)


@verb(_("Say what became at our side of the version of a task that holds."), name="finish-task")
@statement
def finish_task(
    found: InCase,
    *,
    result: Annotated[str, typer.Option("--result", metavar="CODE", help=_("done, partly, not_possible."))],
) -> Said:
    return actions.finish_task(found.on_named, read_code(result, Result), by=found.hand, text=found.text)
