"""parley call close: the call is over for us, and how. None of the endings is silence."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.call.case import Case, statement
from parley.cli.call.noun import verb
from parley.hotline import actions
from parley.hotline.actions import Closing
from parley.inquiries.forms.typed import read_code, read_time
from parley.links.actions.speaking import Said
from parley.protocol.hotline.codes import Cause, Ending


@verb(_("Close a call for our side, and say how it ended."))
@statement
def close(
    case: Case,
    *,
    ending: Annotated[
        str,
        typer.Option(
            "--ending",
            metavar="CODE",
            help=_("answered, declined, deferred, call_back, not_reached, technical_fault, cancelled."),
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=_("Deferred until, or called back at, with the zone.")),
    ] = None,
    cause: Annotated[
        str | None,
        typer.Option(
            "--cause", metavar="CODE", help=_("Why nobody was reached: line_fault, staffing, policy …")
        ),
    ] = None,
) -> Said:
    closing = Closing(
        ending=read_code(ending, Ending),
        at=None if at is None else read_time(at, now=case.hand.now),
        cause=None if cause is None else read_code(cause, Cause),
        text=case.text,
        ref=case.ref,
    )
    return actions.close(case.on, closing, by=case.hand)
