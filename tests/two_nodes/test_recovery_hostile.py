"""What a partner, or whoever rolls a disk back, can do to a node that lost something, rule by rule."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.drafts import RefusedError
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.protocol import head, note
from parley.protocol.parcel import Parcel
from parley.protocol.recovery import Ending, Purpose
from parley.protocol.tree import EMPTY_ROOT
from tests.two_nodes.forger import Forger
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.tables import tables
from tests.two_nodes.test_recovery import both_say, is_recovering, origins

DAY = 24 * 3600


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


def size(pair: Pair, node: str) -> int:
    return pair.standing(node).mine.size


def statements(pair: Pair, node: str) -> set[bytes]:
    return {row.statement for row in pair.rows(node)}


def digits_of(raw: bytes | None) -> str:
    assert raw is not None
    return " ".join(head.digits(head.parse_text(note.parse(raw).text)))


def asked(pair: Pair, forger: Forger, ending: Ending, purpose: Purpose) -> None:
    """Have `forger` send a note that its node's signer would sign."""
    raw = pair.ledgers[forger.node]._desk.attest(ending.text(purpose))  # noqa: SLF001 - the thief's hand
    pair.bring(forger.node, forger.other, forger.seal(replace_asked(forger, raw)))


def replace_asked(forger: Forger, raw: bytes) -> Parcel:
    return replace(forger.parcel(), recover=raw)


# ---- H2: a larger claim counts only with a head that we signed


def test_h2_a_have_beyond_our_log_starts_no_recovery(pair: Pair) -> None:
    forger = Forger(pair, B, A)

    forger.send(haves={forger.peer_origin: 1000})

    assert not is_recovering(pair, A)
    assert pair.alarms(A) == {"invented_have": 1}
    pair.sends(node=A)


