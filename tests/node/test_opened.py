"""The calls that are open, followed through the record: folded once, told anew, let go when they are over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.lanes import named
from parley.ledger.slot import Slot
from parley.ledger.waiting import Job
from parley.node.opened import OpenCalls
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.codes import State
from parley.protocol.names import HOT, MAIN
from tests.node.calling import OPENING
from tests.two_nodes.pair import LINK, A, B, OpenReader, Pair
from tests.two_nodes.persons import suspends


class Torn(OpenReader):
    """A reader whose disk fails for a while."""

    fails = False

    def call(self, link: str, statement: bytes) -> Call | None:
        if self.fails:
            raise OSError("input/output error")
        return super().call(link, statement)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path, lanes=(MAIN, HOT))
    yield nodes
    nodes.stop()


@pytest.fixture
def reader(pair: Pair) -> Iterator[OpenReader]:
    with pair.reader(B) as found:
        yield found


def opens(pair: Pair, *, lane: str = HOT) -> bytes:
    opened = pair.say(A, "call.opened", OPENING, lane=lane).statement
    pair.settle()
    return opened


def says(pair: Pair, node: str, kind: str, opened: bytes, **d: str) -> None:
    pair.say(node, kind, d, re=opened, lane=HOT)
    pair.settle()


def test_calls_are_found_in_every_lane_with_their_places(pair: Pair, reader: OpenReader) -> None:
    opens(pair)
    opens(pair, lane=MAIN)

    found = OpenCalls(reader).follow(pair.clocks[B].time)

    assert {(each.link, each.place.rpartition(" ")[0]) for each in found} == {(LINK, "A hot"), (LINK, "A")}


def test_what_is_said_after_the_start_is_heard_and_what_is_no_call_is_none(
    pair: Pair, reader: OpenReader
) -> None:
    calls = OpenCalls(reader)
    now = pair.clocks[B].time
    assert calls.follow(now) == ()

    pair.sends()
    opened = opens(pair)
    (before,) = calls.follow(now)
    says(pair, B, "call.taken", opened, rung="duty_desk")
    (after,) = calls.follow(now)

    assert [before.call.state, after.call.state] == [State.OPENED, State.TAKEN]


def test_of_many_statements_those_are_told_that_open_calls_and_no_other_of_their_tag(
    pair: Pair, reader: OpenReader
) -> None:
    inquiry = pair.sends().statement
    calls = {opens(pair), opens(pair, lane=MAIN)}
    # Eight bytes are the tag; so these are looked for where the calls lie, and are none of them.
    alike = {each[:8] + bytes(24) for each in calls}
    others = {bytes([number % 256, number // 256]) + bytes(30) for number in range(1_200)}

    assert reader.calls_among(calls | alike | others | {inquiry}) == calls
    assert reader.calls_among(alike | {inquiry}) == set()
    assert reader.calls_among(()) == set()


def test_what_did_not_change_is_the_same_value_and_is_not_folded_again(
    pair: Pair, reader: OpenReader
) -> None:
    opens(pair)
    calls = OpenCalls(reader)
    now = pair.clocks[B].time
    (before,) = calls.follow(now)
    pair.sends()
    pair.settle()

    (after,) = calls.follow(now)

    assert after is before


def test_a_call_that_both_closed_is_let_go_and_a_late_word_brings_it_back(
    pair: Pair, reader: OpenReader
) -> None:
    calls = OpenCalls(reader)
    now = pair.clocks[B].time
    opened = opens(pair)
    says(pair, B, "call.taken", opened, rung="duty_desk")
    said = [bool(calls.follow(now))]
    for node in (A, B):
        says(pair, node, "call.closed", opened, ending="answered")
        said.append(bool(calls.follow(now)))

    assert said == [True, True, False]
    assert not OpenCalls(reader).follow(now)


def test_one_that_the_other_side_never_closed_is_let_go_after_its_time(
    pair: Pair, reader: OpenReader
) -> None:
    calls = OpenCalls(reader)
    opened = opens(pair)
    says(pair, A, "call.closed", opened, ending="cancelled")
    now = pair.clocks[B].time

    assert calls.follow(now)
    assert not calls.follow(now + 24 * 3600)


def test_what_concerns_the_link_as_a_whole_tells_its_calls_anew(pair: Pair, reader: OpenReader) -> None:
    calls = OpenCalls(reader)
    opens(pair)
    now = pair.clocks[B].time
    (before,) = calls.follow(now)

    suspends(pair, A)
    pair.settle()
    (after,) = calls.follow(now)

    assert after == before
    assert after is not before


def test_a_clock_that_was_ahead_and_is_set_back_lets_no_call_go(pair: Pair, reader: OpenReader) -> None:
    calls = OpenCalls(reader)
    opened = opens(pair)
    now = pair.clocks[B].time
    pair.say(B, "call.closed", {"ending": "call_back", "at": now + 3600}, re=opened, lane=HOT)
    pair.settle()

    ahead = calls.follow(now + 7 * 86_400)
    back = calls.follow(now + 3600)

    assert ahead == ()
    assert [each.call.id for each in back] == [opened]


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_call_that_could_not_be_read_rings_as_soon_as_it_can(pair: Pair, *, has_begun: bool) -> None:
    now = pair.clocks[B].time
    with Torn(pair.homes[B]) as reader:
        calls = OpenCalls(reader)
        if has_begun:
            calls.follow(now)
        opens(pair)
        reader.fails = True
        torn = calls.follow(now), calls.follow(now)
        reader.fails = False

        (found,) = calls.follow(now)

    assert torn == ((), ())
    assert found.call.state is State.OPENED


class Counting(OpenReader):
    """A reader that counts the calls that are folded."""

    folded = 0

    def call(self, link: str, statement: bytes) -> Call | None:
        self.folded += 1
        return super().call(link, statement)


def closes(pair: Pair, opened: bytes, *nodes: str) -> None:
    for node in nodes:
        pair.say(node, "call.closed", {"ending": "technical_fault"}, re=opened, lane=HOT)
    pair.settle()


def test_at_the_start_those_calls_alone_are_read_that_are_not_over(pair: Pair) -> None:
    for _ in range(4):
        closes(pair, opens(pair), A, B)
    one_sided, going = opens(pair), opens(pair)
    closes(pair, one_sided, A)
    now = pair.clocks[B].time

    found = []
    for at in (now, now + 24 * 3600):
        with Counting(pair.homes[B]) as reader:
            calls = {each.call.id for each in OpenCalls(reader).follow(at)}
            found.append((calls, reader.folded))

    assert found == [({one_sided, going}, 2), ({going}, 1)]


def test_a_late_word_in_a_call_that_was_over_before_the_start_brings_it_back(pair: Pair) -> None:
    opened = opens(pair)
    closes(pair, opened, A)
    now = pair.clocks[B].time + 24 * 3600
    with OpenReader(pair.homes[B]) as reader:
        calls = OpenCalls(reader)
        before = calls.follow(now)
        says(pair, A, "call.said", opened, sort="question")

        (after,) = calls.follow(now)

    assert before == ()
    assert after.call.id == opened


def test_a_clock_that_was_ahead_at_the_start_and_is_set_back_lets_no_call_go(pair: Pair) -> None:
    opened = opens(pair)
    closes(pair, opened, A)
    now = pair.clocks[B].time
    with OpenReader(pair.homes[B]) as reader:
        calls = OpenCalls(reader)
        ahead = calls.follow(now + 7 * 86_400)
        back = calls.follow(now + 3600)

    assert ahead == ()
    assert [each.call.id for each in back] == [opened]


def says_it_cannot_open(pair: Pair, opened: bytes) -> None:
    """Have B's node say that it could not open the call, whether that is true or not."""

    def write(slot: Slot) -> None:
        slot._say("unopened", {"reason": "key"}, re=opened, now=pair.clocks[B].time)  # noqa: SLF001 - past the door
        slot.settle()

    pair.ledgers[B]._writer.submit(Job(link=named(LINK, HOT), run=write)).result()  # noqa: SLF001 - likewise
    pair.settle()


