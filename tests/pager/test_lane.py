"""One provider that hangs for good: so many threads, no more, and nobody waits for it longer than it may."""

from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event

import pytest

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.errand import Errand
from parley.gates.pager.lane import MAX_STUCK, Ended, Lane, Try
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Command
from parley.gates.pager.wording import Invitation
from parley.watch.policy import Channel
from tests.pager.conftest import PHONE, call
from tests.pager.test_pager import wait_until
from tests.pager.trying import trying

TAKEN = Answer(outcome=Outcome.ACCEPTED)


class Hanging:
    """A provider that nothing ends, as a name that nobody resolves, until the test lets it go."""

    def __init__(self) -> None:
        self.released = Event()
        self.began = 0
        self.ended: SimpleQueue[Ended] = SimpleQueue()
        self.lane = Lane(
            "stuck",
            Command(command=("true",), seconds=1.0, at_once=4),
            tell=self.ended.put,
            hand_over=self._hang,
        )

    def _hang(self, attempt: Attempt, _provider: object) -> Answer:
        self.began += 1
        self.released.wait(30)
        attempt.commit()
        return TAKEN

    def fill(self) -> None:
        """Begin what may begin, as the pager does."""
        while self.lane.has_room:
            tried = self.lane.take()
            self.lane.begin(Try(errand=tried.errand, until=tried.until, attempt=trying()))


@pytest.fixture(name="hanging")
def fixture_hanging() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.released.set()


def errand() -> Errand:
    return Errand(
        ring=call(),
        channel=Channel.SMS,
        contact=1,
        to=PHONE,
        invitation=Invitation(text="Parley: sign in."),
        providers=("stuck",),
    )


def test_threads_that_nothing_ends_are_only_so_many(hanging: Hanging) -> None:
    for now in range(10):
        for _ in range(4):
            hanging.lane.queue(errand(), now=float(now))
        hanging.fill()
        told = [answer for _tried, answer in hanging.lane.overdue(now + 1.0)]
        assert {answer.outcome for answer in told} == {Outcome.FAILED}
        assert len(told) == 4

    wait_until(lambda: hanging.began == MAX_STUCK)


def test_when_they_end_after_all_there_is_room_again_and_nothing_was_sent(hanging: Hanging) -> None:
    for now in range(10):
        for _ in range(4):
            hanging.lane.queue(errand(), now=float(now))
        hanging.fill()
        assert len(tuple(hanging.lane.overdue(now + 1.0))) == 4

    hanging.released.set()
    late = [hanging.ended.get(timeout=60) for _ in range(MAX_STUCK)]
    waited_for = [hanging.lane.came_back(each.tried) for each in late]
    hanging.lane.queue(errand(), now=20.0)

    assert not any(waited_for)
    assert {each.answer.outcome for each in late} == {Outcome.FAILED}
    assert hanging.lane.has_room


def test_the_next_deadline_is_that_of_whoever_ends_first(hanging: Hanging) -> None:
    lane = hanging.lane
    ends = [lane.next_end]
    lane.queue(errand(), now=5.0)
    lane.queue(errand(), now=7.0)
    ends.append(lane.next_end)
    hanging.fill()
    ends.append(lane.next_end)

    assert len(tuple(lane.overdue(6.0))) == 1

    assert [*ends, lane.next_end] == [None, 6.0, 6.0, 8.0]
