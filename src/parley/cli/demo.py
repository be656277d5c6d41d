"""`parley demo`: two countries on one computer, from the first key to twelve answers."""

import os
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError, advise, result
from parley.demo.figures import SAME
from parley.demo.play import PORT_TAKEN, has_browser, interruptible, play, present, stage
from parley.node.start import TRY_LATER


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help=_("Play the story without pages, and compare the records."))
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", help=_("Play here and keep it; played here before, it goes on.")
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=1, max=65535, help=_("Where the start page is; else a free port.")
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=_("Only print the address of the start page."))
    ] = False,
) -> None:
    language = get_language() or "en"
    with interruptible(), stage(folder) as place:
        advise(_("Two nodes on this computer, in %(folder)s. Ctrl-C stops them.") % {"folder": place})
        if headless:
            _play(place, language=language)
        else:
            browser = not no_browser and has_browser(os.environ)
            _present(present(place, language=language, port=port, browser=browser), port=port)


def _play(place: Path, *, language: str) -> None:
    code, figures = play(place, language=language)
    if code != 0:
        raise _stopped(Exit.NOT_PROVED if code == int(Exit.NOT_PROVED) else Exit.FAILED)
    result(figures)


def _present(code: int, *, port: int | None) -> None:
    if code == PORT_TAKEN:
        raise FaultError(
            "port_taken",
            Exit.CONFLICT,
            what=_("Another program listens on port %(port)s.") % {"port": port},
            do=_("Take another --port, or none: then a free one is found."),
        )
    if code == TRY_LATER:
        raise FaultError(
            "demo_plays_already",
            Exit.CONFLICT,
            what=_("The demonstration is played in this folder already."),
            do=_("Open its start page, or take another --dir."),
        )
    if code != 0:
        raise _stopped(Exit.FAILED)
    result({"ended": True}, _("Ended. Nothing of it runs any more."))


def _stopped(code: Exit) -> FaultError:
    return FaultError(
        "demo_stopped",
        code,
        what=_("The story did not come to its end."),
        safe=_("It ran on this computer only."),
        do=_("Run it again with --dir DIR: it goes on where it was, and keeps its logs (%(file)s).")
        % {"file": SAME},
    )
