"""A list that an officer told the node to release at its second, by itself."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role
from parley.dialogue.queries.timing import orders
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.ledger import Ledger, StorageError
from parley.ledger.slot import RECOVERING
from parley.node.releaser import LOOK_SECONDS, Releaser
from parley.protocol.strictjson import JsonValue
from tests.dialogue.page_table import PageTable
from tests.dialogue.signing import say_signed
from tests.inquiries.page_desk import HOST, OFFICER, VIEWER, A, B
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

RELEASE: Final = 1_893_456_007
ITSELF: Final = "Release it at that second, by itself"
BACK: Final = "Take this back: a person releases it"
BY_HAND: Final = "From that second on it is released here."
STOP: Final[dict[str, JsonValue]] = {"scope": {"link": True}, "reason": "policy", "until": None}
COULD_NOT: Final = "This node was to release the list by itself, and could not"


class Writer:
    """The one writer of a home, at a time of the test's; it fails as often as it is told."""

    def __init__(self, desk: PageTable, *, now: int, failures: int = 0) -> None:
        self.home, self.now, self.failures = desk.homes[desk.node], now, failures

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        ledger = Ledger(self.home, now=lambda: self.now)
        ledger.start()
        try:
            found = ledger.append(drafts)
        finally:
            ledger.stop()
        if self.failures:
            self.failures -= 1
            raise StorageError("the disk is full")
        return found


