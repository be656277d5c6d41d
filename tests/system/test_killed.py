"""Killed at any moment, under load, whoever it is: what was acknowledged stands once, at both nodes (F6)."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from parley.work.clock import sleep as pause
from tests.node.served import family, until
from tests.system.load import Load
from tests.system.nodes import SCALE, Node, chance, linked, running, tell
from tools.checker import check

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

KILLS: Final = 15 * SCALE
PACE: Final = 0.05


def victims(node: Node) -> Iterator[tuple[str, int]]:
    """Yield every process of the node that lives: those its supervisor names, and the worker of the pages."""
    for name, pid in node.pids.items():
        yield name, pid
        if name == "pages":
            with suppress(OSError):
                yield from (("worker", each) for each in family(pid) - {pid})


def kill(node: Node, dice: random.Random) -> str:
    name, pid = dice.choice(sorted(victims(node)))
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    if name == "supervisor":
        # The kernel ends its children; a watchdog starts it again.
        node.stop()
        node.start()
        node.wait()
    return name


def test_whoever_is_killed_nothing_acknowledged_is_lost_or_doubled(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("tries", KILLS)
    dice, kept, killed = chance(), tmp_path / "acknowledged", []

    with running(*linked(tmp_path)) as two:
        # Every statement is hashed and folded anew at the end: so many an instant that each kill meets some.
        with (
            Load(two.a.home, "a", kept=kept, pace=PACE) as one,
            Load(two.b.home, "b", kept=kept, pace=PACE) as other,
        ):
            for _ in range(KILLS):
                pause(dice.uniform(0.05, 1.0))
                killed.append(kill(dice.choice(two.both), dice))
        until(two.are_even)

    said = (*one.said, *other.said)
    tell(f"killed {', '.join(killed)}; {len(said)} acknowledged")
    assert check(two.a.home, two.b.home, said) == ()
    assert len(said) > KILLS
