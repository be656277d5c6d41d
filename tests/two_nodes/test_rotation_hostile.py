"""Whoever has keys that he should not have: old ones, promised ones, those of another card. Spec §7.2.

Every one of them begins with a log that the other side holds, and with a valid key of some time.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from parley.ledger.answers import BadParcelError
from parley.protocol.act import id_text
from parley.protocol.card import Card, card_hash, root_keys, sign_card
from parley.protocol.note import SignKey
from parley.protocol.parcel import Parcel, Piece
from parley.protocol.revocation import Revocation, sign_revocation
from parley.protocol.strictjson import JsonValue, write
from parley.protocol.suite import X_WING_PUBLIC_SIZE, Suite
from tests.protocol.rotation import fresh
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import A, B, Pair
from tests.two_nodes.rotating import known_card, own, rotate, signing_set


class Thief(Forger):
    """Speaks as A to B with one set of keys for heads, and another for parcels."""

    def __init__(self, pair: Pair, *, write: int, link: int) -> None:
        super().__init__(pair, A, B)
        self.signer_keys = signing_set(pair, A, write)
        self.link_of_set = self.keys.sets[link - 1].link

    def seal(self, parcel: Parcel, *, link_seed: bytes | None = None) -> bytes:
        return super().seal(parcel, link_seed=link_seed or self.link_of_set)

    def announces(self, card: Card, *, note: bytes | None = None, is_signed: bool = True) -> bytes:
        """Write the announcement of `card`, signed by the roots of A, and return its id."""
        d: Mapping[str, JsonValue] = {
            "card": id_text(card_hash(card)),
            "serial": card.serial,
            "text": card.text().decode(),
        }
        said = note or self.signed(card)
        body = write({"card": said.decode()})
        return self.write(act_of("link.carded", d), body=body, is_signed=is_signed)

    def signed(self, card: Card) -> bytes:
        seeds = [seed for _, seed in self.keys.roots]
        return sign_card(card, seeds, suite=self.nodes.suite, previous=own(self.nodes))

    def says(self) -> bytes:
        return self.write(act_of("received", {}))


@pytest.fixture(name="rotated")
def fixture_rotated(pair: Pair) -> Pair:
    """A pair of which A has changed its keys, which B knows."""
    rotate(pair)
    pair.settle()
    assert known_card(pair, B, A) == own(pair)
    return pair


def taken(pair: Pair) -> int:
    return pair.standing(B).theirs.size


# ---- The old keys


def test_a_thief_of_all_old_keys_is_not_even_heard(rotated: Pair) -> None:
    thief, size = Thief(rotated, write=1, link=1), taken(rotated)
    thief.says()

    with pytest.raises(BadParcelError):
        thief.tell()
    assert taken(rotated) == size
    assert not rotated.alarms(B)


def test_a_head_by_the_old_key_is_worth_nothing_beyond_the_card(rotated: Pair) -> None:
    thief, size = Thief(rotated, write=1, link=2), taken(rotated)
    thief.says()
    thief.tell()

    assert taken(rotated) == size
    assert rotated.alarms(B) == {"bad_head": 1}


def test_another_history_under_the_old_key_convicts_nobody_beyond_the_card(rotated: Pair) -> None:
    thief, size = Thief(rotated, write=1, link=2), taken(rotated)
    thief.send(Piece(note=thief.head(root=bytes(32)), start=size))

    assert rotated.alarms(B) == {"bad_head": 1}
    with rotated.reader(B) as reader:
        status = reader.status("a-b")
        assert status is not None
        assert not status.forks


def test_two_histories_under_the_old_key_below_the_card_convict_it_still(rotated: Pair) -> None:
    thief = Thief(rotated, write=1, link=2)
    thief.send(Piece(note=thief.head(size=1, root=bytes(32)), start=1))

    assert set(rotated.alarms(B)) <= {"fork", "not_extended"}
    assert rotated.alarms(B)


def test_a_receipt_by_the_old_key_does_not_count(rotated: Pair) -> None:
    thief = Thief(rotated, write=1, link=2)
    rotated.sends(node=B, title="not delivered yet")
    thief.theirs = list(entries_of(rotated, B))
    before = rotated.standing(B).receipted
    thief.send(receipts=[thief.receipt(size=len(thief.theirs))], haves={})

    assert rotated.standing(B).receipted == before
    honest = Thief(rotated, write=2, link=2)
    honest.theirs = thief.theirs
    honest.send(receipts=[honest.receipt(size=len(honest.theirs))], haves={})
    assert rotated.standing(B).receipted > before


def entries_of(pair: Pair, node: str) -> list[bytes]:
    with pair.reader(node) as reader:
        return list(reader.entries("a-b")[node])


# ---- The new keys alone


def test_promised_keys_are_worth_nothing_before_their_card(rotated: Pair) -> None:
    size = taken(rotated)
    stranger, promised = Thief(rotated, write=3, link=3), Thief(rotated, write=3, link=2)
    stranger.says()
    promised.says()

    with pytest.raises(BadParcelError):
        stranger.tell()
    promised.tell()

    assert taken(rotated) == size
    assert rotated.alarms(B) == {"bad_head": 1}


def test_a_card_without_the_roots_changes_no_key(rotated: Pair) -> None:
    thief, size, known = Thief(rotated, write=3, link=2), taken(rotated), own(rotated)
    thief.announces(stolen(thief, number=3), is_signed=False)
    thief.tell()

    assert taken(rotated) == size
    assert known_card(rotated, B, A) == known
    assert rotated.alarms(B) == {"bad_head": 1}


def test_a_head_that_brings_a_card_is_signed_by_the_keys_of_that_card(rotated: Pair) -> None:
    thief, size, known = Thief(rotated, write=2, link=2), taken(rotated), own(rotated)
    thief.announces(stolen(thief, number=3))
    thief.tell()

    assert taken(rotated) == size
    assert known_card(rotated, B, A) == known
    assert rotated.alarms(B) == {"bad_head": 1}


def test_an_announcement_that_looks_valid_and_is_not_is_not_taken(rotated: Pair) -> None:
    thief, size, known = Thief(rotated, write=3, link=2), taken(rotated), own(rotated)
    thief.announces(stolen(thief, number=3, serial=known.serial + 5))
    thief.tell()

    assert taken(rotated) == size
    assert known_card(rotated, B, A) == known
    assert rotated.alarms(B) == {"bad_head": 1}


def test_a_card_whose_note_no_judge_could_follow_is_not_taken(rotated: Pair) -> None:
    thief, size, known = Thief(rotated, write=3, link=2), taken(rotated), own(rotated)
    card = stolen(thief, number=3)
    unsigned = thief.signed(card)
    thief.announces(card, note=unsigned.replace(b"root/1 ", b"root/9 "))
    thief.tell()

    assert taken(rotated) == size
    assert known_card(rotated, B, A) == known
    assert rotated.alarms(B) == {"bad_card": 1}
    rotated.sends(title="and the line goes on")
    rotated.settle()
    assert taken(rotated) == size + 1


def stolen(thief: Thief, *, number: int, serial: int | None = None) -> Card:
    """Return the next card of A with the keys of its set `number`."""
    suite: Suite = thief.nodes.suite
    keys = signing_set(thief.nodes, A, number).public(suite)
    own_set = thief.keys.sets[number - 1]
    old = own(thief.nodes)
    return fresh(
        old,
        "other",
        suite=suite,
        serial=serial or old.serial + 1,
        write_ed25519=keys.write_ed25519,
        write_ml_dsa=keys.write_ml_dsa,
        receipt_ed25519=keys.receipt_ed25519,
        receipt_ml_dsa=keys.receipt_ml_dsa,
        link_ed25519=suite.ed25519_public(own_set.link),
        seal_x_wing=suite.x_wing_public(own_set.seal),
    )


UNREACHABLE: Mapping[str, bytes | str] = {
    "seal_x_wing": b"\xff" * X_WING_PUBLIC_SIZE,
    "url": "http://192.0.2.7/parley/v1",
}


@pytest.mark.parametrize("field", UNREACHABLE)
@pytest.mark.parametrize("way", ["entry", "frame"])
def test_a_card_to_which_nobody_can_or_may_write_is_not_taken(rotated: Pair, field: str, way: str) -> None:
    thief, size, known = Thief(rotated, write=3, link=2), taken(rotated), own(rotated)
    card = replace(stolen(thief, number=3), **{field: UNREACHABLE[field]})  # type: ignore[arg-type] # either
    if way == "entry":
        thief.announces(card)
        thief.tell()
    else:
        roots = [
            SignKey(name=key.name, algorithm=key.algorithm, seed=seed, public=key.public)
            for key, (_, seed) in zip(root_keys(known), thief.keys.roots, strict=True)
        ]
        said = Revocation(origin=thief.origin, size=size, card=card_hash(known))
        frames = (thief.signed(card), sign_revocation(said, roots, rotated.suite))
        rotated.bring(A, B, thief.seal(replace(thief.parcel(), cards=frames)))

    assert taken(rotated) == size
    assert known_card(rotated, B, A) == known
    assert rotated.alarms(B) == {"bad_card": 1}


# ---- Other cards


def test_an_old_card_that_comes_again_changes_nothing(rotated: Pair) -> None:
    thief, known = Thief(rotated, write=2, link=2), own(rotated)
    again = thief.announces(known)
    thief.tell()

    verdicts = {row.statement: row.verdict.text for row in rotated.rows(B)}
    assert verdicts[again] == "void:wrong-state"
    assert known_card(rotated, B, A) == known
    assert not rotated.alarms(B)


def test_the_card_of_another_node_is_worth_nothing(rotated: Pair) -> None:
    thief, known = Thief(rotated, write=2, link=2), own(rotated)
    card = fresh(known, "other", suite=rotated.suite, node="c.example")
    said = thief.announces(
        card, note=sign_card(card, [seed for _, seed in thief.keys.roots], suite=rotated.suite)
    )
    thief.tell()

    assert {row.statement: row.verdict.text for row in rotated.rows(B)}[said] == "void:schema"
    assert known_card(rotated, B, A) == known


@pytest.mark.parametrize("place", ["demo/a-c/main/5e0c9a71", "live/a-b/main/5e0c9a71"])
def test_an_announcement_of_another_link_or_world_is_worth_nothing(rotated: Pair, place: str) -> None:
    thief, known = Thief(rotated, write=2, link=2), own(rotated)
    thief.origin, real = f"{A}/{place}", thief.origin
    said = thief.announces(stolen(thief, number=3))
    thief.origin = real
    thief.tell()

    verdicts = {row.statement: row.verdict.text for row in rotated.rows(B)}
    assert verdicts[said] in {"void:wrong-log", "unopened"}
    assert known_card(rotated, B, A) == known
