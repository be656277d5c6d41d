"""When the disk refuses: nothing is half done, nobody is lied to, and it goes on when there is room again."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from parley.ledger.drafts import Appended, Draft
from parley.ledger.ledger import Ledger
from parley.ledger.rebuild import rebuild
from parley.ledger.writer import Job, StorageError
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import tables

LARGE = {"text": "x" * 100_000}


@contextmanager
def full(ledger: Ledger) -> Iterator[None]:
    """Let the record grow no more."""
    db = ledger._db  # noqa: SLF001 - a disk that is full for one connection, which nothing else can make
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    (most,) = db.execute("PRAGMA max_page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    yield
    db.execute(f"PRAGMA max_page_count = {most}")


@contextmanager
def refusing(pair: Pair, node: str, table: str, when: str = "1") -> Iterator[None]:
    """Let every row of `table` for which `when` holds be refused."""
    db = sqlite3.connect(pair.homes[node].record, isolation_level=None)
    db.execute(
        f"CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    yield
    db.execute("DROP TRIGGER refuse")
    db.close()


def sent(name: str, *, ref: str | None = None) -> Draft:
    return Draft(id=name, link=LINK, kind="inquiry.sent", d=INQUIRY, ref=ref)


def test_on_a_full_disk_nothing_is_written_and_nothing_is_said_to_be(pair: Pair) -> None:
    before = tables(pair.homes[A])

    with full(pair.ledgers[A]), pytest.raises(StorageError):
        pair.say(A, "inquiry.sent", INQUIRY, body=LARGE)

    assert tables(pair.homes[A]) == before


def test_when_there_is_room_again_it_goes_on_where_it_was(pair: Pair) -> None:
    draft = Draft(id="one", link=LINK, kind="inquiry.sent", d=INQUIRY, body=LARGE)
    with full(pair.ledgers[A]), pytest.raises(StorageError):
        pair.ledgers[A].append([draft])

    (result,) = pair.ledgers[A].append([draft])
    pair.settle()

    assert isinstance(result, Appended)
    assert result.place == "A 1"
    assert pair.is_settled()


def test_on_a_full_disk_no_receipt_is_signed(pair: Pair) -> None:
    pair.say(B, "inquiry.sent", INQUIRY, body=LARGE)
    raw = pair.ledgers[B].compose(LINK)
    assert raw is not None
    before = pair.standing(A).theirs.size

    with full(pair.ledgers[A]), pytest.raises(StorageError):
        pair.ledgers[A].accept(raw)

    assert pair.standing(A).theirs.size == before
    pair.settle()
    assert pair.is_settled()


def test_on_a_full_disk_the_small_may_still_be_said(pair: Pair) -> None:
    drafts = [
        Draft(id="large", link=LINK, kind="inquiry.sent", d=INQUIRY, body=LARGE),
        sent("small"),
    ]

    with full(pair.ledgers[A]):
        with pytest.raises(StorageError):
            pair.ledgers[A].append(drafts)
        (small,) = pair.ledgers[A].append(drafts[1:])

    assert isinstance(small, Appended)


def test_one_statement_that_the_file_refuses_takes_nobody_with_it(pair: Pair) -> None:
    drafts = [sent(str(n), ref="poison" if n == 3 else "other") for n in range(6)]

    with refusing(pair, A, "row", when="instr(new.act, 'poison')"):
        with pytest.raises(StorageError, match="no"):
            pair.ledgers[A].append(drafts)
        # Whoever asks next has waited for all of them.
        pair.ledgers[A].check(sent("next"))

    assert [row.act.ref for row in pair.rows(A) if row.act and row.kind == "inquiry.sent"] == ["other"] * 5
    pair.settle()
    assert pair.is_settled()


@pytest.mark.parametrize("table", ["entry", "part", "head", "row", "frontier", "drafted", "change"])
def test_wherever_the_file_refuses_nothing_is_left_behind(pair: Pair, table: str) -> None:
    before = tables(pair.homes[A])

    with refusing(pair, A, table), pytest.raises(StorageError):
        pair.sends(node=A)

    assert tables(pair.homes[A]) == before
    assert pair.sends(node=A).place == "A 1"
    pair.settle()
    assert pair.is_settled()


@pytest.mark.parametrize("table", ["entry", "part", "head", "head_note", "row", "alarm", "heard"])
def test_wherever_the_file_refuses_a_parcel_is_taken_later(pair: Pair, table: str) -> None:
    pair.sends(node=B)
    raw = pair.ledgers[B].compose(LINK)
    assert raw is not None

    with refusing(pair, A, table):
        try:
            pair.ledgers[A].accept(raw)
        except StorageError as error:
            assert str(error) == "no"  # noqa: PT017 - a table that this parcel does not touch raises nothing
    pair.settle()

    assert pair.is_settled()


def test_a_statement_whose_head_could_not_be_kept_is_signed_later_over_the_same_text(pair: Pair) -> None:
    draft = sent("one")
    with refusing(pair, A, "head_note"), pytest.raises(StorageError):
        pair.ledgers[A].append([draft])

    (again,) = pair.ledgers[A].append([draft])
    pair.settle()

    assert isinstance(again, Appended)
    assert again.place == "A 1"
    assert pair.is_settled()


def test_a_mistake_of_ours_inside_a_job_does_not_end_the_writer(pair: Pair) -> None:
    ledger = pair.ledgers[A]

    def fails(_slot: object) -> None:
        raise RuntimeError("our own mistake")

    job: Job[None] = Job(link=LINK, run=fails)
    with pytest.raises(RuntimeError, match="our own"):
        ledger._writer.submit(job).result()  # noqa: SLF001 - no draft can make it
    assert pair.sends(node=A).place == "A 1"


def test_a_mistake_of_ours_between_the_jobs_does_not_end_the_writer(pair: Pair) -> None:
    ledger = pair.ledgers[A]

    def spoils(slot: object) -> None:
        slot.touched = {1, "not a thread"}  # type: ignore[attr-defined]  # a fault on purpose

    job: Job[None] = Job(link=LINK, run=spoils)
    with pytest.raises(TypeError):
        ledger._writer.submit(job).result()  # noqa: SLF001 - no draft can make it
    assert pair.sends(node=A).place == "A 1"


class Interruption:
    """Breaks off one step of the file's work, as a failing disk would, and takes the transaction with it."""

    def __init__(self, ledger: Ledger) -> None:
        self._db = ledger._db  # noqa: SLF001 - nothing else can fail in the middle of a statement
        self.steps = 0

    @contextmanager
    def at(self, step: int, *, until: int | None = None) -> Iterator[None]:
        """Break off the step `step`, and all up to `until` if it is given."""
        self.steps = 0

        def next_step() -> int:
            self.steps += 1
            return int(step <= self.steps <= (until or step))

        self._db.set_progress_handler(next_step, 20)
        yield
        self._db.set_progress_handler(None, 0)


