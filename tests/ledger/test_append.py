"""The one door in: durable when it returns, once for each draft, and no trace of what is refused."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from msgspec import structs

from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.ledger import Ledger
from parley.ledger.writer import StoppedError
from parley.protocol.strictjson import JsonValue
from parley.protocol.voids import Outcome, Void
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import tables

NOBODY = bytes(32)


def sent(name: str, *, ref: str | None = None, body: dict[str, JsonValue] | None = None) -> Draft:
    return Draft(id=name, link=LINK, kind="inquiry.sent", d=INQUIRY, ref=ref, body=body)


def wrong(name: str) -> Draft:
    return Draft(id=name, link=LINK, kind="inquiry.acknowledged", d={}, re=NOBODY)


def places(results: list[Appended | RefusedError]) -> list[str]:
    return [result.place if isinstance(result, Appended) else result.code for result in results]


# ---- Once for each draft


def test_the_same_draft_twice_becomes_one_statement(pair: Pair) -> None:
    first = pair.ledgers[A].append([sent("one")])

    again = pair.ledgers[A].append([sent("one"), sent("one")])

    assert again == first * 2
    assert pair.standing(A).mine.size == 2


def test_the_same_draft_after_a_restart_becomes_one_statement(pair: Pair) -> None:
    first = pair.ledgers[A].append([sent("one")])

    again = pair.restart(A).append([sent("one")])

    assert again == first


def test_the_same_draft_from_sixteen_threads_becomes_one_statement(pair: Pair) -> None:
    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(lambda _: pair.ledgers[A].append([sent("one")])[0], range(64)))

    assert len({result.place for result in results if isinstance(result, Appended)}) == 1
    assert pair.standing(A).mine.size == 2


def test_drafts_are_known_again_within_a_group_between_groups_and_beside_a_refused_one(pair: Pair) -> None:
    ledger = pair.ledgers[A]
    ledger.append([sent("d3"), sent("d300")])
    many = [sent(f"d{n}") for n in range(600)]

    # Each comes twice: the second in the same group, in another, or after one that was undone.
    results = ledger.append([*many[:300], wrong("w"), *reversed(many), sent("d3"), *many])

    found = {result.place for result in results if isinstance(result, Appended)}
    assert len(found) == 600
    assert pair.standing(A).mine.size == 601
    assert results[3] == results[-597] == results[-601]
    kept = tables(pair.homes[A], only={"drafted"})["drafted"]
    assert len(kept) == 601


def test_a_draft_whose_group_was_undone_is_not_taken_for_written(pair: Pair) -> None:
    ledger = pair.ledgers[A]

    results = ledger.append([sent("one"), wrong("w"), sent("one"), sent("two")])

    assert places(results) == ["A 1", "no-target", "A 1", "A 2"]


def test_a_draft_that_was_refused_may_come_again_and_be_written(pair: Pair) -> None:
    theirs = pair.sends(node=B)
    draft = Draft(id="one", link=LINK, kind="inquiry.acknowledged", d={}, re=theirs.statement)
    (before,) = pair.ledgers[A].append([draft])
    pair.settle()

    (after,) = pair.ledgers[A].append([draft])

    assert isinstance(before, RefusedError)
    assert isinstance(after, Appended)


def test_a_draft_without_a_name_is_a_mistake(pair: Pair) -> None:
    for name in ("", "x" * 65):
        with pytest.raises(ValueError, match="named"):
            pair.ledgers[A].append([sent(name)])


# ---- What is refused


def test_a_refused_draft_leaves_its_neighbours_alone(pair: Pair) -> None:
    results = pair.ledgers[A].append([sent("one"), wrong("two"), sent("three")])

    assert places(results) == ["A 1", "no-target", "A 2"]


def test_a_refused_draft_leaves_no_trace_in_any_table(pair: Pair) -> None:
    before = tables(pair.homes[A])

    results = pair.ledgers[A].append([wrong("one"), wrong("two")])

    assert places(results) == ["no-target"] * 2
    assert tables(pair.homes[A]) == before


def test_a_refused_draft_between_others_leaves_nothing_in_memory_either(pair: Pair) -> None:
    pair.ledgers[A].append([sent("one"), wrong("two"), sent("three"), wrong("four")])

    pair.settle()
    here = pair.standing(A)
    pair.restart(A)

    assert pair.is_settled()
    assert structs.replace(pair.standing(A), receipt_note=None) == structs.replace(here, receipt_note=None)


Change = Callable[[Draft], Draft]
REFUSED: dict[str, tuple[Change, str]] = {
    "a kind of nobody's": (lambda draft: replace(draft, kind="inquiry.unheard_of"), "unknown"),
    "a version of nobody's": (lambda draft: replace(draft, version=2), "unknown"),
    "a kind that is none": (lambda draft: replace(draft, kind="Not A Kind"), "schema"),
    "a field short": (lambda draft: replace(draft, d={}), "schema"),
    "a field more": (lambda draft: replace(draft, d={**INQUIRY, "more": 1}), "schema"),
    "an item not agreed": (lambda draft: replace(draft, d={**INQUIRY, "item": "weather"}), "schema"),
    "a target": (lambda draft: replace(draft, re=NOBODY), "schema"),
    "a long number": (lambda draft: replace(draft, ref="x" * 65), "schema"),
    "a number in letters": (lambda draft: replace(draft, ref="ü"), "schema"),
    "a role that is none": (lambda draft: replace(draft, role="Not A Role"), "schema"),
    "a large act": (lambda draft: replace(draft, d={**INQUIRY, "item": "x" * 70_000}), "oversize"),
    "a huge number": (lambda draft: replace(draft, d={**INQUIRY, "batch": 2**60}), "bad-json"),
    "a huge number in the body": (lambda draft: replace(draft, body={"n": 2**60}), "bad-json"),
    "a large body": (lambda draft: replace(draft, body={"text": "x" * 3_000_000}), "bad-json"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_void_is_refused_by_its_reason(pair: Pair, name: str) -> None:
    change, code = REFUSED[name]
    before = tables(pair.homes[A])
    draft = change(sent("one"))

    results = pair.ledgers[A].append([draft])

    assert places(results) == [code]
    assert tables(pair.homes[A]) == before
    assert pair.ledgers[A].check(draft).is_valid is False
    assert places(pair.ledgers[A].append([sent("two")])) == ["A 1"]


def test_on_an_unknown_link_nothing_of_all_drafts_is_written(pair: Pair) -> None:
    before = tables(pair.homes[A])

    with pytest.raises(UnknownLinkError):
        pair.ledgers[A].append([sent("one"), replace(sent("two"), link="a-z")])

    assert tables(pair.homes[A]) == before


# ---- Only looking


def test_a_check_keeps_nothing(pair: Pair) -> None:
    before, here = tables(pair.homes[A]), pair.standing(A)

    verdicts = [pair.ledgers[A].check(draft) for draft in (sent("one"), wrong("two"), sent("one"))]

    assert [verdict.outcome for verdict in verdicts] == [Outcome.VALID, Outcome.VOID, Outcome.VALID]
    assert verdicts[1].reason is Void.NO_TARGET
    assert tables(pair.homes[A]) == before
    assert pair.standing(A) == here


def test_a_check_of_other_terms_does_not_close_the_link(pair: Pair) -> None:
    opened = next(row for row in pair.rows(A) if row.writer == A and row.kind == "link.opened")
    assert opened.act is not None
    d = dict(opened.act.d)
    d["terms"] = str(d["terms"]).replace('"lapse":"30d"', '"lapse":"31d"')

    verdict = pair.ledgers[A].check(Draft(id="one", link=LINK, kind="link.opened", d=d))

    assert d != opened.act.d
    assert verdict.is_valid
    assert [pair.sends(node=A).place for _ in range(2)] == ["A 1", "A 2"]


def test_checks_between_appends_leave_no_gap(pair: Pair) -> None:
    ledger = pair.ledgers[A]

    def work(number: int) -> list[str]:
        ledger.check(sent(f"check {number}"))
        return places(ledger.append([sent(f"say {number}")]))

    with ThreadPoolExecutor(8) as threads:
        found = [place for placed in threads.map(work, range(40)) for place in placed]

    assert sorted(found, key=lambda place: int(place.split()[1])) == [f"A {n}" for n in range(1, 41)]
    pair.settle()
    assert pair.is_settled()


# ---- Many at once


def test_what_one_thread_says_stands_in_the_order_in_which_it_said_it(pair: Pair) -> None:
    ledger = pair.ledgers[A]

    def work(thread: int) -> list[int]:
        drafts = [[sent(f"{thread}.{n}.{m}", ref=f"{thread}") for m in range(3)] for n in range(5)]
        results = [result for some in drafts for result in ledger.append(some)]
        return [result.index for result in results if isinstance(result, Appended)]

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(work, range(16)))

    assert all(indexes == sorted(indexes) for indexes in found)
    assert sorted(index for indexes in found for index in indexes) == list(range(1, 241))
    assert {row.act.ref for row in pair.rows(A) if row.act and row.kind == "inquiry.sent"} == set(
        map(str, range(16))
    )


def test_what_comes_together_is_signed_together(pair: Pair) -> None:
    before = len(tables(pair.homes[A], only={"head"})["head"])

    pair.ledgers[A].append([sent(str(n)) for n in range(200)])

    # One head for what waited while the disk was busy, not one for each statement.
    assert len(tables(pair.homes[A], only={"head"})["head"]) - before < 20


def test_whoever_listens_hears_of_every_link_that_was_written(pair: Pair) -> None:
    heard: list[str] = []
    pair.ledgers[A].subscribe(heard.append)

    pair.sends(node=A)
    pair.ledgers[A].append([wrong("one")])
    pair.ledgers[A].check(sent("two"))

    assert heard == [LINK]


def test_a_listener_that_fails_stops_nobody(pair: Pair) -> None:
    heard: list[str] = []

    def fails(_link: str) -> None:
        raise RuntimeError("a listener's own mistake")

    pair.ledgers[A].subscribe(fails)
    pair.ledgers[A].subscribe(heard.append)

    assert [pair.sends(node=A).index for _ in range(3)] == [1, 2, 3]
    pair.ledgers[A].stop()
    assert heard == [LINK] * 3


# ---- The end


def test_after_the_end_nothing_is_taken_and_nobody_waits_for_ever(pair: Pair) -> None:
    ledger = pair.ledgers[A]
    ledger.stop()

    with pytest.raises(StoppedError):
        ledger.append([sent("late")])
    pair.start(A)


def test_whoever_asks_while_the_node_stops_gets_an_answer(pair: Pair) -> None:
    ledger = pair.ledgers[A]
    outcomes: list[object] = []
    threads = [threading.Thread(target=ask_on, args=(ledger, n, outcomes)) for n in range(8)]
    for thread in threads:
        thread.start()

    ledger.stop()

    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    acknowledged = {outcome for outcome in outcomes if isinstance(outcome, bytes)}
    pair.start(A)
    assert acknowledged <= {row.statement for row in pair.rows(A)}


def ask_on(ledger: Ledger, number: int, outcomes: list[object]) -> None:
    for n in range(10_000):
        try:
            (result,) = ledger.append([sent(f"{number}.{n}")])
        except StoppedError:
            return
        assert isinstance(result, Appended)
        outcomes.append(result.statement)
