"""A node changes its keys: what must sign, which keys hold where, what a thief gains. Spec §3.4, §7.2."""

from dataclasses import replace

import pytest

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.card import (
    Card,
    card_hash,
    check,
    check_next,
    keys_hash,
    parse,
    parse_text,
    sign_card,
    write_keys,
)
from parley.protocol.head import Head, WriteKeys, read_head, sign_head
from parley.protocol.links import MAX_CARD_TEXT
from parley.protocol.note import Algorithm, Note
from parley.protocol.revocation import Revocation, is_worthless, read_revocation, sign_revocation
from parley.protocol.strictjson import JsonSource
from tests.protocol.persons import Person, enrol
from tests.protocol.rotation import announce, fresh, root_line
from tests.protocol.stops import suspend
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, A, B, Wording, World, seed_of

OLD = SIDES.one.card


def in_force(world: World, size: int) -> Card:
    return world.record().shelf.link().card(A, size, paired=OLD)


# ---- the fold


def test_a_card_with_its_text_changes_the_keys_from_there_on() -> None:
    world = World()
    new = fresh(OLD, "two")
    statement = announce(world.a, new)
    world.a.says("received")

    assert world.verdict(statement) == "valid"
    assert in_force(world, statement.index) == OLD
    assert in_force(world, statement.index + 1) == new


def test_a_card_without_its_text_changes_no_key() -> None:
    world = World()
    moved = replace(OLD, serial=2, prev=card_hash(OLD), url="http://127.0.0.1:9/parley/v1")
    wording = Wording(kind="link.carded", log=SIDES.one.origin, roots=(1, 2))
    first = world.a.words(wording, {"card": id_text(card_hash(moved)), "serial": 2})
    new = fresh(moved, "three")
    second = announce(world.a, new)

    assert [world.verdict(each) for each in (first, second)] == ["valid", "valid"]
    assert [in_force(world, first.index + 1), in_force(world, second.index + 1)] == [OLD, new]


def test_a_card_follows_the_newest() -> None:
    world = World()
    two = fresh(OLD, "two")
    wrong = announce(world.a, replace(two, prev=bytes(32)))
    right = announce(world.a, two)
    again = announce(world.a, replace(two, url="http://x"))
    beside = announce(world.a, replace(fresh(two, "three"), prev=card_hash(OLD)))
    three = announce(world.a, fresh(two, "three"))

    verdicts = [world.verdict(each).removeprefix("void:") for each in (wrong, right, again, beside, three)]
    assert verdicts == ["wrong-state", "valid", "wrong-state", "wrong-state", "valid"]


@pytest.mark.parametrize(
    "d",
    [
        {"text": ""},
        {"text": OLD.text().decode()},
        {"text": fresh(OLD, "two").text().decode() + " "},
        {"text": fresh(OLD, "other").text().decode()},
        {"text": "x" * (MAX_CARD_TEXT + 1)},
        {"serial": 3},
        {"card": id_text(bytes(32))},
    ],
)
def test_a_text_that_is_not_that_of_the_card_is_void(d: dict[str, JsonSource]) -> None:
    world = World()

    two = fresh(OLD, "two")
    said = {"card": id_text(card_hash(two)), "serial": 2, "text": two.text().decode(), **d}
    wording = Wording(kind="link.carded", log=SIDES.one.origin, roots=(1, 2))
    assert world.verdict(world.a.words(wording, said)) == "void:schema"


def test_the_card_of_another_node_is_void() -> None:
    world = World()

    assert world.verdict(announce(world.a, replace(fresh(OLD, "two"), node=B))) == "void:schema"


