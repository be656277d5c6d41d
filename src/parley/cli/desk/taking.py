"""parley desk take, hand-over, leave: the watch changes hands, by the secrets of the persons themselves."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.desk.noun import asking, desk, signing
from parley.cli.exits import Exit
from parley.cli.options import spread
from parley.cli.output import result
from parley.cli.persons import As, SecretFile, read_secret, require_home
from parley.ui import times
from parley.watch import actions
from parley.watch.actions import Secret, Taking
from parley.watch.beats import handing
from parley.watch.policy import Question
from parley.watch.queries import WatchRow
from parley.work import clock
from parley.work.home import Home

BELL = "\a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What whoever takes the watch has made sure of."""

    open_call: Annotated[
        str, typer.Option("--open-call", metavar="PLACE", help=_("A call that is open, or none."))
    ] = ""
    due_first: Annotated[
        str, typer.Option("--due-first", metavar="PLACE", help=_("What falls due first with us, or none."))
    ] = ""
    degraded: Annotated[
        str, typer.Option("--degraded", metavar="PATH", help=_("Which path is degraded, or none."))
    ] = ""
    heard: Annotated[bool, typer.Option("--heard", help=_("The bell of this terminal was heard."))] = False

    def taking(self, home: Home, *, incoming: Secret, now: int) -> Taking:
        """Return what is brought to the watch; the bell rings where it was not heard yet.

        Raises:
            FaultError: core does not say what the record says.
        """
        if not self.heard:
            sys.stderr.write(BELL)
        with asking():
            said = handing(home)
        return Taking(
            incoming=incoming,
            sound_heard_at=now if self.heard else 0,
            handing=said,
            answers={
                Question.OPEN_CALL: self.open_call,
                Question.DUE_FIRST: self.due_first,
                Question.DEGRADED: self.degraded,
            },
        )


@desk.command(help=_("Take the watch that nobody has; answer from the record, and hear the bell."))
@spread
def take(
    made: Made,
    *,
    officer: As,
    secret_file: SecretFile = None,
    relieve: Annotated[
        bool, typer.Option("--relieve", help=_("Whoever has it cannot hand it over; the journal says so."))
    ] = False,
) -> int:
    home, now = require_home(), clock.now()
    incoming = Secret(name=officer, secret=read_secret(secret_file))
    taking = made.taking(home, incoming=incoming, now=now)
    with signing():
        return _told(actions.take_watch(taking, relieves=relieve, now=now))


@desk.command("hand-over", help=_("Hand the watch over: both give their secrets, with no gap between."))
@spread
def hand_over(
    made: Made,
    *,
    officer: As,
    secret_file: SecretFile = None,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help=_("The officer who comes."))],
    to_secret_file: Annotated[
        Path | None,
        typer.Option("--to-secret-file", metavar="FILE", help=_("Where the secret of who comes stands.")),
    ] = None,
) -> int:
    home, now = require_home(), clock.now()
    outgoing = Secret(name=officer, secret=read_secret(secret_file))
    incoming = Secret(name=to, secret=read_secret(to_secret_file))
    taking = made.taking(home, incoming=incoming, now=now)
    with signing():
        return _told(actions.hand_over(taking, outgoing=outgoing, now=now))


@desk.command(help=_("Leave the watch to nobody: urgent calls ring phones at once from now on."))
def leave(*, officer: As, secret_file: SecretFile = None) -> None:
    require_home()
    with signing():
        actions.leave_watch(Secret(name=officer, secret=read_secret(secret_file)), now=clock.now())
    result({"on_watch": None}, _("Nobody has the watch. Urgent calls ring phones at once."))


def _told(row: WatchRow) -> int:
    said = _("%(name)s has the watch since %(time)s.")
    result(
        {"on_watch": row.officer, "begins": row.begins, "outgoing": row.outgoing},
        said % {"name": row.name, "time": times.zulu(row.begins)},
    )
    return Exit.DONE
