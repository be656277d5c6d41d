"""The watch report: what rang against what a person can act on, and how long nobody saw it."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.node.counted import Counted
from parley.watch import actions, queries
from parley.watch.actions.counting import PIECE
from parley.watch.models import AlarmRang
from parley.watch.policy import BUDGET, Rang, figures
from tests.watch.test_panel import CALL, NOW

HOUR = 3600


def rang(begins: int, *, rung: str = "duty_desk") -> Rang:
    return Rang(
        link="a-b",
        call="A" * 43,
        place="A hot 3",
        nature="real",
        urgency="U0",
        cause="take",
        begins=begins,
        rung=rung,
    )


def test_the_worst_ten_minutes_are_counted_and_not_the_mean() -> None:
    found = figures([rang(NOW + at) for at in (0, 300, 599, 1200, 2000)], (), begins=NOW, ends=NOW + HOUR)

    assert (found.alarms, found.worst) == (5, 3)


def test_missed_is_what_rang_above_the_desk() -> None:
    found = figures([rang(NOW), rang(NOW + 1, rung="duty_phone")], (), begins=NOW, ends=NOW + HOUR)

    assert found.missed == 1


def test_what_nobody_saw_counts_within_the_watch_alone() -> None:
    stretches = ((NOW - 100, NOW + 20), (NOW + 50, NOW + 60), (NOW + HOUR - 5, NOW + HOUR + 500))

    assert figures((), stretches, begins=NOW, ends=NOW + HOUR).unseen == 35


@pytest.mark.parametrize(("count", "is_over"), [(2 * BUDGET, False), (2 * BUDGET + 1, True)])
def test_the_budget_is_six_alarms_an_hour(count: int, is_over: bool) -> None:  # noqa: FBT001 - a case
    found = figures([rang(NOW + at) for at in range(count)], (), begins=NOW, ends=NOW + 2 * HOUR)

    assert found.is_over_budget is is_over


@pytest.mark.django_db
def test_an_alarm_is_written_once_with_the_highest_rung_and_its_end() -> None:
    actions.note_alarms([rang(NOW)], ended=(), now=NOW)
    actions.note_alarms([rang(NOW, rung="director")], ended=(), now=NOW + 300)
    actions.note_alarms((), ended=[rang(NOW, rung="director")], now=NOW + 320)

    (row,) = AlarmRang.objects.all()
    assert (row.begins, row.ends, row.rung) == (NOW, NOW + 320, "director")
    assert queries.watch_figures(begins=NOW, ends=NOW + HOUR).missed == 1


@pytest.mark.django_db
def test_stretches_that_nobody_saw_grow_together() -> None:
    for since in range(NOW, NOW + 60, 10):
        actions.count_unseen(since=since, now=since + 10)
    actions.count_unseen(since=NOW + 600, now=NOW + 630)

    assert queries.watch_figures(begins=NOW, ends=NOW + HOUR).unseen == 90


@pytest.mark.django_db(transaction=True)
def test_core_counts_what_rings_beside_the_ringing_and_writes_what_changed_alone() -> None:
    now = [NOW]
    counted = Counted(now=lambda: now[0])
    for alarms in ((CALL,), (CALL,), ()):
        counted.count(alarms, is_unseen=True)
        now[0] += 20
    counted.stop()

    assert queries.watch_figures(begins=NOW, ends=NOW + HOUR).alarms == 1
    assert AlarmRang.objects.get().ends == NOW + 40
    assert queries.watch_figures(begins=NOW, ends=NOW + HOUR).unseen == 40


@pytest.mark.django_db(transaction=True)
def test_a_flood_of_alarms_is_written_in_pieces_so_that_no_page_waits_for_all_of_it() -> None:
    flood = [replace(rang(NOW), call=f"{number:043}") for number in range(3 * PIECE)]

    with CaptureQueriesContext(connection) as begun:
        actions.note_alarms(flood, ended=(), now=NOW)
    with CaptureQueriesContext(connection) as over:
        actions.note_alarms((), ended=flood, now=NOW + 1)

    assert [_begins(each) for each in (begun, over)] == [3, 3]
    assert len(begun) < len(flood) / 10
    assert AlarmRang.objects.filter(ends=NOW + 1).count() == len(flood)


def _begins(asked: CaptureQueriesContext) -> int:
    return sum(each["sql"].startswith("BEGIN") for each in asked)
