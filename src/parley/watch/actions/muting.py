"""A desk is muted for some minutes, and sounds again: by itself, by any officer, by whoever takes the watch.

Core says first that a phone of the officer rings (`beats.stand_in`); it looks again at every sweep, and lets
the screens sound where none does any more. What stands here is who asked for it, and until when.
"""

from django.db import transaction

from parley.agencies.actions import note_act
from parley.watch import queries
from parley.watch.actions.taking import NotHeldError, end_mute
from parley.watch.beats import Fallback
from parley.watch.models import Muted
from parley.watch.policy.mute import HOUR, LEAST_SECONDS, Mute, free_at, left_of_hour


class NoPhoneError(Exception):
    """No phone of the officer's can be counted on to ring: nothing stands in for the sound."""


class MutedEnoughError(Exception):
    """The desk was muted as long within this hour as it may be; `free_at` says from when on it may again."""

    def __init__(self, at: int) -> None:
        super().__init__(f"the desk was muted for 15 minutes of this hour; again from {at}")
        self.free_at = at


def mute_desk(officer: int, *, seconds: int, stand_in: Fallback | None, now: int) -> Mute:
    """Silence the screens of `officer`, who has the watch, for `seconds` or what is left of the hour's share.

    A mute that lasts already is ended, and the new one begins. `stand_in` is the phone that rings instead.

    Raises:
        NotHeldError: the officer does not have the watch. NoPhoneError: nothing would ring instead.
        MutedEnoughError: not again so soon. Nothing changed.
    """
    if stand_in is None:
        raise NoPhoneError(f"no phone of officer {officer} can be counted on")
    with transaction.atomic():
        held = queries.watch_now()
        if held is None or held.officer != officer:
            raise NotHeldError(f"officer {officer} does not have the watch")
        end_mute(now=now)
        before = queries.mutes(since=now - HOUR)
        lasts = min(seconds, left_of_hour(before, now))
        if lasts < LEAST_SECONDS:
            raise MutedEnoughError(free_at(before, now))
        Muted.objects.create(officer_id=officer, begins=now, ends=now + lasts)
        note_act("watch.muted", officer=officer, subject=f"{lasts} s", now=now)
    return Mute(officer=officer, begins=now, ends=now + lasts)


def sound_again(officer: int, *, now: int) -> bool:
    """Let the desk sound again, by the word of any officer; return whether it was muted."""
    with transaction.atomic():
        is_ended = end_mute(now=now)
        if is_ended:
            note_act("watch.unmuted", officer=officer, subject="", now=now)
    return is_ended
