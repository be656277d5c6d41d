"""The pager of a running node: opened, opened anew when its settings change, and what it remembers."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from parley.gates.pager.deliveries import Deliveries
from parley.gates.pager.ring import Answer, News, Outcome, Reason, Ring
from parley.node.phones import Phones
from parley.watch.policy import Channel
from parley.work import clock
from parley.work.home import Home
from tests.node.desks import House
from tests.node.served import make_home
from tests.pager.conftest import channels, mail
from tests.pager.servers import nobody
from tests.protocol.callers import Night
from tests.protocol.world import MINUTE

Heard = list[tuple[str, bool, int | None]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path)


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def phones(home: Home, heard: Heard) -> Iterator[Phones]:
    def told(key: str, *, is_lost: bool, asked: int | None = None) -> None:
        heard.append((key, is_lost, asked))

    found = Phones(home, told=told)
    yield found
    found.close()


def writes(home: Home, text: str) -> None:
    (home.root / "pager.toml").write_text(text, encoding="utf-8")


def settings() -> str:
    return channels(mail="relay") + mail("relay", nobody())


def test_without_settings_there_is_no_pager(phones: Phones) -> None:
    phones.look()

    assert phones.pager is None
    assert phones.channels == frozenset()


def test_settings_that_are_written_while_core_runs_hold_from_then_on(phones: Phones, home: Home) -> None:
    phones.look()
    writes(home, settings())
    phones.look()
    first = phones.pager
    phones.look()

    assert first is not None
    assert phones.pager is first
    assert phones.channels == {Channel.MAIL}


def test_settings_that_cannot_be_read_change_nothing(phones: Phones, home: Home) -> None:
    writes(home, settings())
    phones.look()
    before = phones.pager
    writes(home, "[channels.mail]\nproviders = ['nobody']\n")
    phones.look()

    assert phones.pager is before
    assert phones.channels == {Channel.MAIL}


def test_what_was_rung_before_a_stop_is_told_with_its_time_and_what_was_lost(
    phones: Phones, home: Home, heard: Heard
) -> None:
    now = clock.now()
    with closing(Deliveries(home.root / "pager.db")) as rows:
        for key, outcome in (("lost", Outcome.REFUSED), ("taken", Outcome.ACCEPTED), ("old", Outcome.FAILED)):
            asked = now - (3600 if key == "old" else 60)
            rows.ask(Ring(key=key, person=4, reason=Reason.CALL), now=asked)
            number = rows.write(key, contact=1, channel="mail", provider="relay", now=asked)
            rows.settle(number, Answer(outcome=outcome), now=asked)
            rows.end(key, now=asked)
    writes(home, settings())

    phones.look()

    assert heard == [("lost", True, now - 60), ("taken", False, now - 60)]


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("lost", [True, False])
def test_whatever_a_carrier_reports_a_call_goes_on_ringing_u_04(
    home: Home, outcome: Outcome, *, lost: bool
) -> None:
    night = Night()
    house = House(night)
    call = night.opens()
    night.world.wait(MINUTE)
    before = house.sweeps(call)
    phones = Phones(home, told=house.sweep.told)

    for key, ring in tuple(house.phones.known.items()):
        phones._hear(News(key=key, person=ring.person, channel="sms", outcome=outcome, lost=lost))  # noqa: SLF001 - as the pager does
        after = house.sweeps(call)

        assert {each.call for each in after} == {each.call for each in before}
        assert house.phones.ended == []
