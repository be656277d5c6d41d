"""Keys are stolen or lost: from a size on they are worth nothing, and the line goes on. Spec §7.2.8 ff."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from parley.ledger.answers import BadParcelError
from parley.ledger.cards import revoke_keys
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.revocations import RevokedTooMuchError
from parley.protocol import note
from parley.protocol.card import card_hash, root_keys, sign_card, write_keys
from parley.protocol.note import Algorithm
from parley.protocol.parcel import Piece
from parley.protocol.revocation import Revocation, sign_revocation
from parley.signer.keys import SEEDS
from parley.signer.opening import HomeDesk
from tests.protocol.rotation import fresh
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair, Sent
from tests.two_nodes.rotating import ids, is_calm, issuing, known_card, own, revoke, rotate, slot
from tests.two_nodes.test_rotation_hostile import Thief, taken


def test_the_line_goes_on_under_the_next_keys_alone(pair: Pair) -> None:
    pair.sends(title="said and receipted")
    pair.settle()
    pair.sends(title="said, and not heard yet")
    new = revoke(pair).card
    origin = slot(pair, A).mine.current.origin
    assert ids(pair.standing(A).head_note) == {key.key_id for key in write_keys(new, origin)}
    pair.settle()
    pair.sends(node=B, title="and back")
    pair.settle()

    assert is_calm(pair)
    assert known_card(pair, B, A) == new
    assert slot(pair, A).cards.frames == ()


def test_what_the_thief_signs_beyond_the_size_is_worth_nothing(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    thief = Thief(pair, write=1, link=1)
    size = taken(pair)
    revoke(pair)
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    told = pair.opened(Sent(sender=A, receiver=B, raw=raw), thief.channel)
    pair.bring(A, B, thief.seal(replace(told, pieces=(), receipts=())))
    assert known_card(pair, B, A) == own(pair)
    assert taken(pair) == size

    late = Thief(pair, write=1, link=2)
    late.entries, late.held = list(thief.entries), thief.held
    late.says()
    late.tell()
    late.send(Piece(note=late.head(root=bytes(32)), start=len(late.entries)))
    assert taken(pair) == size
    assert pair.alarms(B) == {"bad_head": 2}

    pair.settle()
    assert pair.is_settled()
    with pair.reader(B) as reader:
        status = reader.status(LINK)
        assert status is not None
        assert not status.forks


def test_until_it_hears_of_it_a_partner_believes_the_thief_and_a_fork_shows_it(pair: Pair) -> None:
    pair.settle()
    thief = Thief(pair, write=1, link=1)
    thief.says()
    thief.tell()
    stolen = taken(pair)
    assert stolen == thief.held
    revoke(pair)
    pair.carry(A, B)

    # What it holds was countersigned before, and stays; the roots named a smaller size.
    assert taken(pair) == stolen
    assert "bad_card" in pair.alarms(B) or "not_extended" in pair.alarms(B)


def test_no_size_below_what_the_partner_signed_for_can_be_revoked(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    size = pair.standing(A).receipted

    with pytest.raises(RevokedTooMuchError) as told:
        revoke(pair, sizes={LINK: size - 1})
    assert told.value.signed == size
    assert own(pair).serial == 1


def test_the_partner_refuses_a_size_below_what_it_holds(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    thief, size = Thief(pair, write=1, link=1), taken(pair)
    old = own(pair)
    card = fresh(old, "next", suite=pair.suite)
    said = revocation(thief, size - 1, card_hash(old))
    pair.bring(A, B, thief.seal(replace(thief.parcel(), cards=(signed(thief, card), said))))

    assert pair.alarms(B) == {"bad_card": 1}
    assert known_card(pair, B, A) == old


@pytest.mark.parametrize("fault", ["no revocation", "one root", "another log", "another card", "no roots"])
def test_a_card_in_a_frame_counts_with_a_revocation_by_its_roots_alone(pair: Pair, fault: str) -> None:
    thief, old = Thief(pair, write=1, link=1), own(pair)
    card = fresh(old, "next", suite=pair.suite)
    said = revocation(
        thief,
        taken(pair),
        bytes(32) if fault == "another card" else card_hash(old),
        roots=1 if fault == "one root" else 2,
        origin=thief.origin.replace("/main/", "/hot/") if fault == "another log" else None,
    )
    noted = signed(thief, card)
    if fault == "no roots":
        noted = noted.replace(b"root/1 ", b"root/7 ")
    frames = (noted,) if fault == "no revocation" else (noted, said)
    pair.bring(A, B, thief.seal(replace(thief.parcel(), cards=frames)))

    assert pair.alarms(B) == ({} if fault == "no revocation" else {"bad_card": 1})
    assert known_card(pair, B, A) == slot(pair, B).cards.known == old


def revocation(thief: Thief, size: int, card: bytes, *, roots: int = 2, origin: str | None = None) -> bytes:
    suite = thief.nodes.suite
    keys = [
        note.new_sign_key(key.name, Algorithm.ED25519, seed, suite=suite)
        for key, (_, seed) in zip(root_keys(own(thief.nodes)), thief.keys.roots[:roots], strict=False)
    ]
    return sign_revocation(Revocation(origin=origin or thief.origin, size=size, card=card), keys, suite)


def signed(thief: Thief, card: object) -> bytes:
    seeds = [seed for _, seed in thief.keys.roots]
    return sign_card(card, seeds, suite=thief.nodes.suite, previous=own(thief.nodes))  # type: ignore[arg-type] # a card


def test_keys_that_are_lost_are_replaced_by_the_roots_alone(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    pair.ledgers[A].stop()
    for name in SEEDS:
        (pair.homes[A].keys / name).unlink()
    at = replace(issuing(pair), desk=lambda: closing(HomeDesk(pair.homes[A], suite=pair.suite)))
    begun: list[Draft] = []

    def later(drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
        begun.extend(drafts)
        raise KeyboardInterrupt

    def keep(link: str, notes: Sequence[bytes]) -> None:
        pair.start(A).revoke(link, notes)

    with pytest.raises(KeyboardInterrupt):
        revoke_keys(replace(at, say=later, revoke=keep), sizes={}, breaks_promise=True)
    issued = revoke(pair)
    pair.settle()
    pair.sends(title="and on")
    pair.settle()

    assert len(begun) == 1
    assert pair.is_settled()
    assert known_card(pair, B, A) == issued.card == own(pair)


def test_a_partner_that_lost_the_old_link_key_too_is_heard_by_its_roots(pair: Pair) -> None:
    pair.settle()
    old = own(pair)
    revoke(pair)
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    thief = Thief(pair, write=2, link=2)
    told = pair.opened(Sent(sender=A, receiver=B, raw=raw), thief.channel)
    pair.bring(A, B, thief.seal(told))

    assert known_card(pair, B, A) == own(pair) != old
    assert not pair.alarms(B)
    late = Thief(pair, write=2, link=1).seal(replace(told, cards=()))
    with pytest.raises(BadParcelError):
        pair.bring(A, B, late)


def test_a_revocation_that_was_cut_goes_on_with_the_same_size(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    size = pair.standing(A).receipted

    def cut(_link: str, _notes: Sequence[bytes]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        revoke_keys(replace(issuing(pair), revoke=cut), sizes={})
    pair.restart(A)
    pair.sends(title="said meanwhile, by the old keys")
    pair.carry(A, B)
    assert taken(pair) == size + 1
    rotate(pair)
    pair.settle()

    # What was receipted meanwhile is above the size that the roots signed; the partner does not take that.
    assert pair.alarms(B) == {} or pair.alarms(B) == {"bad_card": pair.alarms(B).get("bad_card", 0)}
    assert not (pair.homes[A].root / "revoking").exists()


@pytest.mark.parametrize("order", ["rotate revoke", "revoke rotate", "revoke revoke", "rotate revoke rotate"])
def test_cards_that_the_partner_did_not_hear_of_come_all_at_once(pair: Pair, order: str) -> None:
    pair.sends(title="receipted")
    pair.settle()
    for verb in order.split():
        if verb == "rotate":
            rotate(pair)
        else:
            revoke(pair)
        pair.sends(title=f"after {verb}")
    pair.settle()
    pair.sends(node=B, title="and back")
    pair.settle()

    assert is_calm(pair)
    assert known_card(pair, B, A) == own(pair)
    assert slot(pair, A).cards.frames == ()


def test_a_partner_whose_record_goes_back_hears_of_revoked_keys_again(pair: Pair) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    pair.sends(title="receipted")
    pair.settle()
    old = copies.keep(B)
    revoke(pair)
    pair.settle()
    pair.sends(title="by the next keys")
    pair.settle()
    copies.restore(B, old)
    pair.settle()

    assert pair.is_settled()
    assert known_card(pair, B, A) == own(pair)
    assert not {"fork", "bad_card"} & set(pair.alarms(B))


def test_heads_between_the_size_and_the_card_are_read_by_the_next_card_for_ever(pair: Pair) -> None:
    pair.sends(title="receipted")
    pair.settle()
    pair.sends(title="covered by the old keys, and never heard under them")
    thief, size = Thief(pair, write=1, link=1), pair.standing(A).mine.size
    revoke(pair)
    pair.settle()
    assert not pair.alarms(B)
    late = thief.parcel(Piece(note=thief.head(size=size), start=size))
    pair.bring(A, B, thief.seal(late, link_seed=pair.keys(A).sets[1].link))

    assert pair.alarms(B) == {"bad_head": 1}