def test_wherever_an_append_breaks_off_the_same_draft_is_written_once(pair: Pair) -> None:
    interruption = Interruption(pair.ledgers[A])
    with interruption.at(0):
        pair.sends(node=A)
    steps = interruption.steps

    for step in range(1, steps + 1, max(1, steps // 20)):
        with interruption.at(step), suppress(StorageError):
            pair.ledgers[A].append([sent(str(step))])
        pair.ledgers[A].append([sent(str(step))])

    assert steps > 10
    assert len([row for row in pair.rows(A) if row.kind == "inquiry.sent"]) == 1 + len(
        range(1, steps + 1, max(1, steps // 20))
    )
    pair.settle()
    assert pair.is_settled()
    pair.ledgers[A].stop()
    assert rebuild(pair.homes[A], compare=True).differences == ()


@pytest.mark.parametrize("step", [1, 5, 9, 13])
def test_a_disk_that_fails_altogether_is_asked_again_when_it_works(pair: Pair, step: int) -> None:
    interruption = Interruption(pair.ledgers[A])
    pair.sends(node=B)

    with interruption.at(step, until=10**9):
        for _ in range(3):
            with pytest.raises(StorageError):
                pair.ledgers[A].append([sent("one")])
            with pytest.raises(StorageError):
                pair.carry(B, A)

    pair.ledgers[A].append([sent("one")])
    pair.settle()
    assert pair.is_settled()
    assert len([row for row in pair.rows(A) if row.kind == "inquiry.sent"]) == 2


def test_wherever_taking_a_parcel_breaks_off_it_is_taken_later(pair: Pair) -> None:
    interruption = Interruption(pair.ledgers[A])
    with interruption.at(0):
        pair.sends(node=B)
        pair.carry(B, A)
    steps = interruption.steps

    for step in range(1, steps + 1, max(1, steps // 20)):
        pair.sends(node=B)
        with interruption.at(step), suppress(StorageError):
            pair.carry(B, A)

    assert steps > 10
    pair.settle()
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}
    pair.ledgers[A].stop()
    assert rebuild(pair.homes[A], compare=True).differences == ()


def test_another_program_that_holds_the_file_for_a_moment_is_waited_for(pair: Pair) -> None:
    db = sqlite3.connect(pair.homes[A].record, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")

    draft = sent("one")
    results: list[object] = []

    thread = threading.Thread(target=lambda: results.extend(pair.ledgers[A].append([draft])))
    thread.start()
    thread.join(timeout=0.2)
    assert results == []
    db.execute("ROLLBACK")
    thread.join(timeout=60)
    db.close()

    assert [type(result) for result in results] == [Appended]


def test_after_all_that_the_record_folds_to_the_same(pair: Pair) -> None:
    with full(pair.ledgers[A]), pytest.raises(StorageError):
        pair.say(A, "inquiry.sent", INQUIRY, body=LARGE)
    for node in (A, B):
        pair.sends(node=node)
    pair.settle()
    pair.ledgers[A].stop()

    assert rebuild(pair.homes[A], compare=True).differences == ()
