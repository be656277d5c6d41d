"""The command line put together: one line per word. Here alone faults become words and exit codes.

Only what was typed is read: the files of all nouns together take longer than most commands.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import typer
import typer.main
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from parley import __version__
from parley.cli.exits import Exit
from parley.cli.lines import run_lines
from parley.cli.manner import Manner, MannerError, take_manner
from parley.cli.output import FaultError, report, result, spoken
from parley.work.room import is_out_of_room

Function = Callable[..., object]
# Help is in the language in which the process began, whichever a line of `lines` asks for.
_LANGUAGE: Final = translation.get_language()


# ---- Commands: what each is for, and its function


def _demo() -> tuple[str, Function]:
    from parley.cli.demo import demo

    return _("Play two countries on this computer, from the first key to the last answer."), demo


def _init() -> tuple[str, Function]:
    from parley.cli.init import init

    return _("Make a new node in this folder, with keys of its own."), init


def _serve() -> tuple[str, Function]:
    from parley.cli.running import serve

    return _("Run the node until Ctrl-C."), serve


def _status() -> tuple[str, Function]:
    from parley.cli.running import status

    return _("Show in a moment whether the node runs as it should."), status


def _doctor() -> tuple[str, Function]:
    from parley.cli.doctor import doctor

    return _("Look at everything, and say what to do about what is wrong."), doctor


def _verify() -> tuple[str, Function]:
    from parley.cli.verify import verify_file

    return _("Check a file of evidence; no node and no network is needed."), verify_file


def _version() -> tuple[str, Function]:
    return _("Show which Parley this is."), version


def _lines() -> tuple[str, Function]:
    return _("Run the commands on stdin, one JSON array of words a line, with one start-up."), lines


_COMMANDS: Final[Mapping[str, Callable[[], tuple[str, Function]]]] = {
    "demo": _demo,
    "init": _init,
    "serve": _serve,
    "status": _status,
    "doctor": _doctor,
    "verify": _verify,
    "version": _version,
    "lines": _lines,
}


# ---- Nouns, each with the verbs that stand in other files


@cache
def _officer() -> typer.Typer:
    from parley.cli.officer import officer
    from parley.cli.officers_keys import key

    officer.command(help=_("Make an officer's own key, and have the roots of this node enrol it."))(key)
    return officer


def _token() -> typer.Typer:
    from parley.cli.token import token

    return token


@cache
def _link() -> typer.Typer:
    from parley.cli.carrying import carry
    from parley.cli.directory import directory
    from parley.cli.link import link
    from parley.cli.recovering import recover_link
    from parley.cli.renewing import renew
    from parley.cli.rotating import revoke, rotate
    from parley.cli.signing import sign
    from parley.cli.suspending import resume, suspend
    from parley.cli.testing import declare, show_tests
    from parley.cli.trying import hold

    said = link.command
    said(help=_("Tell every partner where this node is reached from now on: its next card."))(renew)
    said(help=_("Give this node its next keys, and announce them; the links go on."))(rotate)
    said(help=_("Keys were stolen or lost: say from where on they are worth nothing."))(revoke)
    link.add_typer(carry, name="carry")
    link.add_typer(directory, name="contacts")
    said("tests", help=_("Show how the line was tried: calendar, results, tickets, figures."))(show_tests)
    said("test", help=_("Hold the human test now, or that of the ladder, and wait for the answer."))(hold)
    said("fault", help=_("Say why a test went wrong."))(declare)
    said("recover", help=_("Show what is lost of our own log, and confirm what came back."))(recover_link)
    said(help=_("Stop the link, or one thing on it, for both sides; another officer signs too."))(suspend)
    said(help=_("Lift a suspension of ours; another officer signs too."))(resume)
    said(help=_("Sign what another officer prepared; without a number, show what waits."))(sign)
    return link


def _inquiry() -> typer.Typer:
    from parley.cli.inquiry import inquiry

    return inquiry


def _call() -> typer.Typer:
    from parley.cli.call import call

    return call


def _case() -> typer.Typer:
    from parley.cli.case import case

    return case


@cache
def _finding() -> typer.Typer:
    from parley.cli.finding import finding
    from parley.cli.findings import list_all

    told = _("Show findings of all cases by their current versions, newest first.")
    finding.command("list", help=told)(list_all)
    return finding


def _share() -> typer.Typer:
    from parley.cli.share import share

    return share


def _file() -> typer.Typer:
    from parley.cli.files import file

    return file


@cache
def _record() -> typer.Typer:
    from parley.cli.changes import changes
    from parley.cli.erasing import erase
    from parley.cli.erasures import list_erasures
    from parley.cli.exporting import export_link, prove_statement, show_tiles
    from parley.cli.fsck import fsck
    from parley.cli.holding import hold
    from parley.cli.orphans import list_orphans
    from parley.cli.record import record

    said = record.command
    said("export", help=_("Write the evidence of a link into one file."))(export_link)
    said("prove", help=_("Write the proof of one statement for stock tools."))(prove_statement)
    said(help=_("Hash everything anew, and say what is damaged; --repair puts it back."))(fsck)
    said("tiles", help=_("Show where the partner's node shows both logs as tiles."))(show_tiles)
    said(help=_("Destroy content for ever on both sides; two officers decide it."))(erase)
    said("erasures", help=_("Show what was asked to be destroyed, and who did."))(list_erasures)
    said(help=_("Show which threads moved after an entry, for programs that follow."))(changes)
    said("orphans", help=_("Show what was in a log and is no part of it any more."))(list_orphans)
    said(help=_("Put a statement under legal hold, so that it cannot be destroyed here."))(hold)
    return record


@cache
def _guideline() -> typer.Typer:
    from parley.cli.guideline import guideline
    from parley.cli.guideline_table import list_texts, propose, show, sign, withdraw
    from parley.cli.printing import print_text

    said = guideline.command
    said("list", help=_("Show the texts on the table, how each stands, and whose move it is."))(list_texts)
    said(help=_("Show one text on the table, and what it changes in what holds now."))(show)
    said(help=_("Put a text on the table, or another one instead of a draft."))(propose)
    said(help=_("Take a text of ours from the table, while nobody of us has signed it."))(withdraw)
    said(help=_("Sign a text on the table; another officer signs too: parley link sign."))(sign)
    said("print", help=_("Write one text on the table into a PDF file, in both languages."))(print_text)
    return guideline


@cache
def _review() -> typer.Typer:
    from parley.cli.printing import print_review
    from parley.cli.review import review
    from parley.cli.review_table import agree, comment, list_reviews, propose, sign

    said = review.command
    said("list", help=_("Show the reviews of a link, how each stands, and whose move it is."))(list_reviews)
    said(help=_("Propose to look at a period, and at so much of both logs."))(propose)
    said(help=_("Agree to a cut of the other side, after this node computed its figures there."))(agree)
    said(help=_("Sign what this node computes; another officer signs too: parley link sign."))(sign)
    said(help=_("Say something to a figure, or to all of them."))(comment)
    said("print", help=_("Write the figures of a review into a PDF file, or a table (--csv)."))(print_review)
    return review


def _commitment() -> typer.Typer:
    from parley.cli.dialogue import commitment

    return commitment


def _concern() -> typer.Typer:
    from parley.cli.dialogue import concern

    return concern


def _round() -> typer.Typer:
    from parley.cli.dialogue import round_

    return round_


def _outcome() -> typer.Typer:
    from parley.cli.dialogue import outcome

    return outcome


def _backup() -> typer.Typer:
    from parley.cli.backup import backup

    return backup


def _roster() -> typer.Typer:
    from parley.cli.roster import roster

    return roster


def _desk() -> typer.Typer:
    from parley.cli.desk import desk

    return desk


def _pager() -> typer.Typer:
    from parley.cli.pager import pager

    return pager


_NOUNS: Final[Mapping[str, Callable[[], typer.Typer]]] = {
    "officer": _officer,
    "token": _token,
    "link": _link,
    "inquiry": _inquiry,
    "call": _call,
    "case": _case,
    "finding": _finding,
    "share": _share,
    "file": _file,
    "record": _record,
    "guideline": _guideline,
    "review": _review,
    "commitment": _commitment,
    "concern": _concern,
    "round": _round,
    "outcome": _outcome,
    "backup": _backup,
    "roster": _roster,
    "desk": _desk,
    "pager": _pager,
}


# ---- The commands of this file


def version() -> None:
    result({"version": __version__}, f"parley {__version__}")


def lines() -> None:
    run_lines(_run_line)


def _run_line(words: Sequence[str]) -> int:
    try:
        manner, rest = take_manner(words, environ=os.environ)
    except MannerError as error:
        return refuse(error)
    with translation.override(manner.language):
        return run(rest, manner=manner)


# ---- Running one


@cache
def tree(word: str | None = None) -> Any:  # noqa: ANN401 - Typer's own class for it is private
    """Return the command line as it hears a first `word`; without one, all of it."""
    app = typer.Typer(
        help=_("A node of Parley. Everywhere on the line: --home DIR, --lang en|zh, --json, --plain."),
        add_completion=False,
        # Rich cuts Chinese help short, since it finds no place to break the line.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    # With it a single command is a word of its own too.
    app.callback()(lambda: None)
    for name, command in _COMMANDS.items():
        if word in {None, name}:
            told, function = command()
            app.command(name, help=told)(function)
    for name, noun in _NOUNS.items():
        if word in {None, name}:
            app.add_typer(noun(), name=name)
    return typer.main.get_command(app)


def run(words: Sequence[str], *, manner: Manner) -> int:
    """Run the command that `words` name and return its exit code."""
    word = words[0] if words and words[0] in {*_COMMANDS, *_NOUNS} else None
    with translation.override(_LANGUAGE):
        read = tree(word)
    with spoken(manner):
        try:
            code: object = read(args=list(words) or ["--help"], prog_name="parley", standalone_mode=False)
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
