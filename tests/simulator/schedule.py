"""What happens in one run, written down before it begins: a seed gives the same schedule for ever.

A step is (what, which node, a number); every number means something at every moment, so that any part of
a schedule is a schedule, and a failing one can be made short. Each run has a random subset of the faults:
runs in which everything fails at once never come far (Groce et al., Swarm Testing, 2012).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from parley.protocol.names import HOT, LANES, MAIN
from tests.two_nodes.pair import A, B, C

Step: TypeAlias = tuple[str, str, int]

# How often a step comes where its fault belongs to the run; the first row belongs to every run.
ALWAYS: Final = {"say": 10, "post": 5, "deliver": 8, "carry": 3}
FAULTS: Final = {
    "many": {"say_many": 2},
    "again": {"again": 2},
    "trial": {"check": 1},
    "drop": {"lose": 2},
    "duplicate": {"repeat": 2},
    "corrupt": {"corrupt": 2},
    "replay": {"replay": 2},
    "restart": {"restart": 1},
    "crash": {"crash": 1, "arm_crash": 3},
    "disk": {"arm_disk": 3},
    "partition": {"partition": 1},
    "clock": {"clock": 1},
    "drift": {},
    "months": {"months": 1},
    "versions": {"future": 1},
    "restore": {"backup": 1, "restore": 1},
}
# With a hostile partner B, the honest ones are A and C.
HOSTILE: Final = {"say": 3, "post": 2, "deliver": 3, "carry": 2, "foe_write": 6, "foe_tell": 10, "say_foe": 2}
HOSTILE_FAULTS: Final = {
    "raw": {"foe_raw": 3},
    "rewind": {"foe_rewind": 1},
    "foe_replay": {"foe_replay": 3},
    **{name: FAULTS[name] for name in ("many", "drop", "replay", "restart", "crash", "disk", "clock")},
}
# Both sides lose what they hold, again and again; the line and the partner's keys may be in a thief's hands.
# With `rewind` A's disk goes back together with its anchor, and B's does not: the partner is who knows.
RESTORED: Final = {"say": 8, "post": 5, "deliver": 8, "carry": 6, "backup": 4, "restore": 3}
RESTORED_FAULTS: Final = {
    "forget": {"restore_lost": 2},
    "rewind": {"restore_both": 3},
    "alone": {"days": 1, "alone": 2},
    "thief": {"steal": 6},
    "suspend": {"suspend": 2, "resume": 2},
    **{name: FAULTS[name] for name in ("many", "again", "drop", "duplicate", "replay", "restart")},
    **{name: FAULTS[name] for name in ("crash", "disk", "partition", "months")},
}
# What the core cannot stand yet, each found here and named in docs/handbook/simulator.md.
OFF: Final[frozenset[str]] = frozenset()
REAL_ONE_IN: Final = 100
# What a seed ends with whose link is open in more lanes than main; the others play as they ever did.
IN_LANES: Final = " in lanes"
LANES_ONE_IN: Final = 4
# What a seed ends with in whose run officers speak of more than inquiries; one in so many beside these.
IN_ROOMS: Final = " in rooms"
ROOMS_ONE_IN: Final = 2
# What a seed ends with in whose run disks go back between all that is said and carried; one in so many.
IN_STORMS: Final = " in storms"
STORMS_ONE_IN: Final = 8
STORMY: Final = frozenset({"forget", "rewind", "alone", "thief", "suspend"})
STORM: Final = ("say", "say_many", "carry", "backup", "restore", "replay", "post", "deliver")
LONGEST: Final = 60
HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One run. `faults` are those of it; `rates` is by how many seconds each clock goes on in a step."""

    seed: str
    faults: frozenset[str]
    steps: tuple[Step, ...]
    rates: tuple[int, int]
    is_real: bool = False
    is_hostile: bool = False
    is_restored: bool = False
    off: frozenset[str] = OFF
    lanes: tuple[str, ...] = (MAIN,)

    @property
    def is_in_rooms(self) -> bool:
        """Return whether officers speak of more than inquiries."""
        return IN_ROOMS in self.seed

    @property
    def is_stormy(self) -> bool:
        """Return whether disks go back between all that is said and carried."""
        return IN_STORMS in self.seed

    @property
    def text(self) -> str:
        """Return the schedule for people."""
        steps = "\n".join(f"    {what} {node} {number}" for what, node, number in self.steps)
        lanes = "" if len(self.lanes) == 1 else f", lanes {' '.join(self.lanes)}"
        return (
            f"seed {self.seed}, faults {', '.join(sorted(self.faults))}, rates {self.rates}{lanes}\n{steps}"
        )


