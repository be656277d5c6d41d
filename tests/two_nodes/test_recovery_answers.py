"""Every answer belongs to one question, and nothing that was signed gives way to what anybody says."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.epochs import Lost
from parley.ledger.regaining import OtherDigitsError
from parley.ledger.slot import Slot
from parley.protocol import tree
from parley.protocol.parcel import Piece
from parley.protocol.recovery import Ending, Purpose
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.test_recovery import both_say, is_recovering, origins
from tests.two_nodes.test_recovery_hostile import digits_of, size, statements


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


def slot(pair: Pair, node: str) -> Slot:
    return pair.ledgers[node]._slot(LINK)  # noqa: SLF001 - a test may look behind a door


def lost(pair: Pair, node: str) -> Lost:
    found = slot(pair, node).lost
    assert found is not None
    return found


def behind(pair: Pair, copies: Copies) -> None:
    """Put A back to before something that B never heard of."""
    old = copies.keep(A)
    pair.sends(node=A, title="never left the house")
    copies.restore(A, old)


def says(pair: Pair, node: str, ending: Ending, purpose: Purpose) -> bytes:
    """Return a note of the other node's line that the signer of `node` would sign."""
    return pair.ledgers[node]._desk.attest(ending.text(purpose))  # noqa: SLF001 - the hand of a thief


# ---- Questions and answers