@pytest.mark.parametrize(
    ("roots", "others", "verdict"),
    [
        ((1, 2), (1, 2), "valid"),
        ((1, 2), (1,), "void:threshold"),
        ((1,), (1, 2), "void:threshold"),
        ((1, 2), (), "void:threshold"),
        ((), (1, 2), "void:threshold"),
    ],
)
def test_roots_of_both_cards_sign(roots: tuple[int, ...], others: tuple[int, ...], verdict: str) -> None:
    world = World()
    new = fresh(OLD, "two", roots=3)
    more = tuple(root_line(world.a, "two", n) for n in others)

    assert world.verdict(announce(world.a, new, roots=roots, more=more)) == verdict


def test_after_that_the_new_roots_sign_and_the_old_ones_do_not() -> None:
    world = World()
    new_roots = tuple(root_line(world.a, "two", n) for n in (1, 2))
    announce(world.a, fresh(OLD, "two", roots=3), more=new_roots)
    wording = Wording(kind="officer.enrolled", log=SIDES.one.origin, more=new_roots)
    by_new = world.a.words(wording, Person(node=A, n=21).enrolment())
    said: list[str] = [world.verdict(by_new), world.verdict(enrol(world.a, Person(node=A, n=22)))]
    said += [world.verdict(suspend(world.a)), world.verdict(world.a.opens()), world.verdict(suspend(world.b))]

    assert said == ["valid", "void:threshold", "void:threshold", "void:threshold", "valid"]


def test_a_card_that_could_not_be_opened_changes_nothing() -> None:
    world = World()
    statement = announce(world.a, fresh(OLD, "two"))
    world.b.says("unopened", re=statement)
    again = announce(world.a, fresh(OLD, "three"))

    assert [world.verdict(statement), world.verdict(again)] == ["unopened", "valid"]


def test_a_node_signs_with_every_card_that_the_other_side_may_stand_at() -> None:
    world = World()
    two, three = fresh(OLD, "two"), None
    first = announce(world.a, two)
    world.a.says("received")
    three = fresh(two, "three")
    second = announce(world.a, three)
    state = world.record().shelf.link()

    def cards(since: int, until: int) -> list[int]:
        found = state.cards(A, since=since, until=until, paired=OLD)
        return [card.serial for card in found]

    size = second.index + 1
    assert cards(0, first.index) == [1]
    assert cards(first.index, first.index + 1) == [1, 2]
    assert cards(0, size) == [1, 2, 3]
    assert cards(first.index + 1, size) == [2, 3]
    assert cards(size, size) == [3]


def test_one_head_bears_the_lines_of_two_cards_and_reads_with_either() -> None:
    head = Head(origin=SIDES.one.origin, size=3, root=bytes(32))
    new = fresh(OLD, "two")
    notes = [
        note.parse(sign_head(head, _write(seed), time=1, suite=TOY))
        for seed in (seed_of(A, "write"), seed_of(A, "two write"))
    ]
    both = note.encode(Note(text=head.text(), lines=notes[0].lines + notes[1].lines))

    for card in (OLD, new):
        ed25519, ml_dsa = write_keys(card, head.origin)
        assert read_head(both, ed25519=ed25519, ml_dsa=ml_dsa, suite=TOY).head == head
    ed25519, ml_dsa = write_keys(new, head.origin)
    with pytest.raises(BreachError):
        read_head(note.encode(notes[0]), ed25519=ed25519, ml_dsa=ml_dsa, suite=TOY)


def _write(seed: bytes) -> WriteKeys:
    ed25519, ml_dsa = (
        note.new_sign_key(SIDES.one.origin, algorithm, seed, suite=TOY)
        for algorithm in (Algorithm.ED25519, Algorithm.ML_DSA)
    )
    return WriteKeys(ed25519=ed25519, ml_dsa=ml_dsa)


# ---- promised keys


def promising(promised: Card, *, threshold: int = 2) -> Card:
    return replace(OLD, next_keys=keys_hash(promised), threshold=threshold)


KEPT = fresh(OLD, "promised")
ROOTS = [seed_of(A, f"root {n}") for n in (1, 2, 3)]