def test_h2_a_head_of_ours_that_we_do_not_hold_starts_one(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    pair.sends(node=A)
    pair.settle()
    copies.restore(A, old, anchor="old")
    assert not is_recovering(pair, A)

    pair.carry(A, B, prompt=True)

    assert is_recovering(pair, A)
    assert pair.alarms(A) == {"key_used_elsewhere": 1}


# ---- H10: rolled back by the partner


def test_h10_a_partner_that_returns_less_than_its_receipt_is_shown_in_breach(
    pair: Pair, copies: Copies
) -> None:
    old, theirs = copies.keep(A), copies.keep(B)
    pair.sends(node=A)
    pair.settle()
    pair.carry(A, B, prompt=True)
    pair.sends(node=A)
    pair.ledgers[A].stop()
    pair.start(A)

    # It says that it never had them: its disk was put back on purpose, so it asks for nothing itself.
    copies.restore(B, theirs, anchor="old")
    copies.restore(A, old)
    pair.settle()

    assert "returned_less" in pair.alarms(A)
    assert len(origins(pair, A)) == 2
    assert pair.digest(A) == pair.digest(B)


def test_h10_a_node_that_lost_what_it_receipted_says_so(pair: Pair, copies: Copies) -> None:
    olds = {node: copies.keep(node) for node in (A, B)}
    both_say(pair)

    for node, old in olds.items():
        copies.restore(node, old)
    pair.settle()

    assert "receipted_lost" in pair.alarms(A)
    assert "receipted_lost" in pair.alarms(B)


def test_h10_a_node_that_accepts_less_than_it_receipted_knows_that_it_lost_it(
    pair: Pair, copies: Copies
) -> None:
    said = pair.sends(node=A)
    pair.settle()
    olds = {node: copies.keep(node) for node in (A, B)}
    pair.say(B, "inquiry.acknowledged", {}, re=said.statement)
    pair.settle()
    for node, old in olds.items():
        copies.restore(node, old)
    assert not is_recovering(pair, A)

    pair.settle()

    assert pair.alarms(A) == {"receipted_lost": 1}
    assert pair.is_settled()


# ---- H11: beyond the anchor nothing is taken unasked


def test_h11_what_was_signed_beyond_the_anchor_waits_for_two_officers(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    before = statements(pair, B)
    copies.restore(A, old, anchor="old")
    held = tables(pair.homes[A], only={"entry"})

    for _ in range(4):
        pair.carry(A, B, prompt=True)

    entries = tables(pair.homes[A], only={"entry"})["entry"]
    assert [row for row in entries if row[0] == held["entry"][0][0]] == [
        row for row in held["entry"] if row[0] == held["entry"][0][0]
    ]
    lost = pair.ledgers[A]._slot(LINK).lost  # noqa: SLF001 - a test may look behind a door
    assert lost is not None
    pair.ledgers[A].regaining.confirm(LINK, digits_of(lost.proof))
    pair.settle()
    assert not is_recovering(pair, A)
    assert statements(pair, A) == statements(pair, B) > before
    assert len(origins(pair, A)) == 2
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()


def test_h11_with_the_anchor_lost_two_officers_confirm_the_head(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    before = statements(pair, B)
    copies.restore(A, old, anchor="lost")
    for _ in range(4):
        pair.carry(A, B, prompt=True)
    assert is_recovering(pair, A)
    lost = pair.ledgers[A]._slot(LINK).lost  # noqa: SLF001 - likewise
    assert lost is not None

    pair.ledgers[A].regaining.confirm(LINK, digits_of(lost.proof))
    pair.settle()

    assert statements(pair, A) == statements(pair, B) > before
    assert pair.alarms(A) == {}


def test_h11_with_the_anchor_alone_lost_our_own_head_is_confirmed(pair: Pair, copies: Copies) -> None:
    both_say(pair)
    copies.restore(A, copies.keep(A), anchor="lost")
    for _ in range(3):
        pair.carry(A, B, prompt=True)
    assert is_recovering(pair, A)

    pair.ledgers[A].regaining.confirm(LINK, digits_of(pair.standing(A).head_note))
    pair.settle()

    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()


def test_h11_other_digits_confirm_nothing(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    with pytest.raises(NotLostError):
        pair.ledgers[A].regaining.confirm(LINK, "12345 " * 12)
    copies.restore(A, old, anchor="lost")
    pair.carry(A, B, prompt=True)

    with pytest.raises(OtherDigitsError):
        pair.ledgers[A].regaining.confirm(LINK, "12345 " * 12)

    assert is_recovering(pair, A)


# ---- H12: the partner does not answer


def test_h12_after_a_day_officers_let_the_log_end_alone_and_the_partner_must_take_it(
    pair: Pair, copies: Copies
) -> None:
    old = copies.keep(A)
    pair.sends(node=A)
    copies.restore(A, old)
    with pytest.raises(TooEarlyError):
        pair.ledgers[A].regaining.end_alone(LINK)
    pair.clocks[A].time += DAY

    pair.ledgers[A].regaining.end_alone(LINK)

    pair.sends(node=A)
    assert [row.kind for row in pair.rows(A) if row.writer == A][-2:] == ["link.continued", "inquiry.sent"]
    pair.settle()
    assert pair.is_settled()
    assert {row.verdict.text for row in pair.rows(B)} == {"valid"}
    assert (pair.alarms(A), pair.alarms(B)) == ({}, {"ahead_of_clock": 1})


def test_h12_a_partner_that_holds_more_shows_it_and_the_recovery_begins_again(
    pair: Pair, copies: Copies
) -> None:
    old = copies.keep(A)
    both_say(pair)
    copies.restore(A, old)
    pair.clocks[A].time += DAY
    pair.ledgers[A].regaining.end_alone(LINK)
    again = pair.sends(node=A, title="said alone")

    pair.settle()

    assert not is_recovering(pair, A)
    assert pair.digest(A) == pair.digest(B)
    orphans = tables(pair.homes[A], only={"orphan"})["orphan"]
    assert again.statement in {row[3] for row in orphans}
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()


# ---- H13: a name is used once


def test_h13_a_late_note_burns_no_log_that_is_in_use(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    pair.sends(node=A)
    copies.restore(A, old)
    pair.settle()
    line = origins(pair, A)
    both_say(pair)
    forger = Forger(pair, A, B)
    first = Ending(origin=line[0], size=10_000, root=bytes(32), epoch="00000001")

    asked(pair, forger, first, Purpose.SEAL)

    assert [epoch.origin for epoch in pair.ledgers[B]._slot(LINK).theirs.epochs] == line  # noqa: SLF001 - likewise
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()


def test_h13_the_partner_lets_no_log_end_below_what_it_holds(pair: Pair) -> None:
    both_say(pair)
    forger = Forger(pair, A, B)
    line = origins(pair, A)

    asked(pair, forger, Ending(origin=line[0], size=0, root=EMPTY_ROOT, epoch="00000001"), Purpose.SEAL)

    assert [epoch.origin for epoch in pair.ledgers[B]._slot(LINK).theirs.epochs] == line  # noqa: SLF001 - likewise


# ---- H15: disk and anchor rolled back together


def test_h15_nothing_is_written_after_a_start_before_the_partner_answered(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    both_say(pair)
    before = statements(pair, B)
    pair.sends(node=B, title="asked meanwhile")
    copies.restore(A, old, anchor="old", asks_first=True)
    held, signed = size(pair, A), pair.standing(A).head_size

    for _ in range(2):
        pair.carry(B, A, prompt=True)

    assert pair.standing(A).theirs == pair.standing(B).mine
    assert (size(pair, A), pair.standing(A).head_size) == (held, signed)
    for _ in range(4):
        pair.carry(A, B, prompt=True)
    lost = pair.ledgers[A]._slot(LINK).lost  # noqa: SLF001 - likewise
    assert lost is not None
    pair.ledgers[A].regaining.confirm(LINK, digits_of(lost.proof))
    pair.settle()
    assert pair.digest(A) == pair.digest(B)
    assert statements(pair, B) > before
    assert "fork" not in pair.alarms(B)
    assert [row for row in pair.rows(A) if row.writer == A][-1].kind == "received"


def test_h15_what_an_officer_says_waits_until_the_partner_answered(pair: Pair) -> None:
    pair.ledgers[A].stop()
    pair.start(A, asks_first=True)
    held = size(pair, A)

    with ThreadPoolExecutor() as pool:
        said = pool.submit(pair.sends, node=A)
        assert not wait([said], timeout=0.2).done
        assert size(pair, A) == held
        pair.carry(A, B, prompt=True)

        assert said.result(timeout=60).index == held
    assert pair.standing(A).head_size == held + 1


def test_h15_links_that_are_read_anew_still_wait(pair: Pair) -> None:
    pair.ledgers[A].stop()
    pair.start(A, asks_first=True)

    pair.ledgers[A].verify_link(LINK)

    assert pair.ledgers[A]._slot(LINK).is_awaiting  # noqa: SLF001 - likewise


def test_h15_a_node_that_nobody_answers_writes_in_the_end(pair: Pair) -> None:
    pair.ledgers[A].stop()
    pair.start(A, asks_first=True)

    pair.ledgers[A].regaining.checked(LINK)

    said = pair.sends(node=A)
    assert pair.standing(A).head_size == said.index + 1


# ---- H21: one line, and no log beside it


def test_h21_a_log_that_nobody_agreed_to_is_no_log_of_the_link(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    other = forger.origin[:-8] + "0badc0de"

    forger.send(forger.piece(note=forger.head(origin=other), entries=(), start=0))

    assert pair.alarms(A) == {"bad_head": 1}
    with pytest.raises(RefusedError):
        pair.say(A, "link.continued", {"origin": other, "size": 1, "root": "A" * 43 + "=", "accepted": True})
