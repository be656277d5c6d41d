"""A node that runs, with a call that nobody took: core is killed, and its phones and screens ring on (J5)."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from parley.gates.pager.deliveries import Deliveries, Delivery
from parley.gates.pager.ring import Outcome, Reason, Ring
from parley.watch.beats import Beat, beat
from parley.watch.policy import WatchState
from parley.work import clock
from parley.work.sock import NoCoreError
from tests.node.calling import call, make_homes, staff
from tests.node.served import Served, served, until
from tests.pager.conftest import channels, mail
from tests.pager.servers import Relay, running

pytestmark = pytest.mark.slow

TEN_MINUTES = 600


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def node(tmp_path: Path, relay: Relay) -> Iterator[Served]:
    nodes = make_homes(tmp_path)
    call(nodes, seconds_ago=TEN_MINUTES)
    nodes.stop()
    staff(tmp_path / "b")
    with running(relay.serve) as server:
        settings = channels(mail="relay") + mail("relay", server.port)
        (tmp_path / "b" / "pager.toml").write_text(settings, encoding="utf-8")
        with served(nodes.homes["b.example"]) as running_node:
            yield running_node


def rows(node: Served) -> tuple[Delivery, ...]:
    with closing(Deliveries(node.home.root / "pager.db")) as deliveries:
        return deliveries.latest(1000)


def looks(node: Served) -> Beat:
    return beat(node.home, screen="0" * 16, officer=1, seen=0, hidden=False, holds=False)


def answers(node: Served) -> bool:
    try:
        return bool(node.ask(ask="ping"))
    except NoCoreError:
        return False


def rung(node: Served) -> set[int]:
    return {each.person for each in rows(node) if each.outcome is Outcome.ACCEPTED}


def interrupted(node: Served) -> str:
    """Write down a ring as a stop leaves it, for a call that is over by then; return its key."""
    key = f"{'A' * 43}/{node.home.root.name}.example/director/{clock.now()}/1/1"
    with closing(Deliveries(node.home.root / "pager.db")) as deliveries:
        deliveries.ask(Ring(key=key, person=1, reason=Reason.CALL), now=clock.now())
    return key


def test_after_a_kill_what_is_due_rings_at_once_none_of_it_twice_and_screens_show_it(
    node: Served, relay: Relay
) -> None:
    # It was down for ten minutes: whoever should have been rung meanwhile is rung now.
    until(lambda: rung(node) == {1, 2, 3})
    before = looks(node)
    of_a_call_that_is_over = interrupted(node)
    core = node.pids()["core"]
    os.kill(core, signal.SIGKILL)
    until(lambda: node.pids().get("core") not in {core, None} and answers(node))
    after = looks(node)

    (alarm,) = after.alarms
    assert [(each.place, each.cause, each.rung) for each in before.alarms] == [
        ("A hot 1", "take", "director")
    ]
    assert (alarm.place, alarm.nature, alarm.urgency) == ("A hot 1", "real", "U0")
    assert after.watch is WatchState.UNWATCHED
    assert after.fallback is not None
    assert after.fallback.ending == "@house.example"
    # A row for every letter, and one letter for each stroke and person.
    strokes = Counter((each.key, each.contact) for each in rows(node))
    assert set(strokes.values()) == {1}
    until(lambda: len(relay.got) == len(rows(node)))
    with closing(Deliveries(node.home.root / "pager.db")) as deliveries:
        until(lambda: deliveries.is_ended(of_a_call_that_is_over))
        assert deliveries.of(of_a_call_that_is_over) == ()
