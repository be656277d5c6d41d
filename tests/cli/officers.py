"""The officer of each desk of two typed nodes, with a key."""

from parley.work import clock
from tests.cli.side import SECRET, Sides
from tests.two_nodes.persons import enrol


def enrol_officers(sides: Sides) -> None:
    """Have the roots of both sides enrol the officer of their desk."""
    for side in (sides.a, sides.b):
        enrol(side.home, 1, secret=SECRET, now=clock.now())
    sides.carry()
