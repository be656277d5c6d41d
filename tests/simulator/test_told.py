"""Stories that failed once and that no seed tells by itself: step by step, as `shrink` left them."""

from dataclasses import replace
from typing import Final

import pytest

from tests.simulator.play import play
from tests.simulator.schedule import Schedule, schedule

# An end of B's log is agreed and then declined: what A's own entries had seen beyond it counts again. Without
# that A's fold was not made anew when it came back, and the two sides judged one record differently.
DECLINED: Final = """
    backup b.example 362485
    post b.example 253086
    backup a.example 446011
    say_many b.example 160394
    replay b.example 586198
    carry a.example 870234
    post b.example 750999
    restore b.example 119233
    deliver a.example 919175
    carry b.example 665554
    deliver a.example 503787
    restore b.example 964489
    deliver b.example 709299
    carry a.example 163683
    replay b.example 927045
    post b.example 473046
    restore a.example 198419
    carry b.example 60254
    carry a.example 681267
    replay b.example 306398
"""
# B ends its log alone, hears of A's, and has to give way: A's inquiry is to be answered by `received` all the
# same, although nobody can tell at that moment whether it is valid.
GAVE_WAY: Final = """
    backup b.example 109488
    say b.example 757979
    post b.example 82315
    deliver b.example 363040
    say a.example 544455
    restore_lost b.example 187724
    carry a.example 9657
    days a.example 684686
    alone b.example 169176
"""
# A's own entry had seen more of B's log than an end left that A had agreed to; B lets its log end later after
# all, and the entry, which came back in the same parcel, counts by all that it had seen.
AGREED_LATER: Final = """
    say a.example 587229
    carry a.example 491821
    backup b.example 987641
    post b.example 253775
    post b.example 443593
    backup a.example 160123
    say a.example 878152
    say_many a.example 370290
    arm_crash b.example 747567
    carry b.example 987687
    post b.example 862190
    restore b.example 515592
    post a.example 88627
    say_many a.example 627398
    carry b.example 98919
    say b.example 327733
    post a.example 828312
    restore b.example 577543
    restore a.example 397398
    carry b.example 293227
    carry a.example 843227
    deliver a.example 645694
"""


def told(seed: str, text: str, *, is_restored: bool) -> Schedule:
    words = [line.split() for line in text.strip().splitlines()]
    steps = tuple((what, node, int(number)) for what, node, number in words)
    return replace(schedule(seed, is_restored=is_restored), steps=steps)


@pytest.mark.parametrize(
    ("seed", "text", "is_restored"),
    [
        ("broken 9111", DECLINED, False),
        ("broken 7053", GAVE_WAY, True),
        ("300279 in storms", AGREED_LATER, False),
    ],
    ids=["declined", "gave way", "agreed later"],
)
def test_a_story_that_ended_badly_ends_well(seed: str, text: str, is_restored: bool) -> None:  # noqa: FBT001 - one of the story's words
    assert play(told(seed, text, is_restored=is_restored)).fault is None