class Recovering(Writer):
    """The same, while its log is asked back from the other side."""

    def append(self, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        return [RefusedError(RECOVERING) for _draft in drafts]


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def frozen(desk: PageTable) -> str:
    """Return the place of a round whose list both froze; the pages are those of A."""
    place = desk.listed()
    desk.freeze(place, release=RELEASE)
    desk.at(A)
    return place


def order(desk: PageTable, place: str, **fields: str) -> str:
    """Press a button beside the list, and return to where that led."""
    answer = desk.send_to(f"/rounds/{LINK}/{place}/release/at/", fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def look(desk: PageTable, *, now: int, writer: Writer | None = None) -> float:
    """Let the node whose pages these are look at its orders at `now`, and return when it looks again."""

    async def looked() -> float:
        releaser = Releaser(desk.homes[desk.node], writer or Writer(desk, now=now), now=lambda: now)
        try:
            return await asyncio.to_thread(releaser.look)
        finally:
            await releaser.stop()

    found = asyncio.run(looked())
    desk.tell()
    return found


def releases(desk: PageTable) -> list[int]:
    """Return when each release in the record was said."""
    return [row.effective for row in desk.rows() if row.kind == "outcome.released"]


def test_both_nodes_release_an_ordered_list_by_themselves_in_the_very_second_and_not_before(
    desk: PageTable,
) -> None:
    place = frozen(desk)
    said = len(desk.rows())
    for node in (A, B):
        desk.at(node)
        assert ITSELF in desk.get(f"/rounds/{LINK}/{place}/")
        order(desk, place)
        page = desk.get(f"/rounds/{LINK}/{place}/")
        assert "Zhao told this node to release the list at that second." in page
        assert BACK in page
        assert ITSELF not in page
        assert look(desk, now=RELEASE - 10) == 10
        assert look(desk, now=RELEASE - 1_000) == LOOK_SECONDS
        assert len(desk.rows()) == said
        look(desk, now=RELEASE)
    desk.carry()

    assert releases(desk) == [RELEASE, RELEASE]
    for node in (A, B):
        desk.at(node)
        assert (
            "Both sides released this list"
            in Client(headers=HOST).get(f"/public/outcomes/{desk.digest}/").text
        )
        assert BACK not in desk.get(f"/rounds/{LINK}/{place}/")
    assert orders() == ()


def test_an_order_that_was_taken_back_releases_nothing(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)
    order(desk, place, take_back="1")

    assert look(desk, now=RELEASE + 5) == LOOK_SECONDS

    assert releases(desk) == []
    assert ITSELF in desk.get(f"/rounds/{LINK}/{place}/")
    assert "late=1" in order(desk, place, take_back="1")


def test_two_officers_who_order_at_once_release_once(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)
    order(desk, place)
    assert len(orders()) == 1

    look(desk, now=RELEASE)
    look(desk, now=RELEASE + 1)

    assert releases(desk) == [RELEASE]
    stages = JournalEntry.objects.filter(act__startswith="outcome.released:").order_by("pk")
    assert [each.act.partition(":")[2] for each in stages] == ["ordered", "begun", "saved", "said"]


def test_what_could_not_be_written_is_tried_again_and_becomes_one_release(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)
    writer = Writer(desk, now=RELEASE, failures=1)

    soon = look(desk, now=RELEASE, writer=writer)
    assert soon < LOOK_SECONDS
    assert len(orders()) == 1
    look(desk, now=RELEASE + 2, writer=writer)

    assert releases(desk) == [RELEASE]
    assert orders() == ()


def test_an_order_stands_while_the_log_is_asked_back(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)

    soon = look(desk, now=RELEASE, writer=Recovering(desk, now=RELEASE))
    assert soon < LOOK_SECONDS
    assert (len(orders()), releases(desk)) == (1, [])
    look(desk, now=RELEASE + 9)

    assert releases(desk) == [RELEASE + 9]


def test_an_order_of_somebody_who_may_not_speak_any_more_ends_and_the_page_says_so(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)
    Officer.objects.filter(number=OFFICER).update(role=Role.VIEWER)

    look(desk, now=RELEASE)

    assert releases(desk) == []
    assert orders() == ()
    Officer.objects.filter(number=OFFICER).update(role=Role.OFFICER)
    assert COULD_NOT in desk.get(f"/rounds/{LINK}/{place}/")


def test_a_list_that_a_person_released_first_ends_the_order_without_a_word(desk: PageTable) -> None:
    place = frozen(desk)
    order(desk, place)
    desk.release(A, place, at=RELEASE)

    look(desk, now=RELEASE)

    assert releases(desk) == [RELEASE]
    assert COULD_NOT not in desk.get(f"/rounds/{LINK}/{place}/")


def test_a_viewer_orders_nothing(desk: PageTable) -> None:
    place = frozen(desk)

    answer = desk.clients[VIEWER].post(f"/rounds/{LINK}/{place}/release/at/", {})

    assert answer.status_code == 403
    assert orders() == ()


def test_there_is_nothing_to_order_before_both_froze_the_same(desk: PageTable) -> None:
    place = desk.listed()
    desk.freeze_apart(place, {A: RELEASE})
    desk.at(A)

    answer = desk.clients[OFFICER].post(f"/rounds/{LINK}/{place}/release/at/", {})

    assert answer.status_code == 404
    assert ITSELF not in desk.get(f"/rounds/{LINK}/{place}/")


def test_while_the_link_is_suspended_the_release_waits_for_nobody_and_the_page_says_why(
    desk: PageTable,
) -> None:
    place = frozen(desk)
    stop = Draft(id="stop", link=LINK, kind="link.suspended", d=STOP)
    said = say_signed(desk.homes[B], stop)
    desk.carry()

    # Each page's frame keeps the links of its node for two seconds.
    desk.at(B).get("/")
    page = desk.at(A).get(f"/rounds/{LINK}/{place}/")
    say_signed(desk.homes[B], Draft(id="go", link=LINK, kind="link.resumed", d={}, re=said.statement))
    desk.carry()
    desk.at(B).get("/")
    after = desk.at(A).get(f"/rounds/{LINK}/{place}/")

    assert f"Suspended by {said.place}: until that is lifted, neither side releases the list." in page
    assert f"waits: suspended by {said.place}" in page
    assert BY_HAND not in page
    assert BY_HAND in after
    assert "waits: suspended" not in after
