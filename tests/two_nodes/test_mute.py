"""A partner that takes everything and never signs for it: nothing is claimed, nothing stops or is lost."""

from dataclasses import replace

from parley.ledger.chosen import Choice
from parley.protocol.parcel import Parcel
from tests.two_nodes.forger import changed
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.verify.test_two_nodes import exported

MONTH = 30 * 86_400


def without_receipts(parcel: Parcel) -> Parcel:
    return replace(parcel, receipts=())


def keeps_silent(pair: Pair) -> None:
    """Have B take what A sends, month after month, and say what it has to say, but sign for nothing."""
    for _ in range(3):
        pair.post(A, B, prompt=True)
        for clock in pair.clocks.values():
            clock.time += MONTH
        raw = pair.ledgers[B].compose(LINK, prompt=True)
        assert raw is not None
        answer = pair.bring(B, A, changed(pair, raw, without_receipts, sender=B, receiver=A))
        pair.ledgers[B].take_answer(LINK, answer.parcel)


def test_what_it_never_signed_for_is_never_called_received(pair: Pair) -> None:
    before, _ = exported(pair, A, Choice())
    said = pair.sends()

    keeps_silent(pair)

    made, _ = exported(pair, A, Choice())
    assert pair.standing(B).theirs.size > said.index
    assert pair.standing(A).receipted <= said.index
    assert made.listing.lines[A] == before.listing.lines[A]


def test_what_it_says_itself_is_taken_and_receipted_meanwhile(pair: Pair) -> None:
    pair.sends()
    theirs = pair.sends(node=B)

    keeps_silent(pair)

    assert pair.standing(A).theirs.size > theirs.index
    assert pair.standing(B).receipted > theirs.index
    assert pair.alarms(A) == {}


def test_one_late_receipt_proves_all_of_it(pair: Pair) -> None:
    pair.sends()
    keeps_silent(pair)
    last = pair.sends()

    pair.settle()

    assert pair.standing(A).receipted > last.index
    assert pair.is_settled()
