"""A muted desk: for some minutes its screens are silent, and a phone of whoever has the watch rings instead.

    ├──── an hour ────────────────────────────────┤ now
    ├ muted ┤                     ├ muted ┤░░░░░░░  what is left: 15 minutes of any hour, no more

Nothing is silenced without something else that rings: a muted desk counts as one that nobody hears, so urgent
calls ring phones at once; and what rings no phone sounds on the screen all the same. Pure: the mutes there
were and now are arguments. Source: screens §3.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parley.watch.policy import Channel

MUTE_SECONDS: Final = 15 * 60
"""So much of any hour a desk may be muted: mutes one after another are no way to be silent for a night."""
HOUR: Final = 3_600
LEAST_SECONDS: Final = 60
"""Less than a minute is not worth a mute."""
PHONES: Final = frozenset({Channel.SMS, Channel.VOICE, Channel.PUSH})
"""What rings in a pocket; a letter does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The screens of `officer` are silent from `begins` until before `ends`, in unix seconds."""

    officer: int
    begins: int
    ends: int


def left_of_hour(mutes: Iterable[Mute], now: int) -> int:
    """Return for how many seconds from `now` on a desk may be muted that had these `mutes`, one at a time."""
    used = sum(max(0, min(each.ends, now) - max(each.begins, now - HOUR)) for each in mutes)
    return max(0, MUTE_SECONDS - used)


def free_at(mutes: Iterable[Mute], now: int) -> int:
    """Return from when on a desk that had these `mutes` may be muted again, for `LEAST_SECONDS` at least."""
    found = sorted(mutes, key=lambda each: each.begins)
    # What is left grows only while the hour behind leaves a mute: one of these seconds is the first.
    times = (at for each in found for at in range(each.begins + HOUR, each.ends + HOUR + 1))
    return next(
        (at for at in (now, *times) if at >= now and left_of_hour(found, at) >= LEAST_SECONDS),
        now + HOUR,
    )


def mute_at(mutes: Iterable[Mute], now: int) -> Mute | None:
    """Return the one of `mutes` that lasts at `now`; None: the desk sounds."""
    return next((each for each in mutes if each.begins <= now < each.ends), None)
