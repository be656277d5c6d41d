"""A node that lost something of its own line gets it back, or lets its log end where both sides know."""

from pathlib import Path

import pytest

from parley.ledger.drafts import RefusedError
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


def origins(pair: Pair, node: str) -> list[str]:
    line = pair.ledgers[node]._slot(LINK).mine  # noqa: SLF001 - a test may look behind a door
    return [epoch.origin for epoch in line.epochs]


def is_recovering(pair: Pair, node: str) -> bool:
    return pair.ledgers[node]._slot(LINK).is_recovering  # noqa: SLF001 - likewise


def both_say(pair: Pair, times: int = 2) -> None:
    for number in range(times):
        pair.sends(node=A, title=f"a{number}")
        pair.sends(node=B, title=f"b{number}")
        pair.settle()


# ---- H11: most restores need no epoch


def test_a_restored_node_regains_its_log_and_goes_on_with_it(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    before, first = pair.digest(A), origins(pair, A)

    copies.restore(A, old)
    assert is_recovering(pair, A)
    pair.settle()

    assert not is_recovering(pair, A)
    assert pair.digest(A) == pair.digest(B) == before
    assert origins(pair, A) == first
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_nothing_is_said_while_something_is_lost(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)

    copies.restore(A, old)

    with pytest.raises(RefusedError, match="recovering"):
        pair.sends(node=A)
    assert not pair.ledgers[A].check(pair.draft("inquiry.sent", INQUIRY)).is_valid


def test_what_only_the_lost_disk_held_ends_the_log_and_another_goes_on(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    pair.sends(node=A, title="never left the house")

    copies.restore(A, old)
    pair.settle()

    assert not is_recovering(pair, A)
    assert len(origins(pair, A)) == 2
    assert pair.digest(A) == pair.digest(B)
    pair.sends(node=A)
    pair.sends(node=B)
    pair.settle()
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}
    assert {row.verdict.text for row in pair.rows(B)} == {"valid"}


def test_a_log_that_ended_is_never_signed_in_again(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    pair.sends(node=A)

    copies.restore(A, old)
    pair.settle()

    first, second = origins(pair, A)
    anchored = {name: pair.ledgers[A]._desk.anchor(name) for name in (first, second)}  # noqa: SLF001 - likewise
    assert [each and each.retired for each in anchored.values()] == [True, False]


def test_content_that_was_lost_comes_back_with_the_entries(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    ours = pair.sends(node=A, title="ours")
    pair.settle()
    theirs = pair.sends(node=B, title="theirs")
    pair.settle()

    copies.restore(A, old)
    pair.settle()

    with pair.reader(A) as reader:
        for said, title in ((ours, "ours"), (theirs, "theirs")):
            body = reader.body(LINK, said.statement)
            assert body is not None
            assert body["title"] == {"lang": "en", "text": title}


def test_both_sides_restored_hold_the_same_again(pair: Pair, copies: Copies) -> None:
    both_say(pair)
    olds = {node: copies.keep(node) for node in (A, B)}
    both_say(pair)
    pair.sends(node=A)
    pair.sends(node=B)

    for node, old in olds.items():
        copies.restore(node, old)
    pair.settle()

    assert not is_recovering(pair, A)
    assert not is_recovering(pair, B)
    pair.sends(node=A)
    pair.sends(node=B)
    pair.settle()
    assert pair.is_settled()


def test_a_partner_that_lost_the_end_it_accepted_learns_it_again(pair: Pair, copies: Copies) -> None:
    older = copies.keep(B)
    old = copies.keep(A)
    pair.sends(node=A)
    copies.restore(A, old)
    pair.settle()
    assert len(origins(pair, A)) == 2

    copies.restore(B, older)
    pair.carry(B, A, prompt=True)
    pair.settle()

    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_a_writer_that_lost_the_new_log_regains_it(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    pair.sends(node=A)
    copies.restore(A, old)
    pair.settle()
    both_say(pair)
    line = origins(pair, A)

    copies.restore(A, old)
    pair.settle()

    assert origins(pair, A) == line
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}
