"""How a link comes to hold, and what may be said before. Spec §7.1, §7.2, rules E15, H21."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from msgspec import structs

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.card import card_hash
from parley.protocol.entry import Entry, PartRef, encode_signed, encode_text, parse
from parley.protocol.form import signers
from parley.protocol.links import Opened, read_said
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.officetime import default_calendar
from parley.protocol.record import Side, Sides, merge
from parley.protocol.strictjson import JsonSource, read
from parley.protocol.suite import Standard
from tests.protocol.toy import TOY
from tests.protocol.world import (
    ALL,
    SIDES,
    A,
    B,
    Pen,
    Statement,
    Wording,
    World,
    seed_of,
    usual_terms,
)

OTHER_TERMS = usual_terms(a=default_calendar(offset_minutes=480))


def with_serial(side: Side, serial: int) -> Side:
    """Return a side which had rotated its keys before the two met."""
    card = replace(side.card, serial=serial, prev=bytes(32))
    return replace(side, card=card, card_hash=card_hash(card))


def carded(pen: Pen, serial: int, *, roots: tuple[int, ...] = (1, 2)) -> Statement:
    """Write that the side has a next card."""
    wording = Wording(kind="link.carded", log=pen.side.origin, roots=roots)
    return pen.words(wording, {"card": id_text(bytes(32)), "serial": serial})


def test_a_link_is_open_when_both_have_said_so() -> None:
    world = World(is_open=False)
    early = world.a.sends()
    world.a.opens()
    alone = world.a.sends()
    world.b.opens()
    blind = world.a.sends(seen=None)
    seeing = world.a.sends()

    assert [world.verdict(each) for each in (early, alone, blind)] == ["void:not-active"] * 3
    assert world.verdict(seeing) == "valid"


def test_the_side_that_opens_second_may_speak_at_once() -> None:
    world = World(is_open=False)
    world.a.opens()
    world.b.opens()

    assert world.verdict(world.b.sends()) == "valid"


def test_openings_may_cross() -> None:
    world = World(is_open=False)
    openings = [world.a.opens(seen=None), world.b.opens(seen=None)]
    inquiry = world.a.sends()

    assert [world.verdict(each) for each in (*openings, inquiry)] == ["valid"] * 3


@pytest.mark.parametrize("kind", ["received", "inquiry.sent", "link.carded", "guideline.proposed"])
def test_nothing_else_may_be_said_before(kind: str) -> None:
    world = World(is_open=False)
    world.a.opens()

    assert world.verdict(world.a.says(kind)) == "void:not-active"


def test_openings_that_disagree_open_nothing() -> None:
    world = World(is_open=False)
    first = world.a.opens()
    second = world.b.opens(terms=OTHER_TERMS)

    assert [world.verdict(first), world.verdict(second)] == ["valid", "valid"]
    assert world.verdict(world.a.sends()) == "void:not-active"


def test_a_mistake_in_an_opening_is_mended_by_the_next() -> None:
    world = World(is_open=False)
    world.a.opens(terms=OTHER_TERMS)
    world.b.opens()
    void = world.b.sends()
    world.a.opens()
    valid = world.b.sends()

    assert [world.verdict(void), world.verdict(valid)] == ["void:not-active", "valid"]


def test_new_terms_hold_when_both_have_signed_them() -> None:
    world = World()
    world.a.opens(terms=OTHER_TERMS)
    between = world.b.sends()
    world.b.opens(terms=OTHER_TERMS)
    after = world.b.sends()

    assert [world.verdict(between), world.verdict(after)] == ["void:not-active", "valid"]


def test_a_side_that_opens_anew_alone_stops_the_link_for_those_who_saw_it() -> None:
    world = World()
    inquiry = world.a.sends()
    cut = len(world.a.log)
    world.a.opens(terms=OTHER_TERMS)

    blind = world.b.says("acknowledged", re=inquiry, seen=cut)
    seeing = world.b.says("admitted", re=inquiry)

    assert [world.verdict(blind), world.verdict(seeing)] == ["valid", "void:not-active"]


@pytest.mark.parametrize(
    ("roots", "verdict"),
    [
        ((), "void:threshold"),
        ((1,), "void:threshold"),
        ((1, 2), "valid"),
        ((2, 3), "valid"),
        ((1, 2, 3), "valid"),
        ((1, 1), "void:threshold"),
        ((1, 2, 2), "void:threshold"),
        ((1, 4), "void:threshold"),
        ((1, 2, 4), "valid"),
    ],
)
def test_an_opening_is_signed_by_as_many_persons_as_the_card_asks(
    roots: tuple[int, ...], verdict: str
) -> None:
    world = World(is_open=False)

    assert world.verdict(world.a.opens(roots=roots)) == verdict


def test_one_false_line_of_a_root_makes_an_opening_void() -> None:
    world = World(is_open=False)
    good = world.a.opens(roots=(1, 2, 3))
    *rest, last = good.raw.splitlines(keepends=True)
    place = len(last) - 20
    damaged = last[:place] + (b"A" if last[place : place + 1] != b"A" else b"B") + last[place + 1 :]

    other = World(is_open=False)
    forged = other.a.puts(b"".join([*rest, damaged]), good.act)

    assert [world.verdict(good), other.verdict(forged)] == ["valid", "void:threshold"]


def test_an_opening_names_the_card_of_its_writer() -> None:
    world = World(is_open=False)
    cards = [id_text(bytes(32)), id_text(SIDES.two.card_hash)]

    assert world.verdict(world.a.opens(cards=cards)) == "void:threshold"


def test_an_opening_that_names_a_wrong_card_of_the_other_side_never_agrees() -> None:
    world = World(is_open=False)
    opening = world.a.opens(cards=[id_text(SIDES.one.card_hash), id_text(bytes(32))])
    world.b.opens()

    assert world.verdict(opening) == "valid"
    assert world.verdict(world.b.sends()) == "void:not-active"


def test_an_opening_names_the_log_in_which_it_stands() -> None:
    world = World(is_open=False)
    said: Mapping[str, JsonSource] = {
        "channel": "live/a-b/main",
        "origins": [SIDES.one.origin, SIDES.two.origin],
        "cards": [id_text(SIDES.one.card_hash), id_text(SIDES.two.card_hash)],
        "protocol": "parley/v1",
        "terms": world.terms,
    }
    nameless = world.a.words(Wording(kind="link.opened"), said)
    foreign = world.a.words(Wording(kind="link.opened", log=SIDES.two.origin, roots=(1, 2)), said)

    assert [world.verdict(nameless), world.verdict(foreign)] == ["void:wrong-log"] * 2


def origins(one: str, two: str) -> list[JsonSource]:
    return [one, two]


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": "parley/v2"},
        {"channel": "demo/a-b/main"},
        {"channel": "live/a-b"},
        {"origins": [SIDES.one.origin]},
        {"origins": origins(SIDES.two.origin, SIDES.one.origin)},
        {"origins": origins(SIDES.one.origin, SIDES.two.origin.replace("/main/", "/hot/"))},
        {"origins": origins(SIDES.one.origin, SIDES.two.origin.replace("b.", "c."))},
        {"origins": origins(SIDES.one.origin.replace("5e0c", "5e0d"), SIDES.two.origin)},
        {"cards": [id_text(SIDES.one.card_hash)]},
        {"cards": [id_text(SIDES.one.card_hash), "A" * 42 + "B"]},
        {"terms": "{}"},
        {"terms": usual_terms().replace('"live"', '"demo"')},
        {"terms": usual_terms() + " "},
        {"hurry": True},
    ],
)
def test_an_opening_of_another_link_is_void(change: Mapping[str, JsonSource]) -> None:
    world = World(is_open=False)

    assert world.verdict(world.a.opens(seen=ALL, roots=(1, 2), **change)) == "void:schema"


def test_an_opening_says_whose_log_and_card_are_whose() -> None:
    world = World()
    value = read(world.a.log[0].act)
    opened = read_said("link.opened", dict(value["d"]) if isinstance(value["d"], dict) else {})

    assert isinstance(opened, Opened)
    assert opened.nodes == (A, B)
    assert opened.origin_of(B) == SIDES.two.origin
    assert opened.card_of(A) == SIDES.one.card_hash


# ---- the next card


def test_cards_come_one_serial_at_a_time() -> None:
    world = World()
    statements = [carded(world.a, serial) for serial in (3, 2, 2, 4, 3)]

    expected = ["void:wrong-state", "valid", "void:wrong-state", "void:wrong-state", "valid"]
    assert [world.verdict(each) for each in statements] == expected


def test_each_side_has_its_own_serials() -> None:
    world = World()
    statements = [carded(world.a, 2), carded(world.b, 2), carded(world.a, 3)]

    assert [world.verdict(each) for each in statements] == ["valid"] * 3


def test_the_serial_goes_on_from_the_card_of_the_pairing() -> None:
    sides = Sides(one=with_serial(SIDES.one, 5), two=SIDES.two)
    world = World(is_open=False)
    cards = [id_text(sides.one.card_hash), id_text(sides.two.card_hash)]
    world.a.opens(cards=cards)
    world.b.opens(cards=cards)
    second, sixth = carded(world.a, 2), carded(world.a, 6)

    shelf = merge(world.logs(), sides, TOY).shelf

    rows = [shelf.row(each.id) for each in (second, sixth)]
    assert [row.verdict.text for row in rows if row] == ["void:wrong-state", "valid"]


def test_a_card_is_announced_by_as_many_persons_as_an_opening() -> None:
    world = World()

    assert world.verdict(carded(world.a, 2, roots=(1,))) == "void:threshold"


@pytest.mark.parametrize(
    "d",
    [
        {"card": "A" * 43, "serial": 1},
        {"card": "A" * 42 + "B", "serial": 2},
        {"card": "A" * 43},
        {"card": "A" * 43, "serial": 2, "why": 1},
    ],
)
def test_a_card_that_is_not_in_its_form_is_void(d: Mapping[str, JsonSource]) -> None:
    world = World()
    wording = Wording(kind="link.carded", log=SIDES.one.origin, roots=(1, 2))

    assert world.verdict(world.a.words(wording, d)) == "void:schema"


# ---- real keys


def test_real_signatures_open_a_link() -> None:
    suite = Standard()
    roots = [suite.ed25519_public(seed_of(A, f"root {n}")) for n in (1, 2, 3)]
    card = replace(SIDES.one.card, roots=tuple(roots))
    entry = Entry(time=1, log=SIDES.one.origin, act=PartRef(hash=bytes(32), size=1))
    text = encode_text(entry)
    lines = tuple(
        note.sign(
            text,
            new_sign_key(f"{A}/root/{n}", Algorithm.ED25519, seed_of(A, f"root {n}"), suite=suite),
            suite,
        )
        for n in (1, 3)
    )
    forged = structs.replace(lines[1], payload=lines[0].payload)

    def count(*signed: note.Line) -> int:
        raw = encode_signed(text, signed)
        return signers(parse(raw), card, suite)

    assert [count(lines[0]), count(*lines), count(lines[0], forged)] == [1, 2, 0]
