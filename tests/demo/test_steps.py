"""The steps and their groups, of records in which nothing stands yet."""

from parley.demo.player import CHAPTERS
from parley.demo.scene import Scene, View
from parley.demo.steps import GROUPS, NAMES, Stand, groups, steps

EMPTY = Scene(a=View(), b=View())


def test_of_two_empty_records_the_first_step_is_due_and_nothing_is_done() -> None:
    found = steps(EMPTY)

    assert [step.number for step in found] == list(range(1, len(NAMES) + 1))
    assert [step.stand for step in found] == [Stand.NOW, *[Stand.LATER] * (len(NAMES) - 1)]
    assert [step.note for step in found] == [None] * len(NAMES)


def test_the_group_with_the_step_that_is_due_stands_out_and_counts_what_is_done() -> None:
    found = groups(steps(EMPTY))

    assert [group.name for group in found] == list(GROUPS)
    assert [group.stand for group in found] == [Stand.NOW, *[Stand.LATER] * (len(GROUPS) - 1)]
    assert sum(group.count for group in found) == len(NAMES)
    assert {group.done for group in found} == {0}


def test_every_step_can_be_watched_but_pairing_which_is_done_and_looking_around_which_has_no_end() -> None:
    assert set(NAMES) - set(CHAPTERS) == {"pair", "look"}