def schedule(
    seed: str, *, is_hostile: bool = False, is_restored: bool = False, off: frozenset[str] = OFF
) -> Schedule:
    """Return the schedule of `seed`, without the faults in `off`."""
    kind = " hostile" if is_hostile else " restored" if is_restored else ""
    dice = random.Random(f"{seed}{kind}")  # noqa: S311 - a seed must give the same for ever
    weights, table = dict(ALWAYS), FAULTS
    if is_hostile:
        weights, table = dict(HOSTILE), HOSTILE_FAULTS
    elif is_restored:
        weights, table = dict(RESTORED), RESTORED_FAULTS
    faults = frozenset(each for each in table if dice.random() < HALF and each not in off)
    for fault in sorted(faults):
        weights |= table[fault]
    whats = dice.choices([*weights], [*weights.values()], k=dice.randint(8, LONGEST))
    rates = (dice.choice((0, 1, 60)), dice.choice((1, 7, 3600))) if "drift" in faults else (1, 1)
    nodes = (A, C) if is_hostile else (A, B)
    drawn = [(what, dice.choice(nodes), dice.randrange(10**6)) for what in whats]
    storm = (*STORM, *(what for fault in sorted(faults & STORMY) for what in table[fault]))
    return Schedule(
        seed=seed,
        faults=faults,
        steps=denser(seed, drawn, storm) if IN_STORMS in seed else tuple(drawn),
        rates=rates,
        is_real=_is_real(seed.removesuffix(IN_LANES).removesuffix(IN_STORMS).removesuffix(IN_ROOMS)),
        is_hostile=is_hostile,
        is_restored=is_restored,
        off=off,
        lanes=_lanes(seed),
    )


def denser(seed: str, steps: Sequence[Step], also: Sequence[str]) -> tuple[Step, ...]:
    """Return `steps` with others between them, one of `also` after every other."""
    dice, found = random.Random(f"{seed} also"), list[Step]()  # noqa: S311 - a seed must give the same for ever
    for step in steps:
        found.append(step)
        if dice.random() < HALF:
            found.append((dice.choice(also), dice.choice((A, B)), dice.randrange(10**6)))
    return tuple(found)


def _is_real(seed: str) -> bool:
    return seed.isdigit() and int(seed) % REAL_ONE_IN == REAL_ONE_IN - 1


def numbered(number: int, name: str = "", *, is_hostile: bool = False) -> str:
    """Return the seed with this number.

    One in four plays in several lanes, two in four with more to say; one in eight of honest sides in storms.
    """
    rooms = IN_ROOMS if number // LANES_ONE_IN % ROOMS_ONE_IN else ""
    turn = number // (LANES_ONE_IN * ROOMS_ONE_IN) % STORMS_ONE_IN
    storms = "" if is_hostile or turn else IN_STORMS
    return f"{name}{number}{rooms}{storms}{IN_LANES if number % LANES_ONE_IN == 0 else ''}"


def _lanes(seed: str) -> tuple[str, ...]:
    """Return the lanes of a run: main alone, unless its seed says otherwise."""
    if not seed.endswith(IN_LANES):
        return (MAIN,)
    dice = random.Random(f"{seed} lanes")  # noqa: S311 - a seed must give the same for ever
    return dice.choice(((MAIN, HOT), (MAIN, HOT), LANES))
