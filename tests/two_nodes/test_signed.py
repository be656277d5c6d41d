"""Rules H8 and H9: what persons signed cannot be said again, and an old `seen` is no lie."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from parley.protocol import note
from parley.protocol.entry import encode_signed
from parley.protocol.entry import parse as parse_entry
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair, Sent


@pytest.fixture
def forger(pair: Pair) -> Forger:
    pair.sends(node=B)
    pair.settle()
    return Forger(pair, B, A)


def opening(pair: Pair) -> dict[str, JsonValue]:
    row = next(row for row in pair.rows(A) if row.writer == B and row.kind == "link.opened")
    assert row.act is not None
    return dict(row.act.d)


def last_verdict(pair: Pair) -> str:
    return [row.verdict.text for row in pair.rows(A) if row.writer == B][-1]


def test_a_signed_statement_that_is_written_once_more_is_void(pair: Pair, forger: Forger) -> None:
    forger.write(act_of("link.opened", opening(pair)), is_signed=True)
    forger.tell()
    assert last_verdict(pair) == "valid"

    forger.entries.append(forger.entries[-1])
    forger.tell()

    assert last_verdict(pair) == "void:duplicate-act"


def test_a_copy_that_does_not_open_takes_back_nothing_that_was_read(pair: Pair) -> None:
    asked = pair.sends(node=A)
    pair.settle()
    forger = Forger(pair, B, A)
    statement = forger.write(
        act_of("inquiry.acknowledged", {}, re=asked.statement), seen=forger.seen(asked.index + 1)
    )
    forger.tell()
    forger.entries.append(forger.entries[-1])

    shut = forger.piece(entries=forger.entries[-1:], start=len(forger.entries) - 1)
    forger.send(replace(shut, keys=tuple((digest, bytes(31) + b"x") for digest, _ in shut.keys)))

    found = [row.verdict.text for row in pair.rows(A) if row.statement == statement]
    assert found == ["valid", "void:duplicate-act"]
    assert [row for row in pair.rows(A) if row.writer == A and row.kind == "unopened"] == []


def test_a_signed_statement_with_a_line_less_is_void(pair: Pair, forger: Forger) -> None:
    forger.write(act_of("link.opened", opening(pair)), is_signed=True)
    forger.tell()
    parsed = parse_entry(forger.entries[-1])

    forger.entries.append(encode_signed(parsed.text, parsed.lines[:1]))
    forger.tell()

    assert last_verdict(pair) == "void:duplicate-act"


def test_a_statement_signed_for_another_log_is_void(pair: Pair, forger: Forger) -> None:
    forger.write(act_of("link.opened", opening(pair)), is_signed=True)
    here, there = forger.origin.encode(), forger.origin[:-8].encode() + b"00000000"
    text = parse_entry(forger.entries[-1]).text.replace(here, there)

    forger.entries[-1] = encode_signed(text, tuple(root_lines(pair, text)))
    forger.tell()

    assert last_verdict(pair) == "void:wrong-log"


def root_lines(pair: Pair, text: bytes) -> Iterator[note.Line]:
    for person, seed in pair.keys(B).roots:
        key = note.new_sign_key(f"{B}/root/{person}", note.Algorithm.ED25519, seed, suite=pair.suite)
        yield note.sign(text, key, pair.suite)


def test_a_node_that_signs_alone_for_its_roots_opens_nothing(pair: Pair, forger: Forger) -> None:
    forger.keys = replace(pair.keys(B), roots=pair.keys(A).roots)
    forger.write(act_of("link.opened", opening(pair)), is_signed=True)

    forger.tell()

    assert last_verdict(pair) == "void:threshold"
    assert pair.sends(node=A).index > 0


def test_a_seen_of_a_smaller_size_than_before_is_true_and_idle(pair: Pair, forger: Forger) -> None:
    for _ in range(3):
        pair.sends(node=A)
    forger = Forger(pair, B, A)
    forger.write(act_of("inquiry.sent", INQUIRY), seen=forger.seen(4))
    forger.write(act_of("inquiry.sent", INQUIRY), seen=forger.seen(2))

    forger.tell()

    rows = [row for row in pair.rows(A) if row.writer == B][-2:]
    assert [row.verdict.text for row in rows] == ["valid", "valid"]
    assert [row.cut for row in rows] == [4, 4]
    assert pair.alarms(A) == {}


def test_a_false_seen_accuses_only_its_writer(pair: Pair, forger: Forger) -> None:
    forger.write(act_of("inquiry.sent", INQUIRY), seen=forger.seen(2, root=bytes(32)))

    answer = forger.tell()

    assert answer.changed
    assert last_verdict(pair) == "valid"
    assert pair.alarms(A) == {"false_seen": 1}
    with pair.reader(A) as reader:
        status = reader.status(LINK)
        assert status is not None
        assert status.forks == 0


def test_a_statement_of_ours_in_their_log_opens_as_nothing_there(pair: Pair) -> None:
    mine = pair.sends(node=A)
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    forger = Forger(pair, B, A)
    (ours,) = pair.opened(Sent(sender=A, receiver=B, raw=raw), forger.channel).pieces
    piece = forger.piece(entries=ours.entries[-1:], note=forger.head())
    forger.entries += ours.entries[-1:]

    forger.send(replace(piece, note=forger.head(), keys=ours.keys, blobs=ours.blobs))

    copies = [row for row in pair.rows(A) if row.statement == mine.statement]
    assert [(row.writer, row.verdict.text) for row in copies] == [(A, "valid"), (B, "unopened")]
    with pair.reader(A) as reader:
        assert reader.thread(LINK, mine.statement) is not None
        assert reader.body(LINK, mine.statement) is not None
