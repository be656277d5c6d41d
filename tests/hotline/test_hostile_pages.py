"""The pages of a call against a side that signs with a valid key, and means no good."""

from pathlib import Path
from typing import Any, Final

import pytest
from pytest_django import Settings

from parley.hotline.queries.dossier import MAX_WITHOUT_EFFECT
from parley.ledger.ledger import Ledger
from parley.ledger.slot import Slot
from parley.ledger.waiting import Job
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue
from parley.work import clock
from tests.hotline.page_desk import FIELDS, CallDesk, faults
from tests.inquiries.page_desk import A, B
from tests.today.core import alarm, core_that_answers, says
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

LAST: Final = 2**53 - 1
"""The last instant that an act can name."""
READ: Final = {"what": "unexplained_activity", "where": "unknown", "ask": ["confirm_or_deny"]}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> CallDesk:
    return CallDesk(tmp_path, settings)


def called_at(desk: CallDesk, *, since: int, by: int) -> None:
    """Have A call B about what began and ends at these instants, and B take the call."""
    d: dict[str, JsonValue] = {"fields": {**FIELDS, "when": {"since": since, "by": by}}}
    desk.opened_at(clock.now(), node=A, d=d, salt=write_base64(bytes(32)))
    desk.taken()


def floods(desk: CallDesk, count: int) -> None:
    """Have A write statements in the call that have no effect, so many."""
    opened = desk.statement(desk.place)
    d: dict[str, Any] = {"fields": dict(FIELDS)}

    def write(slot: Slot) -> None:
        for _ in range(count):
            slot._say("call.read_back", d, re=opened, now=clock.now())  # noqa: SLF001 - past the door
        slot.settle()

    ledger = Ledger(desk.homes[A])
    ledger.start()
    try:
        ledger._writer.submit(Job(link=LINK, run=write)).result()  # noqa: SLF001 - likewise
    finally:
        ledger.stop()
    desk.carry()


@pytest.mark.parametrize("by", [LAST, 253_402_300_800])
def test_a_time_that_no_calendar_has_is_read_back_as_the_number_that_is_shown(
    desk: CallDesk, by: int
) -> None:
    called_at(desk, since=1_793_610_000, by=by)

    wrong = desk.press("read-back", {**READ, "since": "0900", "by": "2000"})
    page = desk.look()
    right = desk.press("read-back", {**READ, "since": "0900", "by": str(by)})

    assert wrong.status_code == 422
    assert faults(wrong.text)
    assert str(by) in page
    assert right.status_code == 303
    assert desk.dossier.row.read_back_at is not None


def test_a_time_with_seconds_is_read_back_rightly_by_its_minute_however_it_is_written(desk: CallDesk) -> None:
    called_at(desk, since=1_793_610_013, by=1_793_613_659)

    said = desk.press("read-back", {**READ, "since": "2026-11-02T09:00Z", "by": "1000"})

    assert said.status_code == 303
    assert desk.dossier.row.read_back_at is not None


def test_a_flood_of_statements_without_effect_is_counted_and_not_shown(desk: CallDesk) -> None:
    desk.opened_at(clock.now(), node=A)
    floods(desk, MAX_WITHOUT_EFFECT + 7)
    desk.taken()

    page = desk.at(B).look()

    assert page.count('class="said-line ') == 1 + MAX_WITHOUT_EFFECT + 1
    assert "7 more statements of theirs have no effect" in page
    assert desk.kinds() == ["call.opened", "call.taken"]


def test_a_principal_whom_core_rings_sooner_than_the_ladder_finds_the_call_on_the_phone(
    desk: CallDesk,
) -> None:
    desk.opened_at(clock.now(), node=A)
    desk.at(B)
    call = desk.dossier.row.call

    with core_that_answers(desk.homes[B], beat=says(alarm(call=call, place="A 2", rung="minister"))):
        rung = desk.get("/m/")
    quiet = desk.get("/m/")

    assert "1 decision" in rung
    assert "no decision waits" in quiet


def test_a_call_that_their_node_says_it_could_not_open_does_not_look_as_if_it_were_over(
    desk: CallDesk,
) -> None:
    desk.opened_at(clock.now(), node=A)
    desk.say("unopened", {"reason": "key"}, node=B, on=desk.place)
    desk.carry()

    page = desk.at(A).get("/calls/")

    goes_on, _heading, over = page.partition("They are over")
    assert "their node could not open it: call again" in goes_on
    assert "None yet" in over
