"""parley case note: what both sides should know, with files if there are any."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cli.case.about import InCase, statement
from parley.cli.case.noun import verb
from parley.cli.enclosed import enclosed
from parley.cli.persons import require_home
from parley.inquiries.forms.typed import read_code
from parley.links.actions.speaking import Said
from parley.protocol.cases.codes import Sort


@verb(_("Tell what both should know: a note, or a lead that somebody should follow."))
@statement
def note(
    found: InCase,
    *,
    sort: Annotated[str, typer.Option("--sort", metavar="CODE", help=_("note or lead."))] = Sort.NOTE.value,
    enclose: Annotated[
        list[str] | None,
        typer.Option(
            "--enclose", metavar="FILE", help=_("A file that goes with it, or the hash of one that waits.")
        ),
    ] = None,
) -> Said:
    with enclosed(require_home(), found.lane, enclose or ()) as files:
        return actions.note(
            found.on_named, read_code(sort, Sort), by=found.hand, text=found.text, files=files
        )
