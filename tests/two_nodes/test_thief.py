"""A thief of a node's keys can speak until he is noticed; he is noticed, and what was countersigned stays."""

from parley.ledger.rebuild import rebuild
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import evidence


def robbed(pair: Pair) -> Forger:
    """Have both talk, and a thief of A's keys say something to B, which takes it."""
    pair.sends(title="before")
    pair.settle()
    thief = Forger(pair, A, B)
    thief.write(act_of("inquiry.sent", INQUIRY, ref="forged"))
    answer = thief.tell()
    assert answer.changed
    return thief


def test_the_partners_receipt_for_what_was_never_signed_tells_of_him(pair: Pair) -> None:
    robbed(pair)

    pair.carry(B, A, prompt=True)

    assert {"invented_receipt", "invented_have"} <= set(pair.alarms(A))


def test_the_owners_next_word_convicts_the_key_and_nobody_else(pair: Pair) -> None:
    robbed(pair)

    pair.sends(title="the owner")
    pair.post(A, B)

    assert pair.alarms(B) == {"fork": 1}
    assert len(evidence(pair.homes[B])["fork"]) == 1
    assert not evidence(pair.homes[A])["fork"]


def test_he_changes_nothing_that_was_countersigned(pair: Pair) -> None:
    pair.sends(title="before")
    pair.settle()
    with pair.reader(B) as reader:
        held = list(reader.entries(LINK)[A])
    thief = Forger(pair, A, B)
    thief.entries[-1] = thief.entries[-1].replace(b"parley/v1", b"parley/v2")
    thief.held -= 1

    thief.tell()

    with pair.reader(B) as reader:
        assert list(reader.entries(LINK)[A]) == held
    assert pair.alarms(B) == {"fork": 1}
    assert not rebuild(pair.homes[B], compare=True).differences
