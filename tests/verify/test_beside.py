"""Orphans in exports: what their writer signed after a log had ended, and no more than was chosen of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.ledger.chosen import Choice
from parley.protocol.head import Head, sign_head
from parley.protocol.verify.findings import Findings, Result
from parley.protocol.verify.report import report
from parley.protocol.verify.sentences import Language
from tests.protocol.samples import SUITE
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.test_late import lost
from tests.verify.book import Book, Page, judge, pack, usual
from tests.verify.second import findings, plain, statements, told
from tests.verify.test_two_nodes import exported


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


@pytest.fixture
def copies(pair: Pair, tmp_path: Path) -> Copies:
    return Copies(pair=pair, folder=tmp_path / "copies")


def shown(pair: Pair, node: str, choice: Choice) -> tuple[bytes, Findings]:
    made, raw = exported(pair, node, choice)
    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED, (found.step, found.reason)
    return raw, found


def test_what_came_late_is_proved_as_signed_and_told_as_no_part_of_the_record(
    pair: Pair, copies: Copies
) -> None:
    pair.bring(A, B, lost(pair, copies, "one", "two"))

    raw, found = shown(pair, B, Choice())
    _, bare = shown(pair, B, Choice(with_content=False))

    (orphans,) = findings(found)["orphans"]
    assert (orphans["base"], orphans["size"], orphans["whole"]) == (1, 2, 2)
    assert {key: findings(found)[key] for key in ("logs", "entries", "seen")} == {
        key: findings(bare)[key] for key in ("logs", "entries", "seen")
    }
    assert b"logs/a.example" in raw
    for language, words in _SAID.items():
        text = "\n".join(report(found, language, suite=SUITE, limit=99))
        assert all(word in text for word in words)


_SAID: dict[Language, tuple[str, ...]] = {
    "en": (
        "they follow after the 1 entries at which this log had ended",
        "Of orphans this alone is proved",
        "; an orphan, no part of the record",
    ),
    "zh": ("该日志已止于 1 个条目", "对于游离声明，仅证明其由书写方的密钥签署", "游离声明，不属于记录"),
}


def test_what_nobody_but_its_writer_held_is_in_no_export(pair: Pair, copies: Copies) -> None:
    lost(pair, copies, "never arrives")

    for node in (A, B):
        _, found = shown(pair, node, Choice())
        assert findings(found)["orphans"] == []


def test_an_export_of_one_inquiry_shows_orphans_about_it_and_of_others_the_hash(
    pair: Pair, copies: Copies
) -> None:
    asked = pair.sends(node=B, title="asked").statement
    pair.settle()
    old = copies.keep(A)
    about = pair.say(A, "inquiry.acknowledged", {}, re=asked).statement
    other = pair.sends(node=A, title="another").statement
    raw = pair.ledgers[A].compose(LINK)
    assert raw is not None
    copies.restore(A, old)
    pair.settle()
    elsewhere = pair.sends(node=B, title="elsewhere").statement
    pair.settle()
    pair.bring(A, B, raw)

    of_it, found = shown(pair, B, Choice(thread=asked))
    _, without = shown(pair, B, Choice(thread=elsewhere))

    (orphans,) = findings(found)["orphans"]
    assert (orphans["size"], orphans["whole"]) == (2, 1)
    ids = [each["id"] for each in map(dict, statements(found))]
    assert len(ids) == len(set(ids))
    assert other in of_it
    assert about not in of_it
    assert findings(without)["orphans"] == []


def test_orphans_of_real_nodes_are_the_same_in_the_second_language(pair: Pair, copies: Copies) -> None:
    pair.bring(A, B, lost(pair, copies, "one", "two"))
    raw, found = shown(pair, B, Choice())

    (there,) = told([(raw, " ".join(found.digits))])

    assert there["findings"] == findings(found)
    assert plain(there["statements"]) == statements(found)


def test_keys_that_were_revoked_prove_no_orphan() -> None:
    book = Book()
    book.sign_both()
    beside = book.strand(Page(node=A, epoch="0a0b0c0d"))
    honest = book.judged(book.members())
    book.revoke(A, 1)
    book.renew(A)
    book.sign(A)

    refused = pack(book.members())
    here = judge(refused, book.digits)
    (there,) = told([(refused, " ".join(book.digits))])
    head = Head(origin=beside.origin, size=2, root=beside.root())
    keys = book.keys[A].write(beside.origin, SUITE)
    beside.heads[:] = [sign_head(head, keys, time=book.time, suite=SUITE)]

    assert honest.result is Result.PROVED
    assert (here.result, here.step) == (Result.REFUSED, 13)
    assert there["findings"] == findings(here)
    assert book.judged(book.members()).result is Result.PROVED


def refused_at(book: Book, members: dict[str, bytes]) -> int | None:
    """Return the step at which both verifiers refuse these members."""
    raw = pack(members)
    found = judge(raw, book.digits)
    (there,) = told([(raw, " ".join(book.digits))])
    assert there["findings"] == findings(found)
    return None if found.step is None else found.step.value


def test_files_of_orphans_and_heads_over_other_entries_are_refused() -> None:
    book = usual()
    beside = book.strand(book.lines[B][0])
    members = book.members()
    other = {f"orphans/{B}/{beside.epoch}/head": book.lines[B][0].heads[-1]}

    assert refused_at(book, members) is None
    assert refused_at(book, {**members, **other}) == 13


def test_no_file_of_an_orphan_is_disclosed_though_it_is_in_the_export() -> None:
    book = usual()
    with_file = book.lines[A][0].said[1]
    beside = book.strand(Page(node=A, epoch="0a0b0c0d"))
    beside.said[:] = [with_file]
    head = Head(origin=beside.origin, size=1, root=beside.root())
    keys = book.keys[A].write(beside.origin, SUITE)
    beside.heads[:] = [sign_head(head, keys, time=book.time, suite=SUITE)]
    members, content = book.members(), f"orphans/{A}/0a0b0c0d/content"

    assert refused_at(book, {**members, content: b"\0\0\0"}) is None
    assert refused_at(book, {**members, content: b"\0\0\4" + with_file.parts[2].key}) == 13


def test_nothing_is_beside_the_log_that_goes_on() -> None:
    book = usual()
    book.strand(book.lines[B][-1])

    assert refused_at(book, book.members()) == 2


def test_orphans_stand_in_one_order() -> None:
    book = usual()
    for epoch in ("0a0b0c0d", "0e0f0a0b"):
        book.strand(Page(node=B, epoch=epoch))
    honest = book.members()

    lines = honest["export.txt"].splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith(b"orphans "))
    lines[first : first + 2] = lines[first + 1], lines[first]
    names = [name for name in honest if name.startswith("orphans/")]
    swapped = dict(zip(names, names[3:] + names[:3], strict=True))
    members = {swapped.get(name, name): honest[swapped.get(name, name)] for name in honest}

    assert refused_at(book, honest) is None
    assert refused_at(book, {**members, "export.txt": b"".join(lines)}) == 2


def test_an_export_of_a_span_shows_the_orphans_of_that_time(pair: Pair, copies: Copies) -> None:
    pair.bring(A, B, lost(pair, copies, "one"))
    now = pair.clocks[A].time

    _, of_then = shown(pair, B, Choice(since=now - 3_600, until=now + 3_600))
    _, of_later = shown(pair, B, Choice(since=now + 3_600))

    assert len(findings(of_then)["orphans"]) == 1
    assert findings(of_later)["orphans"] == []


def test_a_log_that_gave_way_is_shown_from_its_begin_and_is_none_of_the_line(
    pair: Pair, copies: Copies
) -> None:
    old = copies.keep(A)
    pair.sends(node=A, title="on the first lost disk")
    copies.restore(A, old)
    for _ in range(2):
        pair.carry(A, B, prompt=True)
    pair.sends(node=A, title="on the second lost disk")
    late = pair.ledgers[A].compose(LINK)
    assert late is not None
    copies.restore(A, old)
    pair.settle()
    pair.sends(node=A, title="said")
    pair.settle()
    pair.bring(A, B, late)

    raw, found = shown(pair, B, Choice())

    (orphans,) = findings(found)["orphans"]
    assert orphans["base"] == 0
    assert orphans["origin"] not in {log["origin"] for log in findings(found)["logs"]}
    assert "this log is none of those here" in "\n".join(report(found, "en", suite=SUITE, limit=9))
    assert told([(raw, " ".join(found.digits))]).__next__()["findings"] == findings(found)
