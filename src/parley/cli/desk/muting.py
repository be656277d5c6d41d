"""parley desk mute: the screens of whoever has the watch are silent for some minutes, and the phone rings."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.cli.desk.noun import asking, desk
from parley.cli.exits import Exit
from parley.cli.output import FaultError, result
from parley.cli.persons import As, SecretFile, acting_officer, require_home
from parley.ui import times
from parley.watch import actions
from parley.watch.beats import stand_in
from parley.watch.forms import channel_word
from parley.watch.policy.mute import MUTE_SECONDS
from parley.work import clock


@desk.command(help=_("Ring my phone instead of this desk, for 15 minutes of any hour at most."))
def mute(
    *,
    officer: As,
    secret_file: SecretFile = None,
    minutes: Annotated[
        int, typer.Option("--minutes", min=1, max=MUTE_SECONDS // 60, help=_("For so long."))
    ] = MUTE_SECONDS // 60,
    end: Annotated[bool, typer.Option("--end", help=_("Sound again; any officer may say so."))] = False,
) -> int:
    home = require_home()
    person, now = acting_officer(officer, secret_file=secret_file), clock.now()
    _check_acts(person)
    if end:
        was_muted = actions.sound_again(person.number, now=now)
        said = _("The desk sounds again.") if was_muted else _("The desk was not muted.")
        result({"muted_until": None, "was_muted": was_muted}, said)
        return Exit.DONE
    with asking():
        phone = stand_in(home, person.number)
    try:
        done = actions.mute_desk(person.number, seconds=minutes * 60, stand_in=phone, now=now)
    except (actions.NotHeldError, actions.NoPhoneError, actions.MutedEnoughError) as error:
        raise _why_not(error) from error
    assert phone is not None, "without one there is no mute"
    said = _("Muted until %(time)s. Rings instead: %(channel)s, …%(ending)s.")
    way = {"channel": channel_word(phone.channel.value), "ending": phone.ending}
    result({"muted_until": done.ends, "officer": done.officer}, said % {"time": times.zulu(done.ends), **way})
    return Exit.DONE


def _why_not(error: Exception) -> FaultError:
    kept = _("The desk sounds as before.")
    leave = _("To leave the desk, have the watch handed over: parley desk hand-over.")
    match error:
        case actions.MutedEnoughError(free_at=at):
            said = _("The desk was silent for 15 minutes of this hour; again at %(time)s.")
            said %= {"time": times.zulu(at)}
            return FaultError("muted_enough", Exit.REFUSED, what=said, safe=kept, do=leave)
        case actions.NoPhoneError():
            said = _("No phone of this officer can be counted on to ring.")
            return FaultError("no_phone", Exit.REFUSED, what=said, safe=kept, do=leave)
        case _:
            said = _("This officer does not have the watch.")
            return FaultError(
                "watch_not_held", Exit.CONFLICT, what=said, safe=kept, do=_("Look at: parley desk status.")
            )


def _check_acts(officer: OfficerRow) -> None:
    if not may_act(officer.role):
        raise FaultError(
            "viewer",
            Exit.REFUSED,
            what=_("A viewer takes no calls, and so no watch."),
            safe=_("The desk sounds as before."),
            do=_("Ask an officer of this node."),
        )
