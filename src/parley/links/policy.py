"""House rules about links, pure: whose a thing is, when a link works, and how digits are compared.

    A reads   groups 1 3 5 7 9 11      B types them
    B reads   groups 2 4 6 8 10 12     A types them

Wrong once, that group again; wrong twice, stop. Whoever stands between the two nodes shows
each side other digits, and cannot guess a group that is read over another channel. So nobody
is ever shown what he or she is to type, and nobody can just say that it matches. Screens D21.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from parley.agencies.policy import Role, may_act

GROUPS: Final = 12
GROUP_DIGITS: Final = 5
TRIES: Final = 2

SILENT_SECONDS: Final = 180
"""Nodes prompt each other every minute (Spec §5.6): three missed ones are no accident."""
FRESH_SECONDS: Final = 600
"""For so long an oddity is told as what is, and afterwards as what was."""
FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 60


class NotAllowedError(Exception):
    """The officer's role does not allow the act."""


def check_may_link(role: Role) -> None:
    """Check that somebody with `role` may compare digits and sign an opening.

    Raises:
        NotAllowedError: may not.
    """
    if not may_act(role):
        raise NotAllowedError(f"expected an officer, found a {role.value}")


# ---- The two sides


class Whose(StrEnum):
    """Our side, or the other one."""

    US = "us"
    THEM = "them"


def whose(node: str, *, me: str) -> Whose:
    """Return whose `node` is."""
    return Whose.US if node == me else Whose.THEM


# ---- Whether it works, and whether both hold the same


class Works(StrEnum):
    """The first thing that keeps a link from working, or that it does."""

    UNVERIFIED = "unverified"
    HALF_OPEN = "half_open"
    NO_CORE = "no_core"
    NEVER_HEARD = "never_heard"
    SILENT = "silent"
    YES = "yes"


class Same(StrEnum):
    """Whether both sides hold the same record, by what is proved here."""

    FORKED = "forked"
    NOT_EXTENDED = "not_extended"
    EMPTY = "empty"
    WAITING = "waiting"
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a link at `now`; instants in unix seconds."""

    now: int
    is_verified: bool
    is_open: bool
    core_runs: bool
    heard_at: int | None
    my_size: int
    waiting: int
    is_forked: bool
    not_extended_at: int | None


def works(facts: Facts) -> Works:
    """Return whether the link works, or what stands in the way first."""
    if not facts.is_verified:
        return Works.UNVERIFIED
    if not facts.core_runs:
        return Works.NO_CORE
    if facts.heard_at is None:
        return Works.NEVER_HEARD
    if facts.now - facts.heard_at > SILENT_SECONDS:
        return Works.SILENT
    return Works.YES if facts.is_open else Works.HALF_OPEN


def same(facts: Facts) -> Same:
    """Return whether both hold the same record. Only a fork is a proof against somebody."""
    if facts.is_forked:
        return Same.FORKED
    if facts.not_extended_at is not None and facts.now - facts.not_extended_at < FRESH_SECONDS:
        return Same.NOT_EXTENDED
    if not facts.my_size:
        return Same.EMPTY
    return Same.WAITING if facts.waiting else Same.YES


def next_try_by(attempted_at: int | None, *, failures: int) -> int | None:
    """Return when the courier tries again at the latest: it doubles its pause up to a minute."""
    if attempted_at is None or not failures:
        return None
    pause = min(float(LONGEST_DELAY), FIRST_DELAY * 2 ** min(failures - 1, 16))
    return attempted_at + int(pause) + 1


# ---- Comparing digits


def places_to_type(*, is_first: bool) -> range:
    """Return the places (0 to 11) of the groups that the other side reads; `is_first` is side A."""
    return range(1 if is_first else 0, GROUPS, 2)


def places_to_read(*, is_first: bool) -> range:
    """Return the places of the groups that this side reads aloud."""
    return places_to_type(is_first=not is_first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How far a comparison is: which groups were typed right, and how often each one wrong."""

    right: frozenset[int] = frozenset()
    wrong: Mapping[int, int]

    @property
    def is_stopped(self) -> bool:
        """Return whether a group was wrong twice: nobody goes on over this line."""
        return any(times >= TRIES for times in self.wrong.values())

    def is_done(self, *, is_first: bool) -> bool:
        """Return whether every group of the other side was typed right."""
        return not self.is_stopped and self.right >= set(places_to_type(is_first=is_first))


def compared(before: Comparison, digits: Sequence[str], typed: Mapping[int, str]) -> Comparison:
    """Return `before` with what was `typed` now, by place; the first group that is wrong twice ends it."""
    found = before
    for place, group in sorted(typed.items()):
        if found.is_stopped:
            break
        if place in found.right:
            continue
        if group == digits[place]:
            found = replace(found, right=found.right | {place})
        else:
            found = replace(found, wrong={**found.wrong, place: found.wrong.get(place, 0) + 1})
    return found


NOTHING_COMPARED: Final = Comparison(wrong={})
