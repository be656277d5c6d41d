"""Rules H1 and H2: what is not proved stops nothing, freezes nothing and accuses nobody."""

import pytest

from parley.ledger.rebuild import rebuild
from parley.protocol import tree
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import evidence

FAR = 10**9
ROOT = bytes(range(32))


@pytest.fixture
def forger(pair: Pair) -> Forger:
    pair.sends(node=B)
    pair.settle()
    return Forger(pair, B, A)


def sent() -> bytes:
    return act_of("inquiry.sent", INQUIRY)


def goes_on(pair: Pair) -> bool:
    """Return whether both sides can still say something, and hear of it."""
    for node in (A, B):
        pair.sends(node=node)
    pair.settle()
    return pair.is_settled()


# ---- H1: a genuine head, and entries that do not make it


def test_a_genuine_head_over_garbage_accuses_nobody(pair: Pair, forger: Forger) -> None:
    forger.write(sent())

    answer = forger.send(forger.piece(entries=[b"garbage"]))

    assert not answer.changed
    assert pair.alarms(A) == {"not_extended": 1}
    assert not evidence(pair.homes[A])["fork"]


def test_the_answer_to_garbage_repeats_what_is_held(pair: Pair, forger: Forger) -> None:
    held = forger.held
    forger.write(sent())

    answers = [forger.send(forger.piece(entries=[b"garbage"])) for _ in range(3)]

    assert [forger.has(answer) for answer in answers] == [held] * 3


def test_after_garbage_the_same_log_is_taken_as_if_nothing_had_been(pair: Pair, forger: Forger) -> None:
    forger.write(sent())
    forger.send(forger.piece(entries=[b"garbage"]))

    answer = forger.tell()

    assert answer.changed
    assert forger.has(answer) == len(forger.entries)


def test_garbage_freezes_nothing(pair: Pair, forger: Forger) -> None:
    before = evidence(pair.homes[A])
    # The log of B itself is at the same size; only this parcel is a forger's.
    answer = forger.send(forger.piece(start=0, entries=[b"garbage"] * 3))

    assert not answer.changed
    assert evidence(pair.homes[A]) == before
    assert goes_on(pair)


def test_entries_behind_a_gap_are_not_taken_and_not_held_against_anybody(pair: Pair, forger: Forger) -> None:
    for _ in range(3):
        forger.write(sent())

    answer = forger.send(forger.piece(start=forger.held + 1))

    assert forger.has(answer) == forger.held
    assert pair.alarms(A) == {}


def test_a_head_signed_by_another_key_is_no_head(pair: Pair, forger: Forger) -> None:
    stranger = Forger(pair, A, B)
    forger.write(sent())

    answer = forger.send(forger.piece(note=stranger.head(origin=forger.origin)))

    assert not answer.changed
    assert pair.alarms(A) == {"bad_head": 1}
    assert goes_on(pair)


def test_a_head_of_another_log_of_the_same_writer_is_no_head(pair: Pair, forger: Forger) -> None:
    forger.write(sent())

    answer = forger.send(forger.piece(note=forger.head(origin=forger.origin[:-8] + "00000000")))

    assert not answer.changed
    assert pair.alarms(A) == {"bad_head": 1}


# ---- H1: a fork is two signed heads of one size, and nothing else


def test_two_signed_heads_of_one_size_are_kept_as_proof(pair: Pair, forger: Forger) -> None:
    note = forger.head(root=ROOT)

    answer = forger.send(forger.piece(note=note))

    assert not answer.changed
    assert pair.alarms(A) == {"fork": 1}
    (proof,) = evidence(pair.homes[A])["fork"]
    with pair.reader(A) as reader:
        assert {proof[2], proof[3]} == {reader.head_notes(LINK)[1], note}


def test_two_heads_of_one_size_in_one_parcel_are_a_fork_at_once(pair: Pair, forger: Forger) -> None:
    forger.write(sent())
    one, two = forger.head(), forger.head(root=ROOT)

    forger.send(forger.piece(start=forger.held, note=one), forger.piece(start=forger.held, note=two))

    assert pair.alarms(A) == {"fork": 1}
    (proof,) = evidence(pair.homes[A])["fork"]
    assert {proof[2], proof[3]} == {one, two}


def test_a_log_that_forked_is_taken_no_further_and_the_other_one_goes_on(pair: Pair, forger: Forger) -> None:
    forger.send(forger.piece(note=forger.head(root=ROOT)))
    forger.write(sent())

    answer = forger.tell()
    mine = pair.sends(node=A)
    pair.carry(A, B)

    assert not answer.changed
    assert pair.standing(A).receipted == mine.index + 1


def test_thousands_of_forks_take_the_room_of_one(pair: Pair, forger: Forger) -> None:
    for number in range(3):
        forger.send(*(forger.piece(note=forger.head(root=bytes([number, n]) * 16)) for n in range(20)))

    assert len(evidence(pair.homes[A])["fork"]) == 1


def test_the_same_head_signed_again_later_is_no_fork(pair: Pair, forger: Forger) -> None:
    forger.send(forger.piece(note=forger.head(late=3600)))

    assert "fork" not in pair.alarms(A)
    assert goes_on(pair)


