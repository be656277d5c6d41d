"""Status inquiries, and what is news enough to meet them. Spec §8.6."""

import pytest

from tests.protocol.world import DAY, MINUTE, Statement, World


def asked(urgency: str = "U1", *wants: str) -> tuple[World, Statement]:
    """Return an inquiry that was sent and not yet received."""
    world = World()
    return world, world.a.sends(urgency=urgency, wants=wants or ("mitigate",))


@pytest.mark.parametrize(
    ("kind", "stops"),
    [
        ("progressed", True),
        ("answered", True),
        ("refused", True),
        ("postponed", True),
        ("extended", True),
        ("acknowledged", False),
        ("admitted", False),
        ("received", False),
    ],
)
def test_a_status_inquiry_is_met_by_news(kind: str, *, stops: bool) -> None:
    world, inquiry = asked("U1", "mitigate", "operator")
    world.a.says("status_asked", re=inquiry)
    world.b.says("received")
    world.wait(MINUTE)
    news = world.b.says(kind, re=None if kind == "received" else inquiry)

    expected = (world.now, news.id) if stops else None
    assert world.timer(inquiry, "status").stop == expected


def test_news_that_had_not_seen_the_question_does_not_meet_it() -> None:
    world, inquiry = asked()
    cut = len(world.a.log)
    world.a.says("status_asked", re=inquiry)
    world.b.says("progressed", re=inquiry, seen=cut)
    world.b.says("received")

    assert world.timer(inquiry, "status").phase.value == "running"


def test_each_status_inquiry_has_its_own_clock() -> None:
    world, inquiry = asked()
    question = world.a.says("status_asked", re=inquiry)
    news = world.b.says("progressed", re=question)
    at = world.now
    world.wait(DAY)
    world.a.says("status_asked", re=inquiry)
    world.b.says("received")

    timers = [timer for timer in world.inquiry(inquiry).timers if timer.clock.value == "status"]

    assert [timer.stop for timer in timers] == [(at, news.id), None]
    assert [timer.started_at for timer in timers] == [at, world.now]


def test_a_status_inquiry_ends_with_the_last_item() -> None:
    world, inquiry = asked()
    world.a.says("status_asked", re=inquiry)
    world.b.says("received")
    world.a.says("withdrawn", re=inquiry)

    assert world.timer(inquiry, "status").phase.value == "ended"
