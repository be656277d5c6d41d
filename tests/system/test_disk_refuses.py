"""A disk that fails in the middle of a real node's work: an error is never taken for a yes (F8, D1).

EIO       every n-th sync fails, and has thrown away what it should have written
ENOSPC    after so many bytes nothing more is written, until there is room again
the end   the process ends before its n-th write
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from parley.work.home import Home
from tests.node.served import until
from tests.system.load import Load
from tests.system.nodes import SCALE, Mail, Node, chance, linked, tell
from tests.system.test_power_cut import POINTS, Promises, Run, broken
from tools.checker import check
from tools.powercut import Disk, build, environment, position, read_log

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

EXITS: Final = 8 * SCALE
NO_ROOM: Final = ("disk is full", "No space left")


def under(folder: Path, **faults: str) -> tuple[Node, Home, Path, Path]:
    """Return A, not started, whose core meets `faults` while the last file exists; B's home; the log."""
    a, b = linked(folder)
    log, arm = folder / "calls", folder / "armed"
    a.more = environment(build(folder), a.home.root, log=log, arm=str(arm), **faults)
    return a, b.home, log, arm


def settled(a: Home, b: Home, load: Load) -> tuple[str, ...]:
    """Let both exchange what there is and return what is wrong then."""
    mail = Mail(a, b)
    try:
        mail.settle()
    finally:
        mail.close()
    return check(a, b, load.said)


@pytest.mark.parametrize("each", [2, 3, 7])
def test_where_a_sync_fails_nothing_is_acknowledged_that_a_cut_could_take(
    tmp_path: Path, each: int, record_property: Callable[[str, object], None]
) -> None:
    a, b, log, arm = under(tmp_path, eio=str(each))
    disk = Disk.of(a.home.root)
    a.start()
    a.wait()

    with Load(a.home, "a", kept=tmp_path / "kept", mark=lambda: position(log)) as load:
        until(lambda: len(load.said) > 5)
        arm.touch()
        until(lambda: len(load.refused) > 5)
        arm.unlink()
        before = len(load.said)
        until(lambda: len(load.said) > before + 10)
    a.stop()

    promises = Promises(said=list(zip(load.marks, load.said, strict=True)))
    run = Run(disk=disk, steps=tuple(read_log(log)), promises=promises)
    found = [*broken(run, chance(), points=POINTS // 4, besides=carried_over(run))]
    record_property("tries", len(found))
    tell(f"{len(found)} images; {len(load.said)} acknowledged, {len(load.refused)} refused")
    assert [each for each in found if each] == []
    assert settled(a.home, b, load) == ()


def carried_over(run: Run) -> set[int]:
    """Return the moments at which the file is durable and its log is not yet known to be empty."""
    cut = [moment for moment, step in enumerate(run.steps) if step.op == "t" and step.path.endswith("-wal")]
    return {moment + later for moment in cut for later in (0, 1) if moment + later < len(run.steps)}


def test_where_there_is_no_room_nothing_is_acknowledged_and_it_goes_on_when_there_is(tmp_path: Path) -> None:
    a, b, _log, arm = under(tmp_path, enospc="20000")
    a.start()
    a.wait()

    with Load(a.home, "a", kept=tmp_path / "kept") as load:
        until(lambda: len(load.said) > 5)
        arm.touch()
        until(lambda: len(load.refused) > 5)
        during = len(load.said)
        arm.unlink()
        until(lambda: len(load.said) > during + 5)
    a.stop()

    # SQLite says so, or the writer, which writes what a failed sync threw away once more.
    assert any(word in reason for reason in load.refused for word in NO_ROOM), load.refused
    assert settled(a.home, b, load) == ()


def speaks(load: Load, before: int) -> bool:
    return len(load.said) > before


def ended(node: Node, before: dict[str, int]) -> bool:
    return node.pids != before


def test_wherever_a_process_ends_before_a_write_what_was_acknowledged_stands(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("tries", EXITS)
    a, b, _log, arm = under(tmp_path, exit=str(chance().randint(20, 60)))
    a.start()
    a.wait()

    with Load(a.home, "a", kept=tmp_path / "kept") as load:
        for _ in range(EXITS):
            said, pids = len(load.said), a.pids
            until(partial(speaks, load, said))
            arm.touch()
            until(partial(ended, a, pids))
            arm.unlink()
    a.stop()

    assert settled(a.home, b, load) == ()
    assert len(load.said) > EXITS