def test_another_root_for_a_head_whose_note_is_gone_is_no_accusation(pair: Pair, forger: Forger) -> None:
    size = forger.held
    forger.write(sent())
    forger.tell()

    forger.send(forger.piece(note=forger.head(size=size, root=ROOT)))

    assert pair.alarms(A) == {"not_extended": 1}
    assert not evidence(pair.homes[A])["fork"]


# ---- H2: receipts, `have` and `seen` without proof


@pytest.mark.parametrize("size", [1, 2, FAR])
def test_an_invented_receipt_does_not_count(pair: Pair, forger: Forger, size: int) -> None:
    pair.sends(node=A)
    before = pair.standing(A).receipted

    forger.send(receipts=[forger.receipt(size=size, root=ROOT)])

    assert pair.standing(A).receipted == before
    assert pair.alarms(A) == {"invented_receipt": 1}
    assert goes_on(pair)


def test_a_receipt_for_a_size_that_was_never_a_head_does_not_count(pair: Pair, forger: Forger) -> None:
    pair.ledgers[A].append([pair.draft("inquiry.sent", INQUIRY) for _ in range(9)])
    with pair.reader(A) as reader:
        entries = list(reader.entries(LINK)[A])
    size = next(size for size in range(1, len(entries)) if not has_head(pair, size))
    root = tree.root_of(tree.leaf_hash(raw) for raw in entries[:size])

    forger.send(receipts=[forger.receipt(size=size, root=root)])

    assert pair.alarms(A) == {"invented_receipt": 1}
    assert goes_on(pair)


def has_head(pair: Pair, size: int) -> bool:
    held = evidence(pair.homes[A])
    log = next(number for number, _, node, _ in held["log"] if node == A)
    return any(row[:2] == (log, size) for row in held["head"])


def test_a_receipt_for_the_other_log_does_not_count(pair: Pair, forger: Forger) -> None:
    forger.send(receipts=[forger.receipt(size=1, origin=forger.origin)])

    assert pair.alarms(A) == {"invented_receipt": 1}
    assert goes_on(pair)


def test_a_receipt_by_another_key_does_not_count(pair: Pair, forger: Forger) -> None:
    mine = pair.sends(node=A)
    stranger = Forger(pair, A, B)

    forger.send(receipts=[stranger.receipt(size=mine.index + 1, origin=forger.peer_origin)])

    assert pair.standing(A).receipted <= mine.index
    assert pair.alarms(A) == {"bad_receipt": 1}
    assert goes_on(pair)


def test_a_forged_have_does_not_stop_the_sending(pair: Pair, forger: Forger) -> None:
    pair.sends(node=A)

    forger.send(haves={forger.peer_origin: FAR})

    assert pair.alarms(A) == {"invented_have": 1}
    assert pair.ledgers[A].has_news(LINK)
    assert goes_on(pair)


def test_a_have_for_a_log_that_is_not_ours_means_nothing(pair: Pair, forger: Forger) -> None:
    forger.send(haves={forger.origin: 0, forger.peer_origin[:-8] + "00000000": 0})

    assert pair.alarms(A) == {"unknown_log": 2}
    assert not pair.ledgers[A].has_news(LINK)


def test_a_have_that_goes_back_has_everything_sent_again(pair: Pair, forger: Forger) -> None:
    for _ in range(3):
        pair.sends(node=A)
    pair.settle()

    forger.send(haves={forger.peer_origin: 0})
    raw = pair.ledgers[A].compose(LINK)

    assert raw is not None
    answer = pair.bring(A, B, raw)
    assert not answer.changed
    pair.ledgers[A].take_answer(LINK, answer.parcel)
    assert pair.is_settled()
    assert not pair.ledgers[A].has_news(LINK)


@pytest.mark.parametrize(("size", "alarm"), [(FAR, "unproven_seen"), (None, "false_seen")])
def test_a_seen_that_is_not_true_stops_nothing_and_is_idle(
    pair: Pair, forger: Forger, size: int | None, alarm: str
) -> None:
    mine = pair.sends(node=A)
    forger.write(sent(), seen=forger.seen(size or mine.index + 1, root=ROOT))

    answer = forger.tell()

    assert answer.changed
    assert pair.alarms(A) == {alarm: 1}
    theirs = next(row for row in pair.rows(A) if (row.writer, row.index) == (B, forger.held - 1))
    assert theirs.verdict.is_valid
    assert theirs.cut <= mine.index
    assert pair.rows(A)[mine.index].received_at is None


def test_lies_about_what_was_seen_do_not_change_the_fold_of_the_record(pair: Pair, forger: Forger) -> None:
    forger.write(sent(), seen=forger.seen(FAR, root=ROOT))
    forger.write(sent(), seen=forger.seen(forger.held + 4, root=ROOT))
    forger.tell()
    for _ in range(9):
        pair.sends(node=A)
    pair.ledgers[A].stop()

    comparison = rebuild(pair.homes[A], compare=True)

    assert comparison.rows > 0
    assert comparison.differences == ()
