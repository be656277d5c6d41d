"""What a desk in a terminal says and when it sounds, from one beat to the next. Pure: beats and seconds in.

    a call begins to ring, climbs, or ends    a line
    something real rings                      the bell, every four seconds
    a test or a service call rings            the bell, every thirty
    it rings a phone, and the desk is muted   no bell
    15 s without a beat                       BLIND, and the bell, until core answers
    a key as another call comes               takes nothing: it was meant for what was there before

A call that another side's silence makes ring sounds like every other: both sides are to know of it.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from parley.cli.desk.telling import alarm_line, fallback_line, muted_lines
from parley.watch.beats import AlarmRow, Beat
from parley.watch.forms import watch_word

BLIND_SECONDS: Final = 15
REAL_EVERY: Final = 4
OTHER_EVERY: Final = 30
SETTLED_SECONDS: Final = 0.5
"""What Space takes has been the worst for so long, and nothing was taken within so long."""
_REAL: Final = "real"
_TAKING: Final = frozenset({"take", "own_rung"})


class Panel:
    """The terminal of `officer`, a desk, begun at a second of a clock that only counts."""

    def __init__(self, at: float, *, officer: int = 0) -> None:
        self._officer = officer
        self._heard_at = at
        self._sounded_at: float | None = None
        self._beat: Beat | None = None
        self._is_blind = False
        self._settled_at = at

    @property
    def worst(self) -> AlarmRow | None:
        """Return the call that is taken by one key: the worst that waits for it; None while nobody knows.

        Where none waits to be taken it is the worst that rings for anything else.
        """
        if self._is_blind or self._beat is None or not self._beat.alarms:
            return None
        waiting = (
            each
            for each in self._beat.alarms
            if not each.is_ours and each.cause in _TAKING and not each.awaits_principal
        )
        return next(waiting, self._beat.alarms[0])

    def is_settled(self, at: float) -> bool:
        """Return whether a key at this second was meant for `worst`; then none is for some time."""
        if at < self._settled_at:
            return False
        self._settled_at = at + SETTLED_SECONDS
        return True

    def hear(self, beat: Beat, at: float) -> Iterator[str]:
        """Take a beat, and yield the lines that tell what is new in it."""
        if self._is_blind:
            yield _("Core answers again, after %(seconds)d s.") % {"seconds": at - self._heard_at}
        worst = self.worst
        before, self._beat = self._beat, beat
        self._heard_at, self._is_blind = at, False
        is_other = self.worst is not None and (worst is None or worst.call != self.worst.call)
        if before is not None and is_other:
            self._settled_at = at + SETTLED_SECONDS
        if before is None or (before.watch, before.on_watch) != (beat.watch, beat.on_watch):
            yield watch_word(beat.watch)
        if before is None or before.muted != beat.muted:
            yield from muted_lines(beat) if beat.muted or before is None else (_("The desk sounds again."),)
        if before is None or before.fallback != beat.fallback:
            yield fallback_line(beat.fallback)
        rang = {} if before is None else {each.call: each for each in before.alarms}
        for each in beat.alarms:
            known = rang.pop(each.call, None)
            if known is None or (known.cause, known.rung) != (each.cause, each.rung):
                yield alarm_line(each, now=beat.now)
        for each in rang.values():
            yield _("%(link)s %(place)s rings no more.") % {"link": each.link, "place": each.place}

    def miss(self, at: float) -> Iterator[str]:
        """Yield the lines that say that this desk is blind, once it is."""
        if self._is_blind or at - self._heard_at < BLIND_SECONDS:
            return
        self._is_blind = True
        yield _("THIS SCREEN IS BLIND: core has not answered for %(seconds)d s.") % {
            "seconds": at - self._heard_at
        }
        yield fallback_line(None if self._beat is None else self._beat.fallback)

    def sounds(self, at: float) -> bool:
        """Return whether the bell is to sound at this second; then it has."""
        every = self._every()
        if every is None:
            self._sounded_at = None
            return False
        if self._sounded_at is not None and at - self._sounded_at < every:
            return False
        self._sounded_at = at
        return True

    def _every(self) -> int | None:
        if self._is_blind:
            return REAL_EVERY
        said = self._beat
        alarms = () if said is None else said.alarms
        natures = {
            each.nature
            for each in alarms
            if said is not None and not said.is_silent(each, officer=self._officer)
        }
        if not natures:
            return None
        return REAL_EVERY if _REAL in natures else OTHER_EVERY
