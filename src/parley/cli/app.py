"""The command line put together: one line per noun. Here alone faults become words and exit codes."""

import os
from collections.abc import Sequence

import typer
from django.utils import translation
from django.utils.translation import gettext as _

from parley import __version__
from parley.cli.demo import demo
from parley.cli.doctor import doctor
from parley.cli.exits import Exit
from parley.cli.init import init
from parley.cli.inquiry import inquiry
from parley.cli.lines import run_lines
from parley.cli.link import link
from parley.cli.manner import Manner, MannerError, take_manner
from parley.cli.officer import officer
from parley.cli.output import FaultError, report, result, spoken
from parley.cli.record import record
from parley.cli.renewing import renew
from parley.cli.running import serve, status

app = typer.Typer(
    help=_("A node of Parley. Everywhere on the line: --home DIR, --lang en|zh, --json, --plain."),
    add_completion=False,
    # Rich cuts Chinese help short, since it finds no place to break the line.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(help=_("Play two countries on this computer, from the first key to the last answer."))(demo)
app.command(help=_("Make a new node in this folder, with keys of its own."))(init)
app.command(help=_("Run the node until Ctrl-C."))(serve)
app.command(help=_("Show in a moment whether the node runs as it should."))(status)
app.command(help=_("Look at everything, and say what to do about what is wrong."))(doctor)
app.add_typer(officer, name="officer")
link.command(help=_("Tell every partner where this node is reached from now on: its next card."))(renew)
app.add_typer(link, name="link")
app.add_typer(inquiry, name="inquiry")
app.add_typer(record, name="record")


@app.command(help=_("Show which Parley this is."))
def version() -> None:
    result({"version": __version__}, f"parley {__version__}")


@app.command(help=_("Run the commands on stdin, one JSON array of words a line, with one start-up."))
def lines() -> None:
    run_lines(_run_line)


def _run_line(words: Sequence[str]) -> int:
    try:
        manner, rest = take_manner(words, environ=os.environ)
    except MannerError as error:
        return refuse(error)
    with translation.override(manner.language):
        return run(rest, manner=manner)


def run(words: Sequence[str], *, manner: Manner) -> int:
    """Run the command that `words` name and return its exit code."""
    with spoken(manner):
        try:
            code: object = app(args=list(words) or ["--help"], prog_name="parley", standalone_mode=False)
        except FaultError as fault:
            return report(fault)
        except typer.TyperException as error:
            return report(usage_fault(error.format_message()))
        except typer.Abort:
            return int(Exit.FAILED)
    return code if isinstance(code, int) else int(Exit.DONE)


def refuse(error: MannerError) -> int:
    """Say that an option which belongs to every command makes no sense, and return the exit code."""
    words = {"option": error.option, "value": error.value}
    return report(usage_fault(_("%(option)s cannot be “%(value)s”.") % words))


def usage_fault(what: str) -> FaultError:
    return FaultError("usage", Exit.NEEDS_A_PERSON, what=what, do=_("Look at: parley --help."))
