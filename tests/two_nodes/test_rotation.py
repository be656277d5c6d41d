"""A node changes its keys while the line runs: what goes on, and through what. Spec §3.4, §7.2."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.answers import BadParcelError
from parley.ledger.cards import PromiseLostError, RootsMissingError, rotate_keys
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.lanes import named
from parley.protocol import head, note
from parley.protocol.act import id_text
from parley.protocol.card import card_hash, keys_hash, receipt_keys, sign_card, write_keys
from parley.protocol.names import LANES
from parley.protocol.strictjson import JsonValue
from tests.protocol.rotation import fresh
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, WORLD, A, B, C, Nodes, Pair, make_home
from tests.two_nodes.rotating import ids, is_calm, issuing, known_card, own, rotate, slot


def test_the_line_goes_on_under_new_keys(pair: Pair) -> None:
    old = own(pair)
    new = rotate(pair).card
    pair.settle()
    pair.sends(title="by the new keys")
    pair.sends(node=B, title="and back")
    pair.settle()

    origin = slot(pair, A).mine.current.origin
    assert is_calm(pair)
    assert known_card(pair, B, A) == new == own(pair)
    assert ids(pair.standing(A).head_note) == {key.key_id for key in write_keys(new, origin)}
    assert ids(pair.standing(A).receipt_note) == {key.key_id for key in receipt_keys(new)}
    mine = {old.write_ed25519, old.receipt_ed25519, old.seal_x_wing, old.link_ed25519}
    assert mine.isdisjoint({new.write_ed25519, new.receipt_ed25519, new.seal_x_wing, new.link_ed25519})


def test_until_the_partner_has_the_card_both_keys_sign(pair: Pair) -> None:
    old, new = own(pair), rotate(pair).card
    pair.sends(title="before they know")

    origin = slot(pair, A).mine.current.origin
    keys = (*write_keys(old, origin), *write_keys(new, origin))
    assert ids(pair.standing(A).head_note) == {key.key_id for key in keys}
    receipts = (*receipt_keys(old), *receipt_keys(new))
    assert ids(pair.standing(A).receipt_note) == {key.key_id for key in receipts}


def test_both_sides_change_their_keys_again_and_again(pair: Pair) -> None:
    for number in range(3):
        for node in (A, B):
            rotate(pair, node)
            pair.sends(node=node, title=f"{number}")
            if number != 1:
                pair.settle()
    pair.settle()

    assert is_calm(pair)
    assert [own(pair, node).serial for node in (A, B)] == [4, 4]
    assert known_card(pair, A, B) == own(pair, B)


def test_a_partner_who_was_away_for_many_cards_follows_them_all(pair: Pair) -> None:
    for number in range(9):
        rotate(pair)
        pair.sends(title=f"{number}")
    pair.settle()

    assert is_calm(pair)
    assert known_card(pair, B, A).serial == 10


def test_what_was_sealed_to_the_old_key_still_opens(pair: Pair) -> None:
    pair.sends(node=B, title="sealed before")
    under_way = pair.ledgers[B].compose(LINK)
    assert under_way is not None
    rotate(pair)
    pair.bring(B, A, under_way)
    pair.settle()

    assert is_calm(pair)
    assert pair.standing(A).theirs.size == pair.standing(B).mine.size


def test_the_next_keys_are_promised_and_the_promise_is_kept(pair: Pair) -> None:
    first, second = rotate(pair).card, rotate(pair).card

    assert first.next_keys == keys_hash(second)
    assert second.next_keys is not None
    pair.settle()
    assert is_calm(pair)


def test_the_first_card_promises_the_keys_of_the_first_rotation(pair: Pair) -> None:
    first = own(pair)

    issued = rotate(pair)
    pair.settle()

    assert first.next_keys == keys_hash(issued.card)
    assert is_calm(pair)


def test_other_keys_than_the_first_card_promised_are_told_to_the_partner(pair: Pair) -> None:
    rotate(pair, breaks_promise=True)
    pair.settle()

    assert pair.alarms(B) == {"unpromised_card": 1}


def test_promised_keys_that_are_lost_are_said_to_be_and_all_roots_may_do_without(pair: Pair) -> None:
    rotate(pair)
    pair.settle()
    size = pair.standing(A).mine.size
    (pair.homes[A].keys / "write-ed25519-3").unlink()
    pair.restart(A)

    with pytest.raises(PromiseLostError):
        rotate_keys(issuing(pair))
    assert pair.standing(A).mine.size == size
    assert not (pair.homes[A].root / "card.next").exists()
    assert not (pair.homes[A].keys / "write-ed25519-3").exists()

    rotate(pair, breaks_promise=True)
    pair.settle()
    assert pair.is_settled()
    assert known_card(pair, B, A).serial == 3


def test_other_keys_in_the_place_of_the_promised_ones_are_not_taken(pair: Pair) -> None:
    rotate(pair)
    path = pair.homes[A].keys / "receipt-ed25519-3"
    path.write_text("ab" * 32 + "\n")
    pair.restart(A)

    with pytest.raises(PromiseLostError):
        rotate_keys(issuing(pair))
    assert own(pair).serial == 2


def test_a_card_whose_keys_are_not_here_is_not_announced(pair: Pair) -> None:
    card, size = fresh(own(pair), "elsewhere", suite=pair.suite), pair.standing(A).mine.size
    raw = sign_card(card, [seed for _, seed in pair.keys(A).roots], suite=pair.suite, previous=own(pair))
    d: Mapping[str, JsonValue] = {
        "card": id_text(card_hash(card)),
        "serial": card.serial,
        "text": card.text().decode(),
    }

    with pytest.raises(RefusedError, match="not here"):
        pair.say(A, "link.carded", d, body={"card": raw.decode()})
    assert pair.standing(A).mine.size == size


def test_a_card_that_breaks_a_promise_is_shown_to_the_partner(pair: Pair) -> None:
    rotate(pair)
    pair.settle()
    rotate(pair, breaks_promise=True)
    pair.settle()

    assert pair.alarms(B) == {"unpromised_card": 1}
    assert not pair.alarms(A)


def test_without_the_roots_there_is_no_next_card(pair: Pair) -> None:
    size = pair.standing(A).mine.size
    (pair.homes[A].keys / "root-2").rename(pair.folder / "root-2")

    with pytest.raises(RootsMissingError) as told:
        rotate_keys(issuing(pair))
    assert (told.value.found, told.value.needed) == (1, 2)
    assert pair.standing(A).mine.size == size

    (pair.folder / "root-2").rename(pair.homes[A].keys / "root-2")
    rotate(pair)
    pair.settle()
    assert is_calm(pair)


# ---- Cut at every step


def test_what_was_cut_before_the_card_was_announced_goes_on_with_the_same_card(pair: Pair) -> None:
    def say_nothing(_drafts: object) -> list[Appended | RefusedError]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(replace(issuing(pair), say=say_nothing))
    begun = (pair.homes[A].root / "card.next").read_bytes()
    pair.restart(A)
    pair.settle()
    issued = rotate(pair)
    pair.settle()

    assert (pair.homes[A].root / "card").read_bytes() == begun
    assert issued.card.serial == 2
    assert is_calm(pair)


def test_what_was_cut_after_it_was_announced_is_announced_once(pair: Pair) -> None:
    rotate(pair)
    card = pair.homes[A].root / "card"
    card.rename(card.with_name("card.next"))
    shutil.copy(pair.homes[A].root / "cards" / "1", card)
    pair.restart(A)
    size = pair.standing(A).mine.size
    issued = rotate(pair)

    assert issued.card.serial == 2
    assert pair.standing(A).mine.size == size
    pair.settle()
    assert is_calm(pair)


def test_keys_that_were_cut_while_they_were_made_are_made_again(pair: Pair) -> None:
    folder = pair.homes[A].keys
    for name in ("write-ed25519-3", "link-ed25519-3", "seal-x-wing-3"):
        (folder / name).write_bytes(b"12")
        (folder / name).chmod(0o600)
    rotate(pair)
    pair.restart(A)
    pair.settle()

    assert is_calm(pair)
    assert known_card(pair, B, A) == own(pair)


def test_a_commit_that_was_cut_before_it_was_signed_is_signed_by_both_keys(pair: Pair) -> None:
    old = own(pair)
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    before = copies.keep(A)
    new = rotate(pair).card
    pair.ledgers[A].stop()
    # The anchor of before: as if the power had gone between the commit and the signature.
    shutil.rmtree(pair.homes[A].anchor)
    shutil.copytree(before / "anchor", pair.homes[A].anchor)
    pair.start(A)

    origin = slot(pair, A).mine.current.origin
    keys = (*write_keys(old, origin), *write_keys(new, origin))
    assert ids(pair.standing(A).head_note) == {key.key_id for key in keys}
    pair.settle()
    assert is_calm(pair)


def test_a_link_that_opens_later_hears_of_every_card_it_missed(tmp_path: Path) -> None:
    nodes = Nodes(tmp_path, names=(A, B, C))
    nodes.link(A, B)
    nodes.link(A, C)
    nodes.open(A, B)
    rotate(nodes)
    rotate(nodes)
    nodes.open(A, C)
    nodes.settle()
    rotate(nodes)
    nodes.settle()

    for link in (LINK, "a-c"):
        at = slot(nodes, A, link)
        assert at.cards.of(A, at.standing.mine.size).newest == own(nodes)
        assert at.standing.receipted == at.standing.mine.size
    nodes.stop()


def test_a_card_is_announced_in_every_lane(tmp_path: Path) -> None:
    pair = Pair(tmp_path, lanes=LANES)
    issued = rotate(pair)
    pair.settle()

    assert sorted(each.lane for each in issued.said) == sorted(LANES)
    for lane in LANES:
        at = slot(pair, B, named(LINK, lane))
        assert at.cards.of(A, at.standing.theirs.size).newest == issued.card
    pair.stop()


# ---- What a disk can lose


@pytest.mark.parametrize("anchor", ["kept", "old"])
def test_a_record_from_before_the_card_is_regained_by_the_writer(pair: Pair, anchor: str) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = copies.keep(A)
    new = rotate(pair).card
    pair.settle()
    pair.sends(title="under the new keys alone")
    pair.settle()
    copies.restore(A, old, anchor=anchor, asks_first=anchor == "old")
    if anchor == "old":
        confirm(pair)
    pair.settle()
    pair.sends(title="and on")
    pair.settle()

    assert known_card(pair, A, A) == known_card(pair, B, A) == new
    assert pair.is_settled()
    assert set(pair.alarms(A)) <= {"key_used_elsewhere"}
    assert not pair.alarms(B)


@pytest.mark.parametrize("first", [A, B])
def test_a_record_from_before_the_card_is_regained_by_the_reader(pair: Pair, first: str) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = copies.keep(B)
    new = rotate(pair).card
    pair.sends(title="under the new keys")
    pair.sends(node=B, title="and theirs")
    pair.settle()
    copies.restore(B, old)
    pair.carry(first, pair.other(first), prompt=True)
    pair.settle()

    assert known_card(pair, B, A) == new
    assert is_calm(pair)


def test_a_node_that_is_restored_with_keys_from_before_the_last_rotation_goes_on(pair: Pair) -> None:
    rotate(pair)
    pair.settle()
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old, home = copies.keep(A), pair.homes[A]
    shutil.copytree(home.keys, pair.folder / "keys")
    shutil.copy(home.root / "card", pair.folder / "card")
    new = rotate(pair).card
    pair.settle()
    pair.ledgers[A].stop()
    for folder in (home.keys, home.root / "cards"):
        shutil.rmtree(folder)
    shutil.copytree(pair.folder / "keys", home.keys)
    shutil.copy(pair.folder / "card", home.root / "card")
    pair.start(A)
    copies.restore(A, old, anchor="lost", asks_first=True)
    confirm(pair)
    pair.settle()
    pair.sends(title="by the keys that were promised")
    pair.settle()

    assert pair.is_settled()
    assert known_card(pair, A, A) == known_card(pair, B, A) == new
    with pytest.raises(PromiseLostError):
        rotate_keys(issuing(pair))
    assert rotate(pair, breaks_promise=True).card.serial == new.serial + 1
    pair.settle()
    assert pair.is_settled()


def confirm(pair: Pair) -> None:
    """Have the officers of A compare the digits of its newest head that B knows, and confirm them."""
    pair.carry(A, B, prompt=True)
    _, _, lost, shown = pair.ledgers[A].regaining.look(LINK)
    assert lost is not None
    assert shown is not None
    digits = head.digits(head.parse_text(note.parse(shown).text))
    pair.ledgers[A].regaining.confirm(LINK, "".join(digits))


def test_both_records_go_back_to_before_the_card_and_the_card_is_announced_anew(pair: Pair) -> None:
    copies = Copies(pair=pair, folder=pair.folder / "copies")
    old = {node: copies.keep(node) for node in (A, B)}
    new = rotate(pair).card
    pair.settle()
    for node, copy in old.items():
        copies.restore(node, copy)
    for _ in range(4):
        pair.carry(A, B, prompt=True)
        pair.carry(B, A, prompt=True)
    pair.settle()
    assert known_card(pair, B, A).serial == 1

    rotate(pair)
    pair.settle()
    assert known_card(pair, B, A) == own(pair)
    assert own(pair).serial == new.serial + 1
    assert pair.is_settled()


def test_every_parcel_that_was_ever_sent_may_come_again(pair: Pair) -> None:
    rotate(pair)
    pair.settle()
    pair.sends(title="x")
    rotate(pair, B)
    pair.settle()
    digest = pair.digest(A)
    for sent in list(pair.sent):
        with suppress(BadParcelError):
            pair.ledgers[sent.receiver].accept(sent.raw)

    assert pair.digest(A) == pair.digest(B) == digest
    assert is_calm(pair)


# ---- Without roots


def test_nodes_whose_roots_are_lost_meet_anew_under_another_name(pair: Pair) -> None:
    pair.sends(title="on the old link")
    pair.settle()
    pair.ledgers[A].stop()
    pair.homes[A] = make_home(pair.folder / "anew", A, suite=pair.suite)
    pair.start(A)
    offers = {node: pair.offer(node) for node in (A, B)}
    for node in (A, B):
        mine, theirs = offers[node], offers[pair.other(node)]
        name = pair.ledgers[node].add_link(mine, theirs, world=WORLD, name="a-b-2", lanes=pair.lanes)
        pair.ledgers[node].verify_link(name)
        pair.ledgers[node].sign_opening(name, mine, theirs, draft="anew")
    for node in (A, B, A, B):
        raw = pair.ledgers[node].compose("a-b-2", prompt=True)
        assert raw is not None
        pair.ledgers[node].take_answer("a-b-2", pair.bring(node, pair.other(node), raw).parcel)
    pair.say(A, "inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "anew"}}, link="a-b-2")

    with pair.reader(B) as reader:
        assert [row.name for row in reader.links()] == [LINK, "a-b-2"]
        assert all(row.is_active for row in reader.links())
        assert reader.offer(LINK).hash != reader.offer("a-b-2").hash
    assert known_card(pair, B, A) != own(pair)
