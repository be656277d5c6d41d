"""The command line put together: one line per noun. Here alone faults become words and exit codes."""

import os
from collections.abc import Sequence

import typer
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from parley import __version__
from parley.cli.backup import backup
from parley.cli.carrying import carry
from parley.cli.demo import demo
from parley.cli.doctor import doctor
from parley.cli.erasing import erase
from parley.cli.erasures import list_erasures
from parley.cli.exits import Exit
from parley.cli.exporting import export_link, prove_statement, show_tiles
from parley.cli.files import file
from parley.cli.fsck import fsck
from parley.cli.holding import hold
from parley.cli.init import init
from parley.cli.inquiry import inquiry
from parley.cli.lines import run_lines
from parley.cli.link import link
from parley.cli.manner import Manner, MannerError, take_manner
from parley.cli.officer import officer
from parley.cli.officers_keys import key
from parley.cli.output import FaultError, report, result, spoken
from parley.cli.record import record
from parley.cli.recovering import recover_link
from parley.cli.renewing import renew
from parley.cli.running import serve, status
from parley.cli.suspending import resume, sign, suspend
from parley.cli.verify import verify_file
from parley.work.room import is_out_of_room

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
officer.command(help=_("Make an officer's own key, and have the roots of this node enrol it."))(key)
app.add_typer(officer, name="officer")
link.command(help=_("Tell every partner where this node is reached from now on: its next card."))(renew)
link.add_typer(carry, name="carry")
link.command("recover", help=_("Show what is lost of our own log, and confirm what came back."))(recover_link)
link.command(help=_("Stop the link, or one thing on it, for both sides; another officer signs too."))(suspend)
link.command(help=_("Lift a suspension of ours; another officer signs too."))(resume)
link.command(help=_("Sign what another officer prepared; without a number, show what waits."))(sign)
app.add_typer(link, name="link")
app.add_typer(inquiry, name="inquiry")
app.add_typer(file, name="file")
record.command("export", help=_("Write the evidence of a link into one file."))(export_link)
record.command("prove", help=_("Write the proof of one statement for stock tools."))(prove_statement)
record.command(help=_("Hash everything anew, and say what is damaged; --repair puts it back."))(fsck)
record.command("tiles", help=_("Show where the partner's node shows both logs as tiles."))(show_tiles)
record.command(help=_("Destroy content for ever on both sides; two officers decide it."))(erase)
record.command("erasures", help=_("Show what was asked to be destroyed, and who did."))(list_erasures)
record.command(help=_("Put a statement under legal hold, so that it cannot be destroyed here."))(hold)
app.add_typer(record, name="record")
app.add_typer(backup, name="backup")
app.command("verify", help=_("Check a file of evidence; no node and no network is needed."))(verify_file)


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
        except (DatabaseError, OSError) as error:
            if not is_out_of_room(error):
                raise
            return report(full_fault())
    return code if isinstance(code, int) else int(Exit.DONE)


def refuse(error: MannerError) -> int:
    """Say that an option which belongs to every command makes no sense, and return the exit code."""
    words = {"option": error.option, "value": error.value}
    return report(usage_fault(_("%(option)s cannot be “%(value)s”.") % words))


def full_fault() -> FaultError:
    return FaultError(
        "disk_full",
        Exit.FAILED,
        what=_("The disk of this node is full."),
        safe=_("What was written before is safe. It is not known whether this was written."),
        do=_("Make room on the disk, then say it again with the same --key: it is then written once."),
    )


def usage_fault(what: str) -> FaultError:
    return FaultError("usage", Exit.NEEDS_A_PERSON, what=what, do=_("Look at: parley --help."))