def test_the_promise_is_of_the_six_key_lines_alone() -> None:
    other = replace(KEPT, url="http://x", serial=9, threshold=1, next_keys=bytes(32), roots=OLD.roots[:1])

    assert keys_hash(other) == keys_hash(KEPT)
    for name in (
        "write_ed25519",
        "write_ml_dsa",
        "receipt_ed25519",
        "receipt_ml_dsa",
        "seal_x_wing",
        "link_ed25519",
    ):
        value: bytes = getattr(KEPT, name)
        assert keys_hash(replace(KEPT, **{name: value[::-1]})) != keys_hash(KEPT)  # type: ignore[arg-type] # any


def test_a_promise_is_written_and_read_again() -> None:
    card = promising(KEPT)

    assert parse_text(card.text()) == card
    assert b"\nnext " in card.text()


def test_a_card_that_promises_has_at_most_eight_roots() -> None:
    roots = tuple(TOY.ed25519_public(bytes([n]) * 32) for n in range(1, 10))

    check(replace(OLD, next_keys=bytes(32), roots=roots[:8]))
    check(replace(OLD, roots=roots))
    with pytest.raises(BreachError, match=r"^§3[.]2"):
        check(replace(OLD, next_keys=bytes(32), roots=roots))


def follows(old: Card, new: Card, roots: int) -> bool:
    signed = parse(sign_card(new, ROOTS[:roots], suite=TOY, previous=old))
    try:
        check_next(old, signed, suite=TOY)
    except BreachError:
        return False
    return True


def test_a_promise_is_kept_by_a_threshold_and_broken_by_all_roots_only() -> None:
    old = promising(KEPT)

    def after(card: Card) -> Card:
        return replace(card, serial=2, prev=card_hash(old))

    kept, broken = after(KEPT), after(fresh(OLD, "stolen"))
    waiting = after(old)
    dropped, changed = replace(waiting, next_keys=None), replace(waiting, next_keys=bytes(32))

    assert [follows(old, card, 2) for card in (kept, broken, waiting, dropped, changed)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert all(follows(old, card, 3) for card in (kept, broken, waiting, dropped, changed))
    assert not any(follows(old, card, 1) for card in (kept, broken, waiting))


def test_the_fold_asks_for_all_roots_where_a_promise_is_broken() -> None:
    world = World()
    two = replace(fresh(OLD, "two"), next_keys=keys_hash(fresh(OLD, "promised")))
    announce(world.a, two)
    broken = announce(world.a, fresh(two, "stolen"))
    kept = announce(world.a, fresh(two, "promised"))

    assert [world.verdict(each) for each in (broken, kept)] == ["void:threshold", "valid"]
    other = World()
    announce(other.a, two)
    assert other.verdict(announce(other.a, fresh(two, "stolen"), roots=(1, 2, 3))) == "valid"


# ---- revoked keys


REVOKED = Revocation(origin=SIDES.one.origin, size=5, card=card_hash(OLD))


def roots_of(use: str = "root", *, node: str = A, persons: tuple[int, ...] = (1, 2)) -> list[note.SignKey]:
    return [
        note.new_sign_key(f"{node}/root/{n}", Algorithm.ED25519, seed_of(node, f"{use} {n}"), suite=TOY)
        for n in persons
    ]


def test_a_revocation_is_read_by_who_countersigned_no_more() -> None:
    raw = sign_revocation(REVOKED, roots_of(), TOY)

    for countersigned in (0, 4, 5):
        assert read_revocation(raw, OLD, countersigned=countersigned, suite=TOY) == REVOKED
    with pytest.raises(BreachError, match=r"^§7[.]2"):
        read_revocation(raw, OLD, countersigned=6, suite=TOY)


def test_a_revocation_is_signed_by_the_roots_of_the_newest_card() -> None:
    new = fresh(OLD, "two", roots=3)
    by_new = sign_revocation(REVOKED, roots_of("two root"), TOY)

    assert read_revocation(by_new, new, countersigned=0, suite=TOY) == REVOKED
    for raw, card in (
        (by_new, OLD),
        (sign_revocation(REVOKED, roots_of(), TOY), new),
        (sign_revocation(REVOKED, roots_of(persons=(1,)), TOY), OLD),
        (sign_revocation(REVOKED, roots_of(), TOY), SIDES.two.card),
        (sign_revocation(REVOKED, roots_of(node=B), TOY), SIDES.two.card),
    ):
        with pytest.raises(BreachError, match=r"^§7[.]2"):
            read_revocation(raw, card, countersigned=0, suite=TOY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parley-revoke/v1", "parley-revoke/v2"),
        ("\n5\n", "\n05\n"),
        ("\n5\n", "\n-5\n"),
        ("a.example/live", "a.example//live"),
        ("=\n", "\n"),
    ],
)
def test_a_revocation_that_is_not_in_its_form_is_refused(old: str, new: str) -> None:
    text = REVOKED.text().decode().replace(old, new, 1).encode()
    lines = tuple(note.sign(text, key, TOY) for key in roots_of())

    with pytest.raises(BreachError):
        read_revocation(note.encode(Note(text=text, lines=lines)), OLD, countersigned=0, suite=TOY)


