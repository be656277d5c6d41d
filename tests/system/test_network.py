"""The line fails in every way a line can; when it is whole again both sides hold the same (F10).

cut         nothing passes                          one_way     what A says arrives, what B says does not
reset       every packet answered by a reset        lossy       one packet in five is lost, either way
narrow      64 kbit/s                               drip        4 kbit/s, a few hundred bytes a second
black_hole  the line goes dead in the middle of a parcel: large ones are under way
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from parley.work import clock
from tests.node.served import until
from tests.system.load import Load
from tests.system.network import Place, two_places
from tests.system.nodes import SCALE, Node, Two, link, make_home, running, tell
from tests.two_nodes.pair import A, B
from tools.checker import check

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

SECONDS: Final = 3 * SCALE


def cut(a: Place, _b: Place) -> None:
    for chain in ("input", "output"):
        a.rule(chain, "drop")


def one_way(a: Place, _b: Place) -> None:
    a.rule("input", "drop")


def reset(a: Place, b: Place) -> None:
    for place in (a, b):
        place.rule("input", "meta", "l4proto", "tcp", "reject", "with", "tcp", "reset")


def lossy(a: Place, b: Place) -> None:
    for place in (a, b):
        place.rule("input", "numgen", "random", "mod", "100", "<", "20", "drop")


def narrow(a: Place, b: Place) -> None:
    for place in (a, b):
        place.slow("64kbit")


def drip(a: Place, b: Place) -> None:
    for place in (a, b):
        place.slow("4kbit")


FAULTS: Final[Mapping[str, Callable[[Place, Place], None]]] = {
    "cut": cut,
    "one_way": one_way,
    "reset": reset,
    "lossy": lossy,
    "narrow": narrow,
    "drip": drip,
    "black_hole": cut,
}

SEVERED: Final = frozenset({"cut", "one_way", "reset", "black_hole"})


class Line:
    """Both nodes at both ends of the cable."""

    def __init__(self, two: Two, places: tuple[Place, Place], kept: Path) -> None:
        self.two, self._places, self._kept = two, places, kept
        self.loads: list[Load] = []

    def through(self, name: str) -> float:
        """Let both speak while the fault `name` lasts, and return how long they take to agree afterwards."""
        text = "large " * 20_000 if name == "black_hole" else "x"
        with (
            Load(self.two.a.home, f"{name}.a", kept=self._kept, threads=1, text=text) as one,
            Load(self.two.b.home, f"{name}.b", kept=self._kept, threads=1) as other,
        ):
            until(lambda: bool(one.said and other.said))
            FAULTS[name](*self._places)
            clock.sleep(SECONDS)
        self.loads += [one, other]
        assert name not in SEVERED or not self.two.are_even(), "this fault was none"
        for place in self._places:
            place.heal()
        healed = clock.monotonic()
        until(self.two.are_even)
        return clock.monotonic() - healed


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("line")
    with two_places(f"pl{os.getpid() % 10_000}") as places:
        homes = [
            make_home(folder / node[0], node, address=place.address, world="live")
            for node, place in zip((A, B), places, strict=True)
        ]
        link(*homes, world="live")
        nodes = [Node(home, prefix=place.inside) for home, place in zip(homes, places, strict=True)]
        with running(*nodes) as two:
            until(two.are_even)
            yield Line(two, places, folder / "kept")


@pytest.mark.parametrize("name", FAULTS)
def test_when_the_line_is_whole_again_both_hold_the_same(line: Line, name: str) -> None:
    seconds = line.through(name)

    tell(f"{name}: even {seconds:.1f} s after it was over")
    assert not {"fork", "not_extended"} & (line.two.a.alarms() | line.two.b.alarms())


def test_after_all_of_that_both_records_are_whole_and_nothing_is_lost(line: Line) -> None:
    for node in line.two.both:
        node.stop()

    said = [each for load in line.loads for each in load.said]
    assert check(line.two.a.home, line.two.b.home, said) == ()
    assert len(said) > len(FAULTS)
