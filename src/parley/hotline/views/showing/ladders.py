"""Both ladders of a call: rungs and times, the same on both sides, and never a name.

    ✔ 00:00  duty desk          took the call at 19:04Z
    ● 01:00  duty phone         is rung since 19:04Z, for the 3rd time
    ○ 02:00  second officer     in 00:18
    · 15:00  vice-minister      by the ladder after 15 min of silence

Each side's ladder runs by its own clock. What was rung on the other side by which phone nobody here
knows, and “at the carrier” is never “reached”. Source: screens §6.4, §7; Spec §12.9, §12.10.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.hotline.queries.pages import Dossier, LadderRow
from parley.links.policy import Whose
from parley.ui import callwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A rung as the page shows it. `minutes` of silence reach it, None: no silence does.

    `lasting` is for how many seconds it stands so, `left` in how many it is rung.
    """

    name: str
    stand: str
    minutes: int | None
    at: int | None
    cause: str
    strokes: int
    lasting: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The rungs of one side, from below."""

    is_ours: bool
    side: str
    rungs: tuple[Rung, ...]

    @property
    def next_at(self) -> int | None:
        """Return when the next rung is rung, if nobody says anything before."""
        return min((each.at for each in self.rungs if each.stand == "waiting" and each.at), default=None)

    @property
    def is_ringing(self) -> bool:
        """Return whether somebody is rung there now."""
        return any(each.stand == "ringing" for each in self.rungs)


def ladders(dossier: Dossier, *, sides: Mapping[Whose, str]) -> tuple[Ladder, ...]:
    """Return the ladder of the called side first: it is the one that matters first, on both screens."""
    called = Whose.THEM if dossier.row.is_ours else Whose.US
    order = (called, Whose.US if called is Whose.THEM else Whose.THEM)
    return tuple(
        Ladder(
            is_ours=whose is Whose.US,
            side=sides[whose],
            rungs=tuple(_rung(each, now=dossier.now) for each in dossier.ladders.get(whose, ())),
        )
        for whose in order
    )


def _rung(row: LadderRow, *, now: int) -> Rung:
    return Rung(
        name=words.label(row.rung, callwords.RUNGS),
        stand=row.stand.value,
        minutes=row.minutes,
        at=row.at,
        cause=words.label(row.cause, callwords.CALLED_FOR) if row.cause else "",
        strokes=row.strokes,
        lasting=0 if row.at is None else max(0, now - row.at),
        left=0 if row.at is None else max(0, row.at - now),
    )