def test_the_answer_to_an_older_question_lets_no_log_end(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    old = pair.post(A, B, prompt=True)
    assert old is not None
    pair.restart(A)

    pair.ledgers[A].take_answer(LINK, old.parcel)

    assert lost(pair, A).seal is None
    pair.settle()
    assert pair.is_settled()


def test_a_have_is_no_answer(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    forger = Forger(pair, B, A)

    forger.send(haves={forger.peer_origin: 0})

    assert lost(pair, A).seal is None


def test_what_the_partner_holds_is_signed_by_it(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    forger = Forger(pair, B, A)
    nothing = Ending(origin=forger.peer_origin, size=0, root=tree.EMPTY_ROOT, epoch=lost(pair, A).next).text(
        Purpose.HELD
    )
    ours = says(
        pair, A, Ending(origin=forger.origin, size=0, root=tree.EMPTY_ROOT, epoch="00000001"), Purpose.HELD
    )

    forger.send(receipts=[nothing + ours[ours.index(b"\n\n") + 1 :]])

    assert lost(pair, A).seal is None
    assert pair.alarms(A) == {"bad_recovery": 1}


def test_an_acceptance_of_another_end_is_not_used(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    pair.carry(A, B, prompt=True)
    seal = lost(pair, A)
    forger = Forger(pair, B, A)
    less = Ending(origin=forger.peer_origin, size=0, root=tree.EMPTY_ROOT, epoch=seal.next)

    forger.send(receipts=[says(pair, B, less, Purpose.ACCEPT)])

    assert lost(pair, A) == seal


# ---- What was agreed and is not used


def test_an_end_that_was_asked_for_before_the_record_came_back_is_declined(
    pair: Pair, copies: Copies
) -> None:
    older = copies.keep(A)
    said = pair.sends(node=A)
    newer = copies.keep(A)
    copies.restore(A, older)
    pair.carry(A, B, prompt=True)
    pair.post(A, B)
    assert len(slot(pair, B).theirs.epochs) == 2

    copies.restore(A, newer)
    assert not is_recovering(pair, A)
    pair.settle()

    assert len(origins(pair, A)) == len(slot(pair, B).theirs.epochs) == 1
    assert said.statement in statements(pair, B)
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_an_end_that_was_made_up_stops_nobody(pair: Pair) -> None:
    both_say(pair)
    forger = Forger(pair, B, A)
    line, held = origins(pair, A), size(pair, A)
    made_up = Ending(origin=line[0], size=0, root=tree.EMPTY_ROOT, epoch="00000001")

    forger.send(receipts=[says(pair, B, made_up, Purpose.ACCEPT)])

    pair.sends(node=A)
    assert (origins(pair, A), size(pair, A)) == (line, held + 1)
    assert not is_recovering(pair, A)


def test_what_is_held_is_not_dropped_because_it_is_declined(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    pair.settle()
    pair.sends(node=A)
    pair.settle()
    before, line = statements(pair, B), slot(pair, B).theirs
    ended = Ending(
        origin=line.epochs[0].origin,
        size=line.current.base,
        root=slot(pair, B).shelf.root(A, line.current.base),
        epoch=line.current.origin[-8:],
    )
    forger = Forger(pair, A, B)

    parcel = replace(forger.parcel(), recover=says(pair, A, ended, Purpose.DECLINE))
    pair.bring(A, B, forger.seal(parcel))

    assert (statements(pair, B), slot(pair, B).theirs) == (before, line)


def test_h13_a_late_note_gives_way_to_what_the_writer_shows(pair: Pair, copies: Copies) -> None:
    behind(pair, copies)
    pair.carry(A, B, prompt=True)
    late = pair.ledgers[A].compose(LINK)
    assert late is not None
    pair.restart(A)
    pair.carry(A, B, prompt=True)
    pair.carry(A, B, prompt=True)
    assert len(origins(pair, A)) == 2

    pair.bring(A, B, late)
    assert slot(pair, B).theirs.current.origin != origins(pair, A)[-1]
    pair.settle()

    assert slot(pair, B).theirs.current.origin == origins(pair, A)[-1]
    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}


# ---- Where the line went


def test_a_head_of_ours_in_a_log_that_we_do_not_know_proves_a_loss(pair: Pair, copies: Copies) -> None:
    first = copies.keep(A)
    behind(pair, copies)
    pair.settle()
    pair.sends(node=A)
    pair.settle()
    line, before = origins(pair, A), statements(pair, A)

    copies.restore(A, first, anchor="old", asks_first=True)
    for _ in range(4):
        pair.carry(A, B, prompt=True)

    assert line[1].encode() in (lost(pair, A).proof or b"")
    pair.ledgers[A].regaining.confirm(LINK, digits_of(lost(pair, A).proof))
    pair.settle()
    assert before <= statements(pair, A) == statements(pair, B)
    assert origins(pair, A)[:2] == line
    assert "bad_head" not in pair.alarms(A)


def test_nothing_signed_gives_way_to_what_the_partner_kept_back(pair: Pair, copies: Copies) -> None:
    theirs, old = copies.keep(B), copies.keep(A)
    pair.sends(node=A)
    pair.settle()
    hidden, end = pair.standing(A).head_note, size(pair, A)
    copies.restore(B, theirs)
    copies.restore(A, old)
    pair.settle()
    pair.sends(node=A, title="in the next log")
    pair.settle()
    line, before = origins(pair, A), statements(pair, A)
    assert len(line) == 2
    assert hidden is not None

    Forger(pair, B, A).send(Piece(note=hidden, start=end))

    pair.sends(node=A)
    assert (origins(pair, A), before < statements(pair, A)) == (line, True)
    assert pair.alarms(A)["key_used_elsewhere"] == 1
    with pytest.raises(OtherDigitsError):
        pair.ledgers[A].regaining.confirm(LINK, "12345 " * 12)
    pair.ledgers[A].regaining.confirm(LINK, digits_of(hidden))
    assert is_recovering(pair, A)


# ---- What is said again


def test_what_was_written_and_covered_by_no_head_is_said_again_by_itself(pair: Pair, copies: Copies) -> None:
    draft = pair.draft("inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "said once"}})
    (first,) = pair.ledgers[A].append([draft])
    copy = copies.keep(A)
    pair.sends(node=A, title="only on the lost disk")
    forget_newest_head(copy / "record.db")

    copies.restore(A, copy)
    pair.settle()

    (again,) = pair.ledgers[A].append([draft])
    assert again != first
    assert len(origins(pair, A)) == 2
    with pair.reader(B) as reader:
        assert reader.body(LINK, getattr(again, "statement", b"")) == draft.body
    assert [row.kind for row in pair.rows(A) if row.writer == A] == [
        "link.opened",
        "link.continued",
        "inquiry.sent",
    ]
    assert pair.is_settled()


def test_what_was_said_in_a_log_that_was_begun_alone_and_gave_way_is_said_again(
    pair: Pair, copies: Copies
) -> None:
    old = copies.keep(A)
    pair.sends(node=A)
    pair.settle()
    copies.restore(A, old)
    pair.clocks[A].time += 24 * 3600
    pair.ledgers[A].regaining.end_alone(LINK)
    first = pair.sends(node=A, title="said alone")

    pair.settle()

    assert first.statement not in statements(pair, A)
    with pair.reader(B) as reader:
        titles = [(reader.body(LINK, row.statement) or {}).get("title") for row in pair.rows(B)]
    assert titles.count({"lang": "en", "text": "said alone"}) == 1
    assert pair.is_settled()


def forget_newest_head(record: Path) -> None:
    """Lose what a commit without a flush may lose: the note of the newest head of our own."""
    db = sqlite3.connect(record)
    db.execute(
        "DELETE FROM head_note WHERE log = (SELECT id FROM log WHERE node = ?1) AND size ="
        " (SELECT MAX(size) FROM head_note JOIN log ON log.id = log WHERE node = ?1)",
        (A,),
    )
    db.commit()
    db.close()


def test_what_was_not_opened_while_nothing_could_be_said_is_said_and_counts(
    pair: Pair, copies: Copies
) -> None:
    forger = Forger(pair, B, A)
    behind(pair, copies)
    forger.write(act_of("inquiry.sent", INQUIRY))
    piece = forger.piece()
    forger.send(replace(piece, keys=tuple((digest, bytes(32)) for digest, _ in piece.keys)))
    assert is_recovering(pair, A)

    for _ in range(6):
        pair.carry(A, B, prompt=True)

    said = [row for row in pair.rows(A) if row.writer == A and row.kind == "unopened"]
    assert [row.verdict.text for row in said] == ["valid"]


# ---- H15: the first word


def test_h15_an_answer_to_an_earlier_start_is_not_the_partners_first_word(pair: Pair) -> None:
    old = pair.post(A, B, prompt=True)
    assert old is not None
    pair.ledgers[A].stop()
    pair.start(A, asks_first=True)

    pair.ledgers[A].take_answer(LINK, old.parcel)
    assert slot(pair, A).is_awaiting
    pair.carry(A, B, prompt=True)

    assert not slot(pair, A).is_awaiting


def test_h15_a_parcel_that_answers_is_the_first_word_too(pair: Pair) -> None:
    pair.ledgers[A].stop()
    pair.start(A, asks_first=True)
    pair.post(A, B, prompt=True)

    pair.post(B, A, prompt=True)

    assert not slot(pair, A).is_awaiting
