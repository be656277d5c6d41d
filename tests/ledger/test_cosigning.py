"""Statements that persons sign before they are written: what is signed is what is written, once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from parley.ledger.asking import NotADraftError, read_draft, write_draft
from parley.ledger.cosigning import NotPreparedError, read_prepared, spoken, write_prepared
from parley.ledger.drafts import Draft, Prepared, RefusedError, Resting
from parley.ledger.preparing import prepare
from parley.protocol.entry import encode_text, parse
from parley.protocol.strictjson import JsonValue, read, write
from tests.two_nodes.pair import INQUIRY, LINK, SUITE, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, root_line, signed

STOP: Mapping[str, JsonValue] = {"scope": {"link": True}, "reason": "policy", "until": None}


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def suspension(pair: Pair) -> Draft:
    return prepared_draft(pair, A, "link.suspended", STOP)


def refused(pair: Pair, draft: Draft) -> str:
    with pytest.raises(RefusedError) as found:
        bring(pair, A, draft)
    return found.value.code


def test_what_two_persons_signed_is_written_as_it_is_and_holds_on_both_sides(pair: Pair) -> None:
    draft = signed(pair, A, suspension(pair))
    said = bring(pair, A, draft)
    pair.settle()

    with pair.reader(A) as reader:
        raw = reader.raw(LINK, said.statement)
    assert draft.prepared is not None
    assert raw is not None
    assert parse(raw).text == draft.prepared.text
    assert pair.is_settled()
    with pair.reader(B) as reader:
        row, body = reader.row(LINK, said.statement), reader.body(LINK, said.statement)
    assert row is not None
    assert row.verdict.text == "valid"
    assert body == draft.body


@pytest.mark.parametrize("roots", [(), (1,), (2, 2)])
def test_fewer_than_two_persons_write_nothing(pair: Pair, roots: tuple[int, ...]) -> None:
    size = pair.standing(A).mine.size
    assert refused(pair, signed(pair, A, suspension(pair), roots=roots)) in {"threshold", "wrong-log"}
    assert pair.standing(A).mine.size == size


def test_the_second_person_may_sign_hours_later_while_the_log_goes_on(pair: Pair) -> None:
    draft = suspension(pair)
    for moved in pair.clocks.values():
        moved.time += 9 * 3600
    pair.sends(node=A)
    pair.sends(node=B)
    pair.settle()

    bring(pair, A, signed(pair, A, draft))
    with pytest.raises(RefusedError, match="suspended"):
        pair.sends(node=A)
    pair.settle()

    assert pair.is_settled()
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_it_becomes_one_entry_however_often_it_is_brought(pair: Pair) -> None:
    draft = signed(pair, A, suspension(pair))

    assert bring(pair, A, draft) == bring(pair, A, draft)
    assert refused(pair, replace(draft, id="another")) == "duplicate-act"


def test_lines_for_another_text_count_for_nothing(pair: Pair) -> None:
    one, two = suspension(pair), suspension(pair)
    assert one.prepared is not None
    assert two.prepared is not None
    lines = tuple(root_line(pair, A, two.prepared, root) for root in (1, 2))

    assert (
        refused(pair, replace(one, prepared=msgspec.structs.replace(one.prepared, lines=lines)))
        == "threshold"
    )


def test_parts_that_were_not_signed_are_not_written(pair: Pair) -> None:
    one, two = signed(pair, A, suspension(pair)), suspension(pair)
    assert one.prepared is not None
    assert two.prepared is not None

    mixed = msgspec.structs.replace(one.prepared, parts=two.prepared.parts)

    assert refused(pair, replace(one, prepared=mixed)) == "wrong-log"


def test_what_was_signed_for_another_link_is_not_written(pair: Pair, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Pair(tmp_path / "other", is_open=False)
    other.open(A, B)
    theirs = signed(other, A, suspension(other))
    other.stop()
    assert theirs.prepared is not None
    text = theirs.prepared.text.replace(origin(theirs), b"a.example/demo/a-b/main/00000000")

    moved = replace(theirs, prepared=msgspec.structs.replace(theirs.prepared, text=text))

    with pytest.raises(RefusedError, match="signed for another log"):
        bring(pair, A, moved)


def origin(draft: Draft) -> bytes:
    assert draft.prepared is not None
    log = parse(draft.prepared.text).entry.log
    assert log is not None
    return log.encode()


def test_it_goes_through_the_socket_and_the_house_as_it_is(pair: Pair) -> None:
    draft = signed(pair, A, suspension(pair))
    assert draft.prepared is not None

    assert read_draft(read(write(dict(write_draft(draft))))) == draft
    assert read_prepared(read(write(dict(write_prepared(draft.prepared))))) == draft.prepared
    assert len(spoken(draft.prepared)) == 8


@pytest.mark.parametrize("key", ["text", "parts", "lines"])
def test_what_is_no_prepared_entry_is_not_read_as_one(pair: Pair, key: str) -> None:
    draft = signed(pair, A, suspension(pair))
    assert draft.prepared is not None
    value = read(write(dict(write_prepared(draft.prepared))))

    with pytest.raises(NotPreparedError):
        read_prepared({**value, key: [{}]})
    with pytest.raises(NotADraftError):
        read_draft(read(write({**write_draft(draft), "prepared": {**value, key: [{}]}})))


def test_a_body_that_is_here_already_is_not_taken_for_that_of_a_prepared_entry(pair: Pair) -> None:
    said = pair.sends(title="said before")
    with pair.reader(A) as reader:
        raw = reader.raw(LINK, said.statement)
        assert raw is not None
        body = parse(raw).entry.parts[0]
        sql = "SELECT ciphertext, wrapped FROM part WHERE hash = ?"
        ciphertext, wrapped = reader.connection.execute(sql, (body.hash,)).fetchone()
    draft = pair.draft("inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "another"}})
    made = prepare(pair.homes[A], draft, now=pair.clocks[A](), suite=SUITE)
    text = encode_text(msgspec.structs.replace(parse(made.text).entry, parts=(body,)))
    there = Resting(ciphertext=bytes(ciphertext), wrapped=bytes(wrapped))
    prepared = Prepared(text=text, parts=(made.parts[0], there))

    (result,) = pair.ledgers[A].append([signed(pair, A, replace(draft, prepared=prepared))])

    assert isinstance(result, RefusedError)
    assert result.code == "duplicate-act"
