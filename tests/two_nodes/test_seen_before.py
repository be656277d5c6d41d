"""After a loss people wait for what their own side had seen: what they say is judged by it (Spec §5.7.5)."""

from pathlib import Path

import pytest

from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.slot import BEHIND_SECONDS, RECOVERING, Slot
from parley.protocol.voids import Void
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair


@pytest.fixture(name="asked")
def fixture_asked(pair: Pair, tmp_path: Path) -> bytes:
    """Let B ask and withdraw, and A lose that after it had signed for it; return what B asked.

    A's own log is back, and what B withdrew is not.
    """
    copies = Copies(pair=pair, folder=tmp_path / "copies")
    asked = pair.sends(node=B)
    pair.settle()
    old = copies.keep(A)
    pair.say(B, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=asked.statement)
    pair.settle()
    copies.restore(A, old)
    for _ in range(9):
        if slot(pair).lost is not None:
            pair.carry(A, B, prompt=True)
    return asked.statement


def slot(pair: Pair) -> Slot:
    return pair.ledgers[A]._slot(LINK)  # noqa: SLF001 - a test may look behind a door


def admit(pair: Pair, asked: bytes) -> Appended | RefusedError:
    (result,) = pair.ledgers[A].append([pair.draft("inquiry.admitted", {"items": "all"}, re=asked)])
    return result


def test_what_is_said_waits_until_what_was_seen_before_is_back(pair: Pair, asked: bytes) -> None:
    assert slot(pair).is_behind

    refused = admit(pair, asked)
    assert isinstance(refused, RefusedError)
    assert refused.code == RECOVERING

    pair.settle()
    refused = admit(pair, asked)
    assert isinstance(refused, RefusedError)
    assert refused.code == "wrong-state"
    assert {row.verdict.is_valid for node in (A, B) for row in pair.rows(node)} == {True}


def test_a_partner_that_keeps_it_back_silences_nobody_for_more_than_ten_minutes(
    pair: Pair, asked: bytes
) -> None:
    assert isinstance(admit(pair, asked), RefusedError)
    pair.clocks[A].time += BEHIND_SECONDS - 1
    assert isinstance(admit(pair, asked), RefusedError)
    pair.clocks[A].time += 1

    assert isinstance(admit(pair, asked), Appended)

    pair.settle()
    (void,) = (row for row in pair.rows(B) if row.kind == "inquiry.admitted")
    assert void.verdict.reason is Void.WRONG_STATE
