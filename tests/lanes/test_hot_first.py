"""Hot waits for nobody: turns are counted here, not seconds (`tools/measures/hot.py` has those)."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from parley.gates.peer.doorway import Limits, Turnstile
from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.ledger.outgoing import BULK_BUDGET
from parley.ledger.slot import Slot
from parley.ledger.waiting import GLANCES, Job, Waiting
from parley.protocol.names import BULK, HOT, MAIN
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair

BACKLOG = 100_000


def job(lane: str) -> Job[None]:
    return Job(link=named(LINK, lane), run=lambda _slot: None)


def drafts(lane: str, number: int) -> list[Draft]:
    return [
        Draft(id=f"{lane}-{n}", link=LINK, lane=lane, kind="inquiry.sent", d=INQUIRY) for n in range(number)
    ]


# ---- At the writer


def test_hot_is_the_very_next_whatever_backlog_of_bulk_there_is() -> None:
    waiting = Waiting()
    waiting.put([job(BULK)] * BACKLOG)
    waiting.put([job(MAIN)] * 10)
    assert waiting.next() is not None

    hot = job(HOT)
    waiting.put([hot])

    assert waiting.next() is hot


def test_bulk_and_main_take_turns_so_that_neither_is_passed_over_for_ever() -> None:
    waiting = Waiting()
    waiting.put([job(BULK)] * BACKLOG)
    waiting.put([job(MAIN)] * 3)

    taken = [asked.link for _ in range(6) if isinstance(asked := waiting.next(), Job)]

    assert taken == [named(LINK, BULK), LINK] * 3


def test_one_hand_that_brings_something_for_two_lanes_holds_up_neither() -> None:
    waiting = Waiting()
    waiting.put([*[job(BULK)] * 5, job(HOT), job(BULK), job(HOT)])

    taken = [asked.link for _ in range(3) if isinstance(asked := waiting.next(), Job)]

    assert taken == [named(LINK, HOT), named(LINK, HOT), named(LINK, BULK)]


def test_a_group_with_something_hot_in_it_ends_there(pair: Pair) -> None:
    held, begun = threading.Event(), threading.Event()
    writer = pair.ledgers[A]._writer  # noqa: SLF001 - a test may look behind a door

    def hold(_slot: Slot) -> None:
        begun.set()
        held.wait(30)

    done = []

    def note(link: str) -> None:
        if link == named(LINK, HOT):
            done.append(pair.standing(A, named(LINK, BULK)).mine.size)

    pair.ledgers[A].subscribe(note)
    writer.submit(Job(link=LINK, run=hold))
    assert begun.wait(30)
    with ThreadPoolExecutor(2) as hands:
        bulk = hands.submit(pair.ledgers[A].append, drafts(BULK, 400))
        hot = hands.submit(pair.ledgers[A].append, drafts(HOT, 1))
        while not (writer._waiting.is_hot and writer._waiting._rows):  # noqa: SLF001 - likewise
            threading.Event().wait(0.001)
        held.set()
        assert isinstance(hot.result()[0], Appended)
        bulk.result()

    # When it was committed and signed there was the opening on bulk, and nothing of the four hundred.
    assert done == [1]


def test_bulk_makes_room_until_nothing_hot_is_under_way_any_more() -> None:
    answers = [False, True, True]
    waiting = Waiting(answers.pop)
    bulk = job(BULK)
    waiting.put([bulk])

    taken = waiting.wait()

    assert (taken, answers) == (bulk, [])


def test_bulk_makes_room_for_so_long_at_most_however_many_hot_words_come_meanwhile() -> None:
    asked: list[int] = []

    def is_under_way() -> bool:
        asked.append(len(asked))
        if len(asked) % 10 == 0:
            # As `put` does, whose lock is held here.
            waiting._hot.append(deque([job(HOT)]))  # noqa: SLF001 - a test may look behind a door
        return True

    waiting = Waiting(is_under_way)
    waiting.put([job(BULK)])

    taken = [asked_for.link for _ in range(3) if isinstance(asked_for := waiting.wait(), Job)]

    assert len(asked) == GLANCES
    assert taken == [named(LINK, HOT)] * 2 + [named(LINK, BULK)]


@pytest.mark.parametrize("lane", [MAIN, HOT])
def test_nothing_but_bulk_makes_room(lane: str) -> None:
    def never() -> bool:
        raise AssertionError

    waiting = Waiting(never)
    other = job(lane)
    waiting.put([other])
    waiting.put([job(BULK)])

    assert waiting.wait() is other


def test_a_hot_word_is_under_way_until_the_partner_has_signed_for_it(pair: Pair) -> None:
    is_under_way = pair.ledgers[A]._writer._is_hot_under_way  # noqa: SLF001 - likewise
    pair.sends(lane=BULK)
    before = is_under_way()

    pair.sends(lane=HOT)
    said = is_under_way()
    pair.settle()

    assert (before, said, is_under_way()) == (False, True, False)


# ---- On the line


def test_what_is_hot_is_in_the_next_parcel_whatever_backlog_of_bulk_there_is(pair: Pair) -> None:
    pair.ledgers[A].append(drafts(BULK, 2_000))
    sent = pair.sends(lane=HOT)

    pair.carry(A, B, lane=HOT)

    with pair.reader(B) as reader:
        assert reader.thread(LINK, sent.statement) is not None
        at = reader.status(named(LINK, BULK))
    assert at is not None
    assert at.their_size == 1


def test_a_parcel_of_bulk_is_small_so_that_others_wait_for_little(pair: Pair) -> None:
    for start in range(0, 3_000, 100):
        pair.ledgers[A].append(drafts(BULK, start + 100)[start:])
    name = named(LINK, BULK)
    before = pair.standing(B, name).their_total

    brought = []
    while pair.carry(A, B, lane=BULK):
        total = pair.standing(B, name).their_total
        brought.append(total - before)
        before = total

    assert len(brought) > 3
    assert max(brought) <= BULK_BUDGET


# ---- At the door


@pytest.mark.parametrize(
    "limits",
    [
        Limits(requests=2, spare_requests=1),
        Limits(requests_per_peer=2, spare_requests=1),
        Limits(bytes_at_once=2_000_000, spare_bytes=10_000),
    ],
)
def test_a_small_parcel_enters_where_large_ones_fill_the_house(limits: Limits) -> None:
    turnstile = Turnstile(limits)
    large, small = 1_000_000, 2_000
    with turnstile.inside("192.0.2.1"), turnstile.inside("192.0.2.1"), turnstile.holding(2 * large):
        assert not turnstile.is_free("192.0.2.1", large)
        assert turnstile.is_free("192.0.2.1", small)


def test_who_fetches_files_takes_no_place_that_is_left_for_small_parcels() -> None:
    turnstile = Turnstile(Limits(requests_per_peer=1, spare_requests=1))
    with turnstile.inside("192.0.2.1"):
        assert not turnstile.is_free("192.0.2.1", 0, is_file=True)
