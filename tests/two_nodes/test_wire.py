"""What goes over the wire and what does not: answers, repetitions, losses, parcels of somebody else."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.drafts import Draft
from parley.ledger.ledger import BadParcelError, UnknownPeerError
from parley.protocol.parcel import Parcel, seal_parcel
from tests.two_nodes.forger import Forger
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair, Sent
from tests.two_nodes.tables import evidence, tables


def talk(pair: Pair) -> None:
    """Have both say this and that, each parcel written down."""
    for number in range(3):
        said = pair.sends(node=A, title=str(number))
        pair.settle()
        pair.clocks[B].time += 600
        pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
        pair.sends(node=B)
        pair.settle()


def answered(pair: Pair, answer: bytes) -> Parcel:
    return pair.opened(Sent(sender=A, receiver=B, raw=answer), Forger(pair, B, A).channel)


# ---- Answers


def test_an_answer_carries_a_receipt_and_have_and_nothing_else(pair: Pair) -> None:
    pair.sends(node=A)
    pair.sends(node=B)

    answer = pair.post(B, A)

    assert answer is not None
    parcel = answered(pair, answer.parcel)
    assert (len(parcel.receipts), len(parcel.haves)) == (1, 1)
    assert (parcel.cards, parcel.recover, parcel.pieces, parcel.wants) == ((), None, (), ())


def test_every_answer_of_a_conversation_is_as_bare(pair: Pair) -> None:
    talk(pair)

    for sent in pair.sent[1::2]:
        parcel = pair.opened(sent, Forger(pair, B, A).channel)
        assert (parcel.cards, parcel.recover, parcel.pieces, parcel.wants) == ((), None, (), ())


def test_the_answer_to_a_parcel_that_shows_no_head_has_no_receipt(pair: Pair) -> None:
    answer = Forger(pair, B, A).send()

    assert answered(pair, answer.parcel).receipts == ()


def test_a_poll_that_tells_nothing_new_is_answered_with_what_a_parcel_would_carry(pair: Pair) -> None:
    said = pair.sends(node=A)
    raw = pair.ledgers[B].compose(LINK, prompt=True)
    assert raw is not None

    answer = pair.bring(B, A, raw, poll=True)

    assert not answer.changed
    (piece,) = answered(pair, answer.parcel).pieces
    assert piece.start + len(piece.entries) == said.index + 1
    assert pair.ledgers[B].take_answer(LINK, answer.parcel)


def test_a_poll_that_changes_something_is_answered_at_once_and_barely(pair: Pair) -> None:
    pair.sends(node=A)
    pair.sends(node=B)
    raw = pair.ledgers[B].compose(LINK)
    assert raw is not None

    answer = pair.bring(B, A, raw, poll=True)

    assert answer.changed
    parcel = answered(pair, answer.parcel)
    assert (parcel.pieces, len(parcel.receipts)) == ((), 1)


def test_a_link_on_which_one_side_alone_can_dial_carries_both_logs(pair: Pair) -> None:
    for node in (A, B):
        pair.sends(node=node)

    for _ in range(6):
        raw = pair.ledgers[B].compose(LINK, prompt=True)
        assert raw is not None
        pair.ledgers[B].take_answer(LINK, pair.bring(B, A, raw, poll=True).parcel)

    assert pair.is_settled()


def test_an_answer_is_progress_if_it_brings_a_receipt(pair: Pair) -> None:
    pair.sends(node=A)
    answer = pair.post(A, B)
    assert answer is not None

    assert pair.ledgers[A].take_answer(LINK, answer.parcel)
    assert not pair.ledgers[A].take_answer(LINK, answer.parcel)


def test_a_receipt_is_progress_even_if_it_was_known_that_the_entries_are_there(pair: Pair) -> None:
    said = pair.sends(node=A)
    forger = Forger(pair, B, A)
    forger.send(haves={forger.peer_origin: said.index + 1})
    answer = forger.seal(forger.parcel(receipts=[forger.receipt(size=said.index + 1)]))

    assert pair.ledgers[A].take_answer(LINK, answer)


def test_nothing_is_composed_where_nothing_is_to_be_said_unless_a_sign_of_life_is_asked_for(
    pair: Pair,
) -> None:
    assert pair.ledgers[A].compose(LINK) is None
    before = pair.standing(A).receipted_at
    pair.clocks[A].time += 60
    pair.clocks[B].time += 60

    assert pair.carry(A, B, prompt=True)

    assert pair.standing(A).receipted_at == (before or 0) + 60


# ---- Lost, late, twice


def test_whatever_was_ever_sent_changes_nothing_when_it_comes_again(pair: Pair) -> None:
    talk(pair)
    before = {node: evidence(pair.homes[node]) for node in (A, B)}

    for sent in [*pair.sent, *reversed(pair.sent)]:
        pair.ledgers[sent.receiver].accept(sent.raw)

    assert {node: evidence(pair.homes[node]) for node in (A, B)} == before
    pair.settle()
    assert pair.is_settled()


def test_a_lost_answer_costs_one_more_parcel_and_nothing_else(pair: Pair) -> None:
    pair.sends(node=A)

    lost = [pair.post(A, B) for _ in range(3)]

    assert [answer.changed for answer in lost if answer] == [True, False, False]
    pair.settle()
    assert pair.is_settled()
    assert len([row for row in pair.rows(B) if row.kind == "received"]) == 1


def test_a_receipt_is_signed_again_for_the_same_text(pair: Pair) -> None:
    pair.sends(node=A)
    one = pair.post(A, B)
    pair.clocks[B].time += 60
    two = pair.post(A, B)

    assert one is not None
    assert two is not None
    texts = []
    for answer in (one, two):
        sent = Sent(sender=B, receiver=A, raw=answer.parcel)
        (receipt,) = pair.opened(sent, Forger(pair, A, B).channel).receipts
        texts.append(receipt.split(b"\n\n")[0])
    assert texts[0] == texts[1]


def test_parcels_that_come_in_the_wrong_order_are_taken_when_their_turn_comes(pair: Pair) -> None:
    parcels = []
    for _ in range(3):
        pair.sends(node=A)
        raw = pair.ledgers[A].compose(LINK)
        assert raw is not None
        parcels.append(raw)

    changes = [pair.bring(A, B, raw).changed for raw in reversed(parcels)]

    # Each goes on from what B last said to hold, so the newest brings everything.
    assert changes == [True, False, False]
    pair.settle()
    assert pair.is_settled()


def test_both_may_talk_at_once(pair: Pair) -> None:
    for node in (A, B):
        pair.sends(node=node)
    parcels = {node: pair.ledgers[node].compose(LINK) for node in (A, B)}

    for node, raw in parcels.items():
        assert raw is not None
        answer = pair.bring(node, pair.other(node), raw)
        pair.ledgers[node].take_answer(LINK, answer.parcel)
    pair.settle()

    assert pair.is_settled()


def test_nodes_that_talk_carry_and_answer_in_many_threads_end_up_with_the_same(pair: Pair) -> None:
    said = threading.Event()

    def talk_on(node: str, thread: int) -> None:
        for n in range(12):
            draft = Draft(id=f"{thread}.{n}", link=LINK, kind="inquiry.sent", d=INQUIRY)
            pair.ledgers[node].append([draft])

    def carry_on(node: str) -> None:
        while not said.is_set():
            pair.carry(node, pair.other(node), prompt=True)

    with ThreadPoolExecutor(12) as threads:
        carrying = [threads.submit(carry_on, node) for node in (A, B, A, B)]
        talking = [threads.submit(talk_on, node, n) for n in range(3) for node in (A, B)]
        for task in talking:
            task.result(timeout=60)
        said.set()
        for task in carrying:
            task.result(timeout=60)
    pair.settle()

    assert pair.is_settled()
    assert set(pair.alarms(A)) | set(pair.alarms(B)) == set()
    assert len([row for row in pair.rows(A) if row.kind == "inquiry.sent"]) == 72


# ---- Parcels of somebody else


def refused(pair: Pair, raw: bytes, error: type[BadParcelError]) -> None:
    before = tables(pair.homes[A])

    with pytest.raises(error):
        pair.ledgers[A].accept(raw)

    assert tables(pair.homes[A]) == before


def test_bytes_that_are_no_parcel_are_refused(pair: Pair) -> None:
    for raw in (b"", b"PARLEY1\n", b"PARLEY2\n" + bytes(4096), bytes(4096)):
        refused(pair, raw, BadParcelError)


def test_a_parcel_with_any_byte_changed_is_refused(pair: Pair) -> None:
    pair.sends(node=B)
    raw = pair.ledgers[B].compose(LINK)
    assert raw is not None

    for place in [*range(17), 700, 1135, 1136, len(raw) // 2, len(raw) - 1]:
        refused(pair, raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :], BadParcelError)
    for size in (len(raw) - 1, len(raw) // 2, 20):
        refused(pair, raw[:size], BadParcelError)
    refused(pair, raw + b"\0", BadParcelError)


def test_a_parcel_with_the_tag_of_nobody_is_refused(pair: Pair) -> None:
    raw = Forger(pair, B, A).seal(Forger(pair, B, A).parcel())

    refused(pair, raw[:8] + bytes(8) + raw[16:], UnknownPeerError)


def test_a_parcel_that_another_key_signed_is_refused(pair: Pair) -> None:
    forger = Forger(pair, B, A)

    refused(pair, forger.seal(forger.parcel(), link_seed=bytes(32)), BadParcelError)
    refused(pair, forger.seal(forger.parcel(), link_seed=pair.keys(A).link_seed), BadParcelError)


def test_our_own_parcel_sent_back_to_us_is_refused(pair: Pair) -> None:
    pair.sends(node=A)
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None

    refused(pair, raw, UnknownPeerError)


Change = Callable[[Parcel], Parcel]


@pytest.mark.parametrize(
    "change",
    [
        lambda parcel: replace(parcel, sender="c.example"),
        lambda parcel: replace(parcel, receiver="c.example"),
        lambda parcel: replace(parcel, channel="live/a-b/main"),
        lambda parcel: replace(parcel, channel="demo/a-c/main"),
        lambda parcel: replace(parcel, channel="demo/a-b/hot"),
    ],
    ids=["another sender", "another receiver", "another world", "another link", "another lane"],
)
def test_a_parcel_of_another_link_world_or_lane_is_refused(pair: Pair, change: Change) -> None:
    forger = Forger(pair, B, A)
    parcel = change(replace(forger.parcel(), haves=()))

    raw = seal_parcel(
        parcel,
        link_seed=forger.keys.link_seed,
        seal_public=pair.suite.x_wing_public(pair.keys(A).seal),
        suite=pair.suite,
    )

    refused(pair, raw, UnknownPeerError)


def test_a_parcel_of_another_channel_under_the_tag_of_this_one_is_refused(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    right = forger.seal(forger.parcel())
    forger.channel = "live/a-b/main"
    wrong = forger.seal(forger.parcel(haves={}))

    refused(pair, right[:16] + wrong[16:], BadParcelError)


def test_a_link_whose_digits_nobody_compared_takes_nothing_and_sends_nothing(tmp_path: Path) -> None:
    pair = Pair(tmp_path, is_open=False, is_verified=False)
    pair.ledgers[A].sign_opening(LINK, pair.offer(A), pair.offer(B), draft="open")
    forger = Forger(pair, B, A)
    raw = forger.seal(forger.parcel())

    refused(pair, raw, UnknownPeerError)

    assert pair.ledgers[A].compose(LINK, prompt=True) is None
    assert not pair.ledgers[A].has_news(LINK)
    with pytest.raises(UnknownPeerError):
        pair.ledgers[A].take_answer(LINK, raw)
    pair.ledgers[A].verify_link(LINK)
    assert pair.ledgers[A].has_news(LINK)
    assert pair.ledgers[A].accept(raw).link == LINK
    pair.stop()
