"""`parley demo`: two countries on one computer, from the first key to twelve answers."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError, advise, result
from parley.demo.figures import SAME
from parley.demo.play import play, stage


def demo(
    *,
    headless: Annotated[  # noqa: ARG001 - the only way until there are pages; asked for by name all the same
        bool, typer.Option("--headless", help=_("Play the story without pages, and compare the records."))
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", help=_("Play here and keep it; played here before, it goes on.")
        ),
    ] = None,
) -> None:
    with stage(folder) as place:
        advise(_("Two nodes on this computer, in %(folder)s. Ctrl-C stops them.") % {"folder": place})
        code, figures = play(place, language=get_language() or "en")
        if code != 0:
            raise FaultError(
                "demo_stopped",
                Exit.NOT_PROVED if code == int(Exit.NOT_PROVED) else Exit.FAILED,
                what=_("The story did not come to its end."),
                safe=_("It ran on this computer only."),
                do=_("Run it again with --dir DIR: it goes on where it was, and keeps its logs (%(file)s).")
                % {"file": SAME},
            )
    result(figures)
