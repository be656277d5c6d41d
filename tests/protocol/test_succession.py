"""Which card's keys hold where on a line, and what entries say of it that are not folded yet. Spec §7.2.7."""

from dataclasses import replace

import pytest

from parley.protocol.card import Card
from parley.protocol.form import read_statement
from parley.protocol.succession import Succession, brought, succession
from tests.protocol.rotation import Signer, announce, fresh, root_line
from tests.protocol.toy import TOY
from tests.protocol.world import SIDES, A, Statement, World

OLD = SIDES.one.card
ONE = Succession(cards=(OLD,))
TWO = fresh(OLD, "two")


def known_after(said: Statement, *, origin: str = SIDES.one.origin) -> tuple[Card, ...]:
    opened = read_statement(said.raw).opened(said.act)
    return brought(ONE, [(said.index, opened)], origin=origin, suite=TOY).cards


def test_each_card_holds_for_heads_that_cover_its_entry() -> None:
    known = ONE.then(TWO, above=4).then(fresh(TWO, "three"), above=7)

    assert [known.at(size).serial for size in (0, 1, 4, 5, 7, 8, 99)] == [1, 1, 1, 2, 2, 3, 3]


def test_a_card_that_holds_from_earlier_on_takes_the_place_of_those_between() -> None:
    known = ONE.then(TWO, above=9).then(fresh(TWO, "three"), above=4)

    assert [known.at(size).serial for size in (4, 5, 9, 10)] == [1, 3, 3, 3]


def test_the_fold_and_the_entries_alone_say_the_same_of_an_honest_writer() -> None:
    world = World()
    said = announce(world.a, TWO)
    state = world.record().shelf.link()

    assert known_after(said) == (OLD, TWO)
    assert succession(state, SIDES.one, size=99) == ONE.then(TWO, above=said.index)
    assert succession(state, SIDES.one, size=said.index) == ONE


@pytest.mark.parametrize(
    ("card", "roots", "others"),
    [
        (TWO, (1,), 0),
        (TWO, (), 0),
        (fresh(OLD, "two", roots=3), (1, 2), 1),
        (fresh(OLD, "two", roots=3), (), 3),
        (OLD, (1, 2), 0),
    ],
)
def test_a_card_that_too_few_signed_or_that_is_known_is_not_brought(
    card: Card, roots: tuple[int, ...], others: int
) -> None:
    world = World()
    more: tuple[Signer, ...] = tuple(root_line(world.a, "two", n) for n in range(1, others + 1))

    assert known_after(announce(world.a, card, roots=roots, more=more)) == (OLD,)


def test_a_card_of_another_log_or_node_is_not_brought() -> None:
    world = World()
    said = announce(world.a, TWO)

    assert known_after(said, origin=f"{A}/demo/a-b/hot/5e0c9a71") == (OLD,)
    assert known_after(announce(world.a, replace(fresh(OLD, "two"), node="c.example"))) == (OLD,)
