"""Playing a schedule to its end, and making a failing one short."""

import hashlib
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tests.simulator import ending
from tests.simulator.auditor import ViolationError
from tests.simulator.disk import CRASHES, DISKS
from tests.simulator.hostile import STEPS, HostileWorld
from tests.simulator.restored import RESTORES, RestoredWorld
from tests.simulator.schedule import Schedule, Step
from tests.simulator.world import JUMPS, World

MONTH: Final = 30 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a schedule: nothing wrong, or the `fault`; and everything that happened, as one digest."""

    schedule: Schedule
    fault: str | None
    trace: tuple[str, ...]
    statements: int

    @property
    def digest(self) -> str:
        """Return 64 hexadecimal digits that are equal for equal runs."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()


def play(schedule: Schedule) -> Played:
    """Play `schedule` to its end."""
    world = _world(schedule)
    try:
        fault = _play(world)
    finally:
        for node in world.nodes.values():
            node.disk.close()
    return Played(schedule=schedule, fault=fault, trace=tuple(world.trace), statements=len(world.places))


def _world(schedule: Schedule) -> World:
    if schedule.is_hostile:
        return HostileWorld(schedule)
    return RestoredWorld(schedule) if schedule.is_restored else World(schedule)


def _play(world: World) -> str | None:
    try:
        for name in world.nodes:
            world.attempt(name, lambda _: None)
        for at, step in enumerate(world.schedule.steps):
            world.note(f"{at} {' '.join(map(str, step))}")
            take(world, step)
            world.tick()
        ending.heal(world)
        ending.check(world)
    except (Exception, ViolationError):  # noqa: BLE001 - whatever it is, it is what the simulator looks for
        return traceback.format_exc()
    return None


def take(world: World, step: Step) -> None:
    """Take one step."""
    what, name, number = step
    if what in STEPS and isinstance(world, HostileWorld):
        STEPS[what](world, number)
        return
    if what in RESTORES and isinstance(world, RestoredWorld):
        RESTORES[what](world, name, number)
        return
    handler = HANDLERS.get(what)
    if handler is None:
        raise ValueError(f"no step is called {what}")
    handler(world, name, number)


def _deliver(world: World, number: int, *, again: bool) -> None:
    if not world.under_way:
        return
    place = number % len(world.under_way)
    sent = world.under_way[place] if again else world.under_way.pop(place)
    back = world.arrive(sent, poll=number % 5 == 0)
    if back is not None:
        world.under_way.append(back)


def _post(world: World, name: str, number: int) -> None:
    sent = world.post(name, number)
    if sent is not None:
        world.under_way.append(sent)


def carry(world: World, name: str, number: int = 1) -> bool:
    """Take one parcel to the other side and the answer back; return whether there was one."""
    sent = world.post(name, number)
    back = None if sent is None else world.arrive(sent)
    if back is not None:
        world.arrive(back)
    return sent is not None


def _lose(world: World, _: str, number: int) -> None:
    if world.under_way:
        world.under_way.pop(number % len(world.under_way))


def _replay(world: World, _: str, number: int) -> None:
    if world.history:
        world.arrive(world.history[number % len(world.history)])


def _again(world: World, name: str, number: int) -> None:
    brought = world.brought[name]
    if brought:
        world.bring(name, [brought[number % len(brought)]])


def _check(world: World, name: str, number: int) -> None:
    speaker, draft = world.draft(name, number)
    verdict = world.attempt(speaker, lambda ledger: ledger.check(draft))
    world.note(f"{draft.id} would be {verdict and verdict.text}")


def _clock(world: World, name: str, number: int) -> None:
    world.nodes[name].clock.time += JUMPS[number % len(JUMPS)]


def _months(world: World, _: str, number: int) -> None:
    for node in world.nodes.values():
        node.clock.time += (number % 14) * MONTH


HANDLERS: Final[dict[str, Callable[[World, str, int], None]]] = {
    "say": lambda world, name, number: world.say(name, number),
    "say_many": lambda world, name, number: world.say(name, number, count=2 + number % 12),
    "again": _again,
    "check": _check,
    "post": _post,
    "carry": lambda world, name, number: void(carry(world, name, number)),
    "deliver": lambda world, _, number: _deliver(world, number, again=False),
    "repeat": lambda world, _, number: _deliver(world, number, again=True),
    "lose": _lose,
    "corrupt": lambda world, _, number: world.corrupt(number),
    "replay": _replay,
    "restart": lambda world, name, _: world.restart(name),
    "crash": lambda world, name, _: world.nodes[name].crash(),
    "arm_crash": lambda world, name, number: world.arm(name, number, kinds=CRASHES),
    "arm_disk": lambda world, name, number: world.arm(name, number, kinds=DISKS),
    "partition": lambda world, name, number: world.partition(name, number),
    "clock": _clock,
    "months": _months,
    "future": lambda world, name, number: world.foresee(name, number),
    "backup": lambda world, name, _: world.back_up(name),
    "restore": lambda world, name, number: world.restore(name, number),
}


def void(_: object) -> None:
    """Let the handlers of a table all return nothing."""


def shrink(schedule: Schedule, fails: Callable[[Schedule], bool]) -> Schedule:
    """Return a schedule that still fails and of which nothing can be left out: halves first, then steps."""
    steps: Sequence[Step] = schedule.steps
    size = max(len(steps) // 2, 1)
    while True:
        at, before = 0, len(steps)
        while at < len(steps):
            fewer = (*steps[:at], *steps[at + size :])
            if fails(replace(schedule, steps=fewer)):
                steps = fewer
            else:
                at += size
        if size == 1 and len(steps) == before:
            return replace(schedule, steps=tuple(steps))
        size = max(size // 2, 1)
