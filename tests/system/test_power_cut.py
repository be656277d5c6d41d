"""The power goes at any moment of a real node's work: nothing that left it is lost (F5).

promised    what `append` acknowledged; heads and receipts of A's that B holds
A           a real core, watched by the shim; each promise stands beside how far the log of the shim reached
image       the files as a cut between two calls could leave them, three ways
then        the real ledger opens the image, signs what was committed, and every promise is looked for
"""

import http.client
import random
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from parley.ledger.home import read_config
from parley.ledger.ledger import Ledger
from parley.node.start import address_of
from parley.protocol.parcel import MAX_PARCEL
from parley.work.home import Home
from tests.system.load import Load
from tests.system.nodes import SCALE, chance, inquiry, linked, tell
from tests.two_nodes.pair import LINK, MEMORY, A
from tools.checker import Said, faults, lost
from tools.powercut import Disk, Step, Way, build, environment, position, read_log

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

POINTS: Final = 100 * SCALE
ROUNDS: Final = 15


@dataclass
class Promises:
    """What left A, each beside the end of the log at that moment."""

    said: list[tuple[int, Said]] = field(default_factory=list)
    heads: list[tuple[int, int, bytes]] = field(default_factory=list)
    receipts: list[tuple[int, int]] = field(default_factory=list)

    def broken(self, home: Home, *, before: int) -> Iterator[str]:
        """Yield each promise made before the log was `before` bytes long that `home` does not keep."""
        yield from lost(home, [said for at, said in self.said if at <= before])
        mine, theirs = _heads(home, "=", A), _heads(home, "<>", A)
        for at, size, root in self.heads:
            if at <= before and mine.get(size, b"") != root:
                yield f"A's head at {size} left, and is not there"
        for at, size in self.receipts:
            if at <= before and size > max(theirs, default=0):
                yield f"A's receipt for {size} entries left, and they are not there"


class Partner:
    """B, in this process: it speaks, sends its parcels to A's door, and takes what A answers."""

    def __init__(self, home: Home, door: str) -> None:
        self.home, self._door = home, address_of(door)
        self.ledger = Ledger(home)
        self.ledger.start()

    def post(self) -> None:
        """Bring a parcel as a poll, so that the answer carries entries too."""
        line = http.client.HTTPConnection(*self._door, timeout=60)
        with closing(line):
            parcel = self.ledger.compose(LINK, prompt=True)
            line.request("POST", "/parley/v1/parcel", body=parcel, headers={"Prefer": "wait=1"})
            answer = line.getresponse()
            if answer.status == 200:
                self.ledger.take_answer(LINK, answer.read(MAX_PARCEL))

    def held(self) -> tuple[dict[int, bytes], int]:
        """Return A's heads that stand here, and for how many entries A's receipt does."""
        with closing(sqlite3.connect(self.home.record)) as db:
            ((receipted,),) = db.execute("SELECT MAX(size) FROM receipt")
        return _heads(self.home, "=", A), receipted or 0


def _heads(home: Home, sign: str, node: str) -> dict[int, bytes]:
    sql = f"SELECT size, root FROM head JOIN log ON log = id WHERE node {sign} ?"  # noqa: S608 - one of two signs
    with closing(sqlite3.connect(home.record)) as db:
        return dict(db.execute(sql, (node,)))


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a watched node did, and what it promised."""

    disk: Disk
    steps: tuple[Step, ...]
    promises: Promises


def watched(folder: Path, **faults_: str) -> Run:
    """Let A's processes work under the shim, with two people and B at its door, and return what was seen."""
    a, b = linked(folder)
    disk, log = Disk.of(a.home.root), folder / "calls"
    a.more = environment(build(folder), a.home.root, log=log, **faults_)
    promises, partner = Promises(), Partner(b.home, read_config(a.home).partner)
    a.start()
    try:
        a.wait()
        with Load(a.home, "a", kept=folder / "kept", threads=1, mark=lambda: position(log)) as load:
            for number in range(ROUNDS):
                partner.ledger.append([inquiry(f"b.{number}", text="y" * 3_000)])
                # The first brings what is new, and gets a receipt; the second has nothing new, and gets all.
                partner.post()
                partner.post()
                heads, receipted = partner.held()
                at = position(log)
                promises.heads += [(at, size, root) for size, root in heads.items() if size > 1]
                promises.receipts.append((at, receipted))
    finally:
        a.stop()
        partner.ledger.stop()
    promises.said = list(zip(load.marks, load.said, strict=True))
    return Run(disk=disk, steps=tuple(read_log(log)), promises=promises)


def broken(
    run: Run, dice: random.Random, *, points: int, besides: Collection[int] = ()
) -> Iterator[list[str]]:
    """Cut the power at so many moments and `besides`, in three ways each; yield what is wrong with each."""
    moments = {*dice.sample(range(len(run.steps)), min(points, len(run.steps))), *besides}
    for moment, step in enumerate(run.steps):
        if moment in moments:
            for way in Way:
                found = judged(run, dice, way=way, end=step.end)
                yield [f"cut {moment}, {way.value}: {each}" for each in found]
        run.disk.play(step)


def judged(run: Run, dice: random.Random, *, way: Way, end: int) -> list[str]:
    """Return what is wrong once the ledger has opened such an image."""
    folder = Path(MEMORY or "/tmp", f"parley-cut-{dice.randrange(10**12)}")  # noqa: S108 - removed below
    home = Home(root=folder)
    try:
        run.disk.write(way, dice, folder=folder)
        # The call that follows was not made, so what was told before it ended is what counts.
        ledger = Ledger(home)
        ledger.start()
        ledger.stop()
        return [*faults(home), *run.promises.broken(home, before=end - 1)]
    except sqlite3.DatabaseError as error:
        return [f"the record cannot be read: {error}"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_power_cut_at_any_moment_takes_nothing_that_left_the_node(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    dice = chance()

    run = watched(tmp_path)
    found = [*broken(run, dice, points=POINTS)]
    record_property("tries", len(found))

    tell(f"{len(found)} images of {len(run.steps)} calls; {len(run.promises.said)} acknowledged")
    assert [each for each in found if each] == []
    assert len(run.promises.said) > ROUNDS
    assert run.promises.heads
    assert run.promises.receipts[-1][1] > ROUNDS // 2


@pytest.mark.parametrize("deaf", ["record.db", "record.db-wal"])
def test_on_a_disk_that_does_not_sync_the_same_cuts_do_find_losses(tmp_path: Path, deaf: str) -> None:
    """The guard, seen to fail: `synchronous=OFF`, and a log that is synced only with the file behind it."""
    run = watched(tmp_path, deaf=deaf)

    assert any(broken(run, chance(), points=POINTS // 4))
