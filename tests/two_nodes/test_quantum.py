"""Who breaks Ed25519 and X25519 one day, and holds all that was ever carried: what he can do, and what not.

He is given every private key of these two algorithms, and none of ML-DSA-44 or ML-KEM-768.
"""

from dataclasses import replace

import pytest

from parley.ledger.ledger import BadParcelError
from parley.protocol import note
from parley.protocol.parcel import Parcel, open_parcel
from parley.protocol.suite import SealError
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, SUITE, A, B, Pair, Sent
from tests.two_nodes.tables import evidence

UNKNOWN = bytes([9]) * 32
ML_KEM = 64
"""So many bytes of a private X-Wing key are of ML-KEM-768; those of X25519 follow."""


def half_signed(raw: bytes) -> bytes:
    """Return a note with its line of Ed25519, and something in the place of the one of ML-DSA."""
    signed = note.parse(raw)
    ed25519, ml_dsa = signed.lines
    made_up = note.Line(name=ml_dsa.name, key_id=ml_dsa.key_id, payload=ml_dsa.payload[:8] + bytes(2420))
    return note.encode(replace(signed, lines=(ed25519, made_up)))


class Breaker(Forger):
    """Speaks as a node whose Ed25519 keys he has broken; of its ML-DSA keys he has none."""

    def head(
        self, *, size: int | None = None, root: bytes | None = None, origin: str | None = None, late: int = 0
    ) -> bytes:
        return half_signed(super().head(size=size, root=root, origin=origin, late=late))


def harvested(pair: Pair) -> Sent:
    """Return a parcel with a secret, as it went by."""
    pair.sends(title="a secret for thirty years")
    pair.carry(A, B)
    return pair.sent[-2]


def opened(pair: Pair, sent: Sent, *, private: bytes) -> Parcel:
    return open_parcel(
        sent.raw,
        sender=sent.sender,
        receiver=sent.receiver,
        channel="demo/a-b/main",
        link_public=pair.offer(sent.sender).card.card.link_ed25519,
        seal_private=private,
        suite=SUITE,
    )


def test_a_harvested_parcel_opens_with_both_halves_of_the_key_and_with_neither_alone(pair: Pair) -> None:
    sent = harvested(pair)
    whole, other = pair.keys(B).seal, pair.keys(A).seal

    assert opened(pair, sent, private=whole).pieces
    # The tag is of the whole public key, so what is asked is the seal itself.
    for half in (other[:ML_KEM] + whole[ML_KEM:], whole[:ML_KEM] + other[ML_KEM:]):
        with pytest.raises(SealError):
            SUITE.open(half, info=_info(sent), sealed=sent.raw[16:])
    assert SUITE.open(whole, info=_info(sent), sealed=sent.raw[16:])


def _info(sent: Sent) -> bytes:
    return f"parley/parcel/v1\n{sent.sender}\n{sent.receiver}\ndemo/a-b/main\n".encode()


def test_he_signs_no_head_so_nothing_of_his_enters_a_record(pair: Pair) -> None:
    pair.sends()
    pair.settle()
    before = evidence(pair.homes[B])
    breaker = Breaker(pair, A, B)
    breaker.write(act_of("inquiry.sent", INQUIRY))

    answer = breaker.send(breaker.piece())

    assert not answer.changed
    assert evidence(pair.homes[B]) == before
    assert pair.alarms(B) == {"bad_head": 1}


def test_he_signs_no_receipt(pair: Pair) -> None:
    pair.sends()
    breaker = Forger(pair, B, A)
    true = breaker.receipt(size=len(breaker.theirs))
    bare = note.parse(true)

    breaker.send(receipts=(half_signed(true), note.encode(replace(bare, lines=bare.lines[:1]))))

    assert pair.standing(A).receipted < len(breaker.theirs)


def test_no_two_histories_are_shown_by_a_key_that_was_half_broken(pair: Pair) -> None:
    """He accuses nobody: a fork is two heads with both lines."""
    pair.sends()
    pair.settle()
    breaker = Breaker(pair, A, B)

    breaker.send(breaker.piece(note=breaker.head(root=UNKNOWN)))

    assert not evidence(pair.homes[B])["fork"]


def test_he_can_send_a_parcel_in_the_nodes_name_and_ask_for_what_it_may_ask(pair: Pair) -> None:
    """Said openly: parcels, and what roots and officers sign, bear Ed25519 alone."""
    before = evidence(pair.homes[B])
    breaker = Breaker(pair, A, B)

    answer = breaker.send()

    assert not answer.changed
    assert evidence(pair.homes[B]) == before
    with pytest.raises(BadParcelError):
        pair.bring(A, B, breaker.seal(breaker.parcel(), link_seed=UNKNOWN))
