"""Who is served next: each caller in turn, so that nobody waits for another's bulk."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import pytest

from parley.ledger.drafts import Appended, Draft
from parley.ledger.lanes import named
from parley.ledger.ledger import Ledger
from parley.ledger.slot import Slot
from parley.ledger.waiting import SHEAF, Bundle, Bundled, Change, Job, Outcome, StoppedError, Waiting, bundled
from parley.ledger.writer import GROUP_SECONDS, StorageError
from parley.protocol.channel import MAX_BATCH, MAX_INLINE
from parley.protocol.names import BULK, HOT, MAIN
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import INQUIRY, LINK, A, Pair
from tests.two_nodes.tables import tables


def jobs(name: str, number: int) -> list[Job[str]]:
    return [Job(link=f"{name}{n}", run=lambda _slot: "") for n in range(number)]


def taken(waiting: Waiting) -> Iterator[str]:
    while isinstance(job := waiting.next(), Job):
        yield job.link


def drafts(name: str, number: int) -> list[Draft]:
    return [Draft(id=f"{name}-{n}", link=LINK, kind="inquiry.sent", d=INQUIRY) for n in range(number)]


def heads(pair: Pair) -> list[int]:
    """Return the sizes of the heads that A signed."""
    held = tables(pair.homes[A], only={"head", "log"})
    (log,) = (row[0] for row in held["log"] if row[2] == A)
    return sorted(size for number, size, _root in held["head"] if number == log)


# ---- The queue


def test_each_row_gives_one_in_turn_and_keeps_its_order() -> None:
    waiting = Waiting()
    for name, number in (("bulk", 4), ("one", 1), ("two", 2)):
        waiting.put(jobs(name, number))

    assert list(taken(waiting)) == ["bulk0", "one0", "two0", "bulk1", "two1", "bulk2", "bulk3"]


def test_who_comes_later_waits_for_one_of_everybody_elses() -> None:
    waiting = Waiting()
    waiting.put(jobs("bulk", 5_000))
    first = [next(taken(waiting)) for _ in range(10)]

    waiting.put(jobs("one", 1))

    assert first == [f"bulk{n}" for n in range(10)]
    assert [next(taken(waiting)) for _ in range(3)] == ["bulk10", "one0", "bulk11"]


def test_after_the_stop_what_waits_is_given_out_and_nothing_more_is_taken() -> None:
    waiting = Waiting()
    waiting.put(jobs("one", 2))

    waiting.stop()

    with pytest.raises(StoppedError):
        waiting.put(jobs("two", 1))
    assert list(taken(waiting)) == ["one0", "one1"]
    assert waiting.wait() is None


def test_a_row_without_jobs_is_no_row() -> None:
    waiting = Waiting()

    waiting.put([])

    assert waiting.next() is None


def test_a_change_of_the_links_waits_its_turn() -> None:
    waiting = Waiting()
    waiting.put(jobs("bulk", 2))
    waiting.put([Change(run=lambda _db: None)])

    found = [waiting.next() for _ in range(3)]

    assert [type(each) for each in found] == [Job, Change, Job]


def test_an_outcome_is_told_to_whoever_waits_for_it() -> None:
    good: Outcome[int] = Outcome()
    bad: Outcome[int] = Outcome()
    found: list[int] = []
    waiting = threading.Thread(target=lambda: found.append(good.result()))
    waiting.start()

    good.set_result(7)
    bad.set_exception(ValueError("no"))

    waiting.join()
    assert found == [7]
    assert good.done()
    assert good.result() == 7
    with pytest.raises(ValueError, match="no"):
        bad.result()


def test_an_outcome_that_somebody_is_just_taking_is_there_all_the_same() -> None:
    outcome: Outcome[int] = Outcome()
    outcome.set_result(7)

    with outcome._held:  # noqa: SLF001 - the moment between two steps of `result`
        assert outcome.done()


# ---- What one hand brings together


def put_together(waiting: Waiting, links: str) -> Bundle[str, str]:
    """Put a statement for each of `links`, whose names are letters; none is ever done."""
    bundle: Bundle[str, str] = Bundle(lambda _slot, each: each, list(links))
    waiting.put(bundled(bundle, list(links)))
    return bundle


def sheaves(waiting: Waiting, most: int = SHEAF) -> Iterator[tuple[str, int]]:
    while (job := waiting.next(most)) is not None:
        assert isinstance(job, Bundled | Job)
        yield job.link, job.count


def test_a_bundle_gives_a_sheaf_of_one_link_in_turn_and_keeps_its_order() -> None:
    waiting = Waiting()
    put_together(waiting, "a" * 40 + "bb" + "a" * 3)
    waiting.put(jobs("one", 2))

    assert list(sheaves(waiting)) == [
        ("a", SHEAF),
        ("one0", 1),
        ("a", SHEAF),
        ("one1", 1),
        ("a", 40 - 2 * SHEAF),
        ("b", 2),
        ("a", 3),
    ]


def test_no_more_of_a_bundle_is_given_than_was_asked_for() -> None:
    waiting = Waiting()
    put_together(waiting, "a" * 7)

    assert list(sheaves(waiting, 3)) == [("a", 3), ("a", 3), ("a", 1)]


def test_what_is_put_back_has_the_next_turn_and_the_order_of_its_hand_stays() -> None:
    waiting = Waiting()
    bundle = put_together(waiting, "a" * 40)
    waiting.put(jobs("one", 1))
    first = waiting.next()
    assert isinstance(first, Bundled)

    waiting.put_back(first.split(5))
    rest = [waiting.next() for _ in range(5)]

    places = [list(each.places) for each in (first, *rest) if isinstance(each, Bundled)]
    assert [type(each).__name__ for each in rest] == ["Bundled", "Job", "Bundled", "Bundled", "NoneType"]
    assert places == [[*range(5)], [*range(5, SHEAF)], [*range(SHEAF, 2 * SHEAF)], [*range(2 * SHEAF, 40)]]
    assert not any(bundle.is_told(place) for place in range(40))


# ---- The writer


def test_a_single_statement_overtakes_a_bulk(pair: Pair) -> None:
    ledger = pair.ledgers[A]
    held = threading.Event()
    # The writer is busy until both wait.
    ledger._writer.submit(Job(link=LINK, run=lambda _slot: held.wait(10)))  # noqa: SLF001 - no draft takes long
    bulk = [Job(link=LINK, run=ledger._appending(draft)) for draft in drafts("bulk", 600)]  # noqa: SLF001 - likewise
    ledger._writer.submit_all(bulk)  # noqa: SLF001 - likewise
    (single,) = drafts("single", 1)
    one = Job(link=LINK, run=ledger._appending(single))  # noqa: SLF001 - likewise
    ledger._writer.submit(one)  # noqa: SLF001 - likewise
    held.set()

    places = [job.done.result().index for job in bulk]

    assert one.done.result().index == 2
    assert places == [1, *range(3, 602)]
    pair.settle()
    assert pair.is_settled()


def test_a_group_is_at_most_a_batch(pair: Pair) -> None:
    pair.ledgers[A].append(drafts("bulk", 600))

    sizes = [0, *heads(pair)]

    assert max(two - one for one, two in pairwise(sizes)) <= MAX_BATCH
    assert sizes[-1] == 601


def test_a_group_that_is_nearly_a_batch_takes_in_only_what_still_fits(pair: Pair) -> None:
    ledger, held = pair.ledgers[A], threading.Event()
    writer = ledger._writer  # noqa: SLF001 - a test may look behind a door
    # The writer is busy until both wait; then a sheaf would pass the batch by some statements.
    writer.submit(Job(link=LINK, run=lambda _slot: held.wait(10)))
    singles = [Job(link=LINK, run=ledger._appending(draft)) for draft in drafts("one", 7)]  # noqa: SLF001 - likewise
    writer.submit_all(singles)
    together = Bundle(ledger._append, drafts("bulk", 600))  # noqa: SLF001 - likewise
    writer.submit_all(bundled(together, [LINK] * 600))
    held.set()

    written = together.results()

    places = [each.index for each in written if isinstance(each, Appended)]
    assert len(places) == 600
    assert places == sorted(places)
    assert max(two - one for one, two in pairwise(heads(pair))) <= MAX_BATCH


def test_a_sheaf_ends_where_its_statements_fill_a_parcel_and_what_is_left_follows(pair: Pair) -> None:
    body: dict[str, JsonValue] = {"text": "x" * (1024 * 1024 - 200)}
    large = [replace(draft, body=body) for draft in drafts("large", SHEAF)]
    groups: list[str] = []
    pair.ledgers[A].subscribe(groups.append)

    results = pair.ledgers[A].append(large)

    places = [result.index for result in results if isinstance(result, Appended)]
    assert places == list(range(1, SHEAF + 1))
    assert len(groups) >= SHEAF * 1024 * 1024 // MAX_INLINE
    assert heads(pair)[-1] == SHEAF + 1
    pair.settle()
    assert pair.is_settled()


def test_where_the_disk_refuses_a_sheaf_each_statement_is_tried_for_itself(pair: Pair) -> None:
    ledger = pair.ledgers[A]
    some, refused = drafts("some", 5), 2

    def run(slot: Slot, draft: Draft) -> Appended:
        if draft.id == some[refused].id:
            raise sqlite3.OperationalError("disk I/O error")
        return ledger._append(slot, draft)  # noqa: SLF001 - a test may look behind a door

    bundle = Bundle(run, some)
    ledger._writer.submit_all(bundled(bundle, [LINK] * len(some)))  # noqa: SLF001 - likewise

    found = bundle.results()

    assert [type(each) for each in found] == [Appended, Appended, StorageError, Appended, Appended]
    assert [each.index for each in found if isinstance(each, Appended)] == [1, 2, 3, 4]
    pair.settle()
    assert pair.is_settled()


def test_a_group_takes_nobody_in_once_it_took_long_enough(pair: Pair) -> None:
    pair.ledgers[A].stop()
    hours = count(step=3600)
    assert GROUP_SECONDS < 3600
    ledger = pair.ledgers[A] = Ledger(pair.homes[A], now=pair.clocks[A], monotonic=lambda: next(hours))
    ledger.start()

    results = ledger.append(drafts("slow", 3 * SHEAF + 1))

    assert all(isinstance(result, Appended) for result in results)
    assert heads(pair) == [1, 1 + SHEAF, 1 + 2 * SHEAF, 1 + 3 * SHEAF, 2 + 3 * SHEAF]


def test_where_one_of_a_group_is_refused_all_others_are_written_in_their_order(pair: Pair) -> None:
    some = drafts("some", 40)
    some[17] = Draft(id="wrong", link=LINK, kind="inquiry.acknowledged", d={}, re=bytes(32))

    results = pair.ledgers[A].append(some)

    assert [n for n, result in enumerate(results) if not isinstance(result, Appended)] == [17]
    places = [result.index for result in results if isinstance(result, Appended)]
    assert places == list(range(1, 40))
    pair.settle()
    assert pair.is_settled()


def test_what_a_group_wrote_is_seen_within_it(pair: Pair) -> None:
    slot_roots = []

    def write_and_look(slot: Slot) -> None:
        for draft in drafts("seen", 3):
            slot.append(draft, now=pair.clocks[A].time)
            at = slot.standing.mine
            slot_roots.append((slot.shelf.root(A, at.size), at.root()))

    job: Job[None] = Job(link=LINK, run=write_and_look)
    pair.ledgers[A]._writer.submit(job).result()  # noqa: SLF001 - nobody else looks inside a group

    assert len(slot_roots) == 3
    assert all(kept == true for kept, true in slot_roots)


def test_what_is_said_on_lane_hot_is_answered_before_what_goes_with_it_is_signed(tmp_path: Path) -> None:
    pair = Pair(tmp_path, lanes=(MAIN, HOT, BULK))
    ledger, begun, held = pair.ledgers[A], threading.Event(), threading.Event()
    slow = ledger._slot(named(LINK, BULK))  # noqa: SLF001 - a test may look behind a door
    told: list[tuple[str, bool, bool, bool]] = []

    def listen(link: str) -> None:
        told.append((link, hot.done(), bulk.done(), slow.shown.head_size == slow.standing.mine.size))

    def said(lane: str) -> Callable[[Slot], Appended]:
        draft = Draft(id=lane, link=LINK, lane=lane, kind="inquiry.sent", d=INQUIRY)

        def run(slot: Slot) -> Appended:
            begun.set()
            held.wait()
            return slot.append(draft, now=pair.clocks[A].time)

        return run

    ledger.subscribe(listen)
    bulk = ledger._writer.submit(Job(link=named(LINK, BULK), run=said(BULK)))  # noqa: SLF001 - likewise
    begun.wait()
    hot = ledger._writer.submit(Job(link=named(LINK, HOT), run=said(HOT)))  # noqa: SLF001 - likewise
    held.set()
    bulk.result()
    pair.stop()

    assert told == [("a-b/hot", True, False, False), ("a-b/bulk", True, True, True)]


def test_a_part_that_two_lanes_bring_in_one_group_lies_here_once(tmp_path: Path) -> None:
    pair = Pair(tmp_path, lanes=(MAIN, HOT, BULK))
    writer, held = pair.ledgers[A]._writer, threading.Event()  # noqa: SLF001 - a test may look behind a door
    ciphertext, key = b"c" * 100, b"k" * 32
    digest = hashlib.sha256(ciphertext).digest()

    def bring(slot: Slot) -> None:
        keeping = slot._keeping  # noqa: SLF001 - likewise
        keeping.parts([(digest, ciphertext, key)], keeping.kept_keys([digest]), opened=True)

    writer.submit(Job(link=LINK, run=lambda _slot: held.wait(10)))
    both = [writer.submit(Job(link=named(LINK, lane), run=bring)) for lane in (MAIN, BULK)]
    held.set()
    for done in both:
        done.result()
    pair.stop()

    with closing(sqlite3.connect(pair.homes[A].record)) as db:
        assert db.execute("SELECT COUNT(*) FROM part WHERE hash = ?", (digest,)).fetchone() == (1,)