def test_a_call_of_ours_that_their_node_says_it_could_not_open_rings_here_until_we_call_again(
    pair: Pair, reader: OpenReader
) -> None:
    opened = opens(pair)
    now = pair.clocks[A].time
    with pair.reader(A) as ours:
        calls = OpenCalls(ours)
        calls.follow(now)
        says_it_cannot_open(pair, opened)

        (unheard,) = calls.follow(now)
        after_a_restart = OpenCalls(ours).follow(now)
        again = opens(pair)
        (found,) = calls.follow(now)

    assert unheard.is_unheard
    assert unheard.call.bells[A].alarms
    assert [each.call.id for each in after_a_restart] == [opened]
    assert (found.call.id, found.is_unheard) == (again, False)
    assert [each.call.id for each in OpenCalls(reader).follow(now)] == [again]


def test_a_call_that_nobody_could_open_is_let_go_when_a_call_lapses(pair: Pair) -> None:
    opened = opens(pair)
    now = pair.clocks[A].time
    says_it_cannot_open(pair, opened)

    with pair.reader(A) as ours:
        calls = OpenCalls(ours)
        rings = [bool(calls.follow(at)) for at in (now + 24 * 3600 - 1, now + 24 * 3600)]
        after_a_restart = OpenCalls(ours).follow(now + 24 * 3600)

    assert rings == [True, False]
    assert after_a_restart == ()
