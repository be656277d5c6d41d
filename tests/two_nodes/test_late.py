"""What a partner signed in a log that had ended before it: kept with its proof, and without effect."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.late import MAX_LATE_BYTES
from parley.ledger.orphans import Orphan, count_orphans, orphans
from parley.protocol import head, note
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.rotating import revoke, rotate, slot
from tests.two_nodes.tables import evidence, tables
from tests.two_nodes.test_recovery import both_say, origins

ORPHANS = {"orphan", "orphan_head"}


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


def under_way(pair: Pair, *titles: str) -> bytes:
    """Have A say so much, and return the parcel with all that B lacks, which stays under way."""
    for title in titles:
        pair.sends(node=A, title=title)
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    return raw


def lost(pair: Pair, copies: Copies, *titles: str) -> bytes:
    """Have A say so much, lose it with its disk, and go on in another log; return what was under way."""
    old = copies.keep(A)
    raw = under_way(pair, *titles)
    copies.restore(A, old)
    pair.settle()
    both_say(pair, 1)
    assert len(origins(pair, A)) == 2
    return raw


def kept(pair: Pair, node: str = B) -> list[Orphan]:
    with pair.reader(node) as reader:
        return [*orphans(reader, LINK, keys=pair.keys(node), suite=pair.suite)]


def liar(pair: Pair, copies: Copies) -> Forger:
    """Return one who has the keys of A, and goes on in the log that ended after its first entry."""
    forger = Forger(pair, A, B)
    lost(pair, copies, "never arrives")
    return forger


def test_what_comes_after_the_end_of_a_log_is_kept_and_has_no_effect(pair: Pair, copies: Copies) -> None:
    late = lost(pair, copies, "one", "two")
    before, digest = evidence(pair.homes[B]), pair.digest(B)

    pair.bring(A, B, late)

    one, two = kept(pair)
    assert (one.writer, one.is_ours, one.origin, one.index, two.index) == (
        A,
        False,
        origins(pair, A)[0],
        1,
        2,
    )
    assert one.act is not None
    assert one.act.k == "inquiry.sent"
    after = evidence(pair.homes[B])
    assert {name: rows for name, rows in after.items() if name != "part"} == {
        name: rows for name, rows in before.items() if name != "part"
    }
    assert pair.digest(B) == digest == pair.digest(A)
    assert pair.alarms(B) == {}


def test_the_head_that_came_with_them_proves_them(pair: Pair, copies: Copies) -> None:
    pair.bring(A, B, lost(pair, copies, "one"))

    (found,) = kept(pair)

    assert found.head is not None
    signed = head.parse_text(note.parse(found.head).text)
    assert (signed.origin, signed.size) == (found.origin, found.index + 1)


def test_what_came_late_and_comes_again_is_kept_once(pair: Pair, copies: Copies) -> None:
    late = lost(pair, copies, "one", "two")
    pair.bring(A, B, late)
    before = tables(pair.homes[B], only=ORPHANS)

    for _ in range(2):
        pair.bring(A, B, late)
        pair.restart(B)

    assert tables(pair.homes[B], only=ORPHANS) == before


def test_what_goes_on_from_them_is_kept_too_and_what_begins_later_is_not(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    for _ in range(3):
        forger.write(act_of("inquiry.sent", INQUIRY))

    forger.send(forger.piece(start=2))
    assert kept(pair) == []
    forger.send(forger.piece(start=1, entries=forger.entries[1:2], note=forger.head(size=2)))
    forger.send(forger.piece(start=2))

    assert [each.index for each in kept(pair)] == [1, 2, 3]
    assert pair.alarms(B) == {}


def test_an_entry_that_came_late_twice_is_in_its_place_twice(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    forger.entries.append(forger.entries[-1])

    forger.tell()
    pair.restart(B)
    forger.write(act_of("inquiry.sent", INQUIRY))
    forger.tell()

    assert [each.index for each in kept(pair)] == [1, 2, 3]
    assert pair.alarms(B) == {}


def test_a_second_history_beyond_the_end_is_not_kept_and_convicts_nobody(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    forger.tell()
    (before,) = kept(pair)

    forger.held, forger.entries = 1, forger.entries[:1]
    for _ in range(2):
        forger.write(act_of("inquiry.sent", INQUIRY))
    forger.tell()

    assert kept(pair) == [before]
    assert pair.alarms(B) == {"not_extended": 1}
    assert tables(pair.homes[B], only={"fork"}) == {"fork": []}


def test_what_its_writer_did_not_sign_is_not_kept(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    forger.signer_keys = pair.signer_keys(B)

    forger.tell()

    assert kept(pair) == []
    assert pair.alarms(B) == {"bad_head": 1}


def test_what_comes_without_its_content_is_not_kept(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    forger.parts.clear()

    forger.tell()

    assert kept(pair) == []
    assert pair.alarms(B) == {"incomplete": 1}


def test_there_is_room_for_so_much_and_no_more(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    with closing(sqlite3.connect(pair.homes[B].record)) as db, db:
        db.execute(
            "INSERT INTO orphan_head SELECT id, 'elsewhere', 1, ?, x'00' FROM log WHERE node = ?",
            (MAX_LATE_BYTES - 100, A),
        )

    forger.tell()

    assert kept(pair) == []
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()


def test_a_head_that_came_late_is_read_with_the_card_of_its_own_time(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    rotate(pair)
    pair.settle()
    # Farther than the place at which the card was announced, in the log that goes on.
    for _ in range(pair.standing(A).mine.size):
        forger.write(act_of("inquiry.sent", INQUIRY))

    pair.bring(A, B, forger.seal(forger.parcel(forger.piece()), link_seed=pair.keys(A).sets[1].link))

    assert len(kept(pair)) == pair.standing(A).mine.size
    assert pair.alarms(B) == {}


def test_nothing_late_is_kept_once_keys_were_revoked(pair: Pair, copies: Copies) -> None:
    forger = liar(pair, copies)
    revoke(pair, A)
    pair.settle()
    forger.write(act_of("inquiry.sent", INQUIRY))

    pair.bring(A, B, forger.seal(forger.parcel(forger.piece()), link_seed=pair.keys(A).sets[1].link))

    assert kept(pair) == []
    assert tables(pair.homes[B], only={"fork"}) == {"fork": []}


def test_a_log_that_gave_way_to_another_is_kept_from_its_begin(pair: Pair, copies: Copies) -> None:
    old = copies.keep(A)
    pair.sends(node=A, title="on the first lost disk")
    copies.restore(A, old)
    for _ in range(2):
        pair.carry(A, B, prompt=True)
    given_up = origins(pair, A)[-1]
    late = under_way(pair, "on the second lost disk")
    copies.restore(A, old)
    pair.settle()
    both_say(pair, 1)
    assert given_up not in origins(pair, A)

    pair.bring(A, B, late)

    assert [(each.origin, each.index) for each in kept(pair)][:1] == [(given_up, 0)]
    assert pair.digest(A) == pair.digest(B)
    assert pair.alarms(B) == {}


def test_what_its_log_goes_on_with_after_all_is_no_orphan_any_more(pair: Pair, copies: Copies) -> None:
    older = copies.keep(A)
    late = under_way(pair, "one")
    newer = copies.keep(A)
    copies.restore(A, older)
    pair.carry(A, B, prompt=True)
    pair.post(A, B)
    assert len(slot(pair, B).theirs.epochs) == 2
    pair.bring(A, B, late)
    assert len(kept(pair)) == 1

    copies.restore(A, newer)
    pair.settle()

    with pair.reader(B) as reader:
        assert count_orphans(reader, LINK).theirs == 0
    assert pair.is_settled()
    assert pair.alarms(B) == {}
