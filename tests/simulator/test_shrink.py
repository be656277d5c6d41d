"""A failing schedule is made short, so that people can read it."""

from dataclasses import replace

from tests.simulator.play import shrink
from tests.simulator.schedule import Schedule, schedule


def test_only_the_steps_that_matter_are_left() -> None:
    long = replace(schedule("long"), steps=tuple(("say", "a.example", number) for number in range(40)))

    def fails(shorter: Schedule) -> bool:
        numbers = [number for _, _, number in shorter.steps]
        return 3 in numbers and 33 in numbers

    short = shrink(long, fails)

    assert [number for _, _, number in short.steps] == [3, 33]
    assert "say a.example 33" in short.text