def test_heads_of_revoked_keys_are_worthless_beyond_the_size_in_that_log() -> None:
    origin, mine, other = REVOKED.origin, card_hash(OLD), card_hash(fresh(OLD, "two"))

    assert not is_worthless(origin, 5, by=mine, revoked=[REVOKED])
    assert is_worthless(origin, 6, by=mine, revoked=[REVOKED])
    assert not is_worthless(origin, 6, by=other, revoked=[REVOKED])
    assert not is_worthless(origin.replace("/main/", "/hot/"), 6, by=mine, revoked=[REVOKED])


# ---- a new ceremony, and seal keys


ENDED: dict[str, JsonSource] = {
    "origin": SIDES.one.origin.replace("5e0c", "0000"),
    "size": 9,
    "root": "A" * 43,
}


def test_an_opening_may_say_where_earlier_logs_ended_and_both_must_say_the_same() -> None:
    world = World(is_open=False)
    world.a.opens(after=[ENDED])
    world.b.opens()
    before = world.a.sends()
    world.b.opens(after=[ENDED])
    after = world.a.sends()

    assert [world.verdict(each) for each in (before, after)] == ["void:not-active", "valid"]


@pytest.mark.parametrize(
    "after",
    [
        [],
        [ENDED, ENDED],
        [{**ENDED, "size": 0}],
        [{**ENDED, "root": "A" * 42 + "B"}],
        [{**ENDED, "origin": "c.example/live/a-c/main/00000000"}],
        [{**ENDED, "origin": "a.example"}],
        [{**ENDED, "why": "x"}],
        {},
    ],
)
def test_an_opening_after_no_log_of_the_two_is_void(after: JsonSource) -> None:
    world = World(is_open=False)

    assert world.verdict(world.a.opens(after=after)) == "void:schema"


def test_the_newest_seal_key_of_each_side_is_known_by_its_hash() -> None:
    world = World()
    none = world.record().shelf.link().seal_key(A, len(world.a.log))
    said = [world.a.words(Wording(kind="link.sealkey"), {"key": id_text(bytes([n]) * 32)}) for n in (1, 2)]
    state = world.record().shelf.link()

    assert [world.verdict(each) for each in said] == ["valid", "valid"]
    assert none is None
    assert [state.seal_key(A, each.index + 1) for each in said] == [bytes([n]) * 32 for n in (1, 2)]
    assert state.seal_key(B, 9) is None


@pytest.mark.parametrize("d", [{}, {"key": "A" * 42}, {"key": "A" * 42 + "B"}, {"key": "A" * 43, "n": 1}])
def test_a_seal_key_that_is_not_in_its_form_is_void(d: dict[str, JsonSource]) -> None:
    world = World()

    assert world.verdict(world.a.words(Wording(kind="link.sealkey"), d)) == "void:schema"
