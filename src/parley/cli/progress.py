"""How long work tells how far it is: in words at a terminal, as lines of JSON for a program that waits."""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.output import advise
from parley.ledger.fsck.finding import Progress


class Form(StrEnum):
    """How progress is written to stderr."""

    JSONL = "jsonl"


Progressing = Annotated[
    Form | None,
    typer.Option("--progress", help=_("Tell on stderr how far it is, one JSON object a line.")),
]


def teller(form: Form | None) -> Callable[[Progress], None]:
    """Return what is told of each step: a line of JSON, words at a terminal, nothing elsewhere."""
    if form is Form.JSONL:
        return lambda at: advise(json.dumps({"what": at.what, "done": at.done, "total": at.total}))
    if sys.stderr.isatty():
        return lambda at: advise(
            _("%(what)s: %(done)d of %(total)d") % {"what": at.what, "done": at.done, "total": at.total}
        )
    return lambda _at: None
