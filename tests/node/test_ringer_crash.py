"""What a crash interrupted: it rings on for a call that somebody still waits in, and for no other."""

from contextlib import closing
from pathlib import Path

import pytest

from parley.gates.pager.deliveries import Deliveries
from parley.gates.pager.pager import Pager
from parley.gates.pager.settings import parse
from parley.work import clock
from tests.node.desks import House
from tests.pager.conftest import BY_MAIL, channels, mail
from tests.pager.servers import Relay, running
from tests.protocol.callers import Night
from tests.protocol.world import MINUTE, A, B


def interrupted(house: House, path: Path) -> str:
    """Have a ring of `house` written down and begun when everything stops; return its key."""
    (ring,) = house.phones.known.values()
    with closing(Deliveries(path)) as rows:
        rows.ask(ring, now=clock.now())
        rows.write(ring.key, contact=2, channel="mail", provider="relay", now=clock.now())
    return ring.key


@pytest.mark.parametrize("ended", ["", "taken", "cancelled"])
def test_a_ring_that_a_crash_interrupted_goes_on_only_while_its_call_rings(
    tmp_path: Path, ended: str
) -> None:
    night, relay, path = Night(), Relay(), tmp_path / "pager.db"
    house, call = House(night), night.opens()
    night.world.wait(MINUTE)
    house.sweeps(call)
    key = interrupted(house, path)
    if ended == "taken":
        night.takes(call, by=B)
    elif ended == "cancelled":
        night.closes(call, "cancelled", by=A)

    with running(relay.serve) as server, closing(Deliveries(path)) as rows:
        settings = parse(channels(mail="relay") + mail("relay", server.port), world="live")
        pager = Pager(settings, rows, ways=lambda _person: (BY_MAIL,))
        house.starts(pager)
        pager.start()
        house.sweeps(call)
        pager.go_on(house.sweep.wants)
        assert pager.wait(key, seconds=60)
        pager.stop()

    assert len(relay.got) == (0 if ended else 1)


def test_every_stroke_of_a_call_that_is_taken_is_ended_and_not_the_last_alone() -> None:
    night = Night()
    house, call = House(night), night.opens()
    for _ in range(3):
        night.world.wait(MINUTE)
        house.sweeps(call)

    night.takes(call)
    house.sweeps(call)

    assert len(house.phones.known) > 3
    assert sorted(house.phones.ended) == sorted(house.phones.known)


def test_a_ring_that_goes_on_under_an_older_name_is_ended_under_that_name() -> None:
    night = Night()
    house, call = House(night), night.opens()
    night.world.wait(MINUTE)
    house.sweeps(call)
    (ring,) = house.phones.known.values()
    house.starts()
    house.is_watched = False
    house.sweep.told(ring.key, is_lost=False, asked=night.world.now)

    house.sweeps(call)
    night.takes(call)
    house.sweeps(call)

    assert ring.key in house.phones.ended
