"""What rang, counted for the watch report: alarms from their beginning to their end, and unseen seconds.

Core writes it beside the ringing, and never before it: nobody waits for a number to be rung.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db import transaction

from parley.watch.models import AlarmRang, Unseen
from parley.watch.policy import Rang

MERGED_SECONDS: Final = 5
"""Two stretches with no more than this between are one."""
PIECE: Final = 200
"""So many are written at once: in a flood, whoever signs in or takes the watch waits for these alone."""

_KEY: Final = ("call", "cause", "begins")
_TOLD: Final = ("link", "place", "nature", "urgency", "rung", "ends")


def note_alarms(begun: Iterable[Rang], *, ended: Iterable[Rang], now: int) -> None:
    """Write down alarms that rang, each once for its call, cause and beginning, and those that are over.

    An alarm that rings on may be given again: how far it climbed is then written anew.
    """
    for piece in _pieces(begun):
        AlarmRang.objects.bulk_create(
            [AlarmRang(**{name: getattr(each, name) for name in (*_KEY, *_TOLD)}) for each in piece],
            update_conflicts=True,
            unique_fields=_KEY,
            update_fields=_TOLD,
        )
    for piece in _pieces(ended):
        with transaction.atomic():
            for each in piece:
                key = {name: getattr(each, name) for name in _KEY}
                AlarmRang.objects.filter(**key).update(ends=now)


def _pieces(alarms: Iterable[Rang]) -> Iterator[tuple[Rang, ...]]:
    held = tuple(alarms)
    for first in range(0, len(held), PIECE):
        yield held[first : first + PIECE]


def count_unseen(*, since: int, now: int) -> None:
    """Write down that somebody had the watch from `since` until `now`, and no screen was in view."""
    with transaction.atomic():
        last = Unseen.objects.order_by("-ends").first()
        if last is not None and last.begins <= since <= last.ends + MERGED_SECONDS:
            Unseen.objects.filter(pk=last.pk).update(ends=max(now, last.ends))
        else:
            Unseen.objects.create(begins=since, ends=now)
