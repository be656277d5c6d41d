"""Files that wait at home, go with a statement, and are read at both ends."""

import hashlib
import io
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.attached import Attached, Attachments, Presence
from parley.ledger.drafts import Appended, RefusedError, UnknownLinkError
from parley.ledger.enclosing import (
    Kept,
    TooManyFilesError,
    all_kept,
    drop,
    find_kept,
    keep,
    with_files,
)
from parley.protocol.breach import BreachError
from tests.two_nodes.filing import some_bytes, vault_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair

CONTENT = some_bytes(40_000)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def keep_some(pair: Pair, content: bytes = CONTENT, *, name: str = "mail.eml", node: str = A) -> Kept:
    return keep(pair.homes[node], LINK, io.BytesIO(content), name=name)


def send(pair: Pair, *files: Kept, node: str = A) -> Appended:
    draft = pair.draft("inquiry.sent", INQUIRY, body=with_files(None, files))
    (said,) = pair.ledgers[node].append([replace(draft, files=tuple(each.enclosed for each in files))])
    assert not isinstance(said, RefusedError), said
    return said


def files_at(pair: Pair, node: str, said: Appended) -> tuple[Attached, ...]:
    with pair.reader(node) as reader:
        return Attachments(pair.homes[node], reader).of(LINK, said.statement)


def content_of(pair: Pair, node: str, file: Attached) -> bytes:
    with pair.reader(node) as reader, Attachments(pair.homes[node], reader).open(file) as plain:
        return b"".join(plain)


def test_what_waits_is_found_again_by_its_link_alone(pair: Pair) -> None:
    kept = keep_some(pair)

    assert find_kept(pair.homes[A], LINK, kept.hash) == kept
    assert find_kept(pair.homes[A], "a-c", kept.hash) is None
    assert list(all_kept(pair.homes[A], LINK)) == [kept]
    assert (kept.type, kept.plain_sha256) == ("message/rfc822", hashlib.sha256(CONTENT).digest())


def test_nothing_waits_for_a_link_that_is_not_there(pair: Pair) -> None:
    with pytest.raises(UnknownLinkError):
        keep(pair.homes[A], "a-c", io.BytesIO(CONTENT), name="x")


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\mail.eml", "mail.eml"),
        ("a\r\nb\x00", "a__b_"),
        ("x" * 300 + ".eml", "x" * 251 + ".eml"),
        ("/", "_"),
        ("\u202egnp.exe", "_gnp.exe"),
    ],
)
def test_a_name_never_becomes_a_path(pair: Pair, name: str, kept_as: str) -> None:
    kept = keep_some(pair, name=name)

    assert kept.name == kept_as
    found = {path.name for path in (pair.folder / "a" / "vault").rglob("*") if path.is_file()}
    assert found == {kept.hash.hex()}


def test_a_key_that_waits_is_wrapped_and_its_file_is_its_owners_alone(pair: Pair) -> None:
    kept = keep_some(pair)

    path = pair.homes[A].vault / "kept" / kept.hash.hex()
    key = pair.keys(A).unwrap(kept.wrapped)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key.hex() not in path.read_text(encoding="utf-8")


def test_what_is_taken_away_again_is_destroyed(pair: Pair) -> None:
    kept = keep_some(pair)

    drop(pair.homes[A], kept.hash)

    assert [path for path in pair.homes[A].vault.rglob("*") if path.is_file()] == []


def test_what_a_statement_names_is_not_destroyed_with_the_note_that_it_waits(pair: Pair) -> None:
    kept = keep_some(pair)
    said = send(pair, kept)

    drop(pair.homes[A], kept.hash)

    assert list(all_kept(pair.homes[A], LINK)) == []
    assert content_of(pair, A, files_at(pair, A, said)[0]) == CONTENT


def test_both_ends_read_what_was_enclosed_and_say_who_has_it(pair: Pair) -> None:
    kept = keep_some(pair, name="调取证据.eml"), keep_some(pair, b"second", name="b.txt")
    said = send(pair, *kept)
    for each in kept:
        drop(pair.homes[A], each.hash)
    before = files_at(pair, A, said)
    pair.carry(A, B)
    coming = files_at(pair, B, said)

    pair.settle()

    assert [(each.presence, each.told) for each in before] == [(Presence.HERE, None)] * 2
    assert [(each.presence, each.come) for each in coming] == [(Presence.COMING, 0)] * 2
    for node in (A, B):
        files = files_at(pair, node, said)
        assert [each.named.name for each in files if each.named] == ["调取证据.eml", "b.txt"]
        assert [(each.presence, each.told, each.is_ours) for each in files] == [
            (Presence.HERE, True, node == A)
        ] * 2
        assert [content_of(pair, node, each) for each in files] == [CONTENT, b"second"]


def test_a_receipt_alone_never_says_that_a_file_is_there(pair: Pair) -> None:
    kept = keep_some(pair)
    vault_of(pair, A).destroy(kept.hash)

    said = send(pair, kept)
    pair.settle()

    with pair.reader(A) as reader:
        assert reader.is_receipted(LINK, said.place)
    assert [(each.presence, each.told) for each in files_at(pair, A, said)] == [(Presence.MISSING, None)]
    assert [(each.presence, each.told) for each in files_at(pair, B, said)] == [(Presence.COMING, None)]


def test_a_key_that_was_lost_leaves_a_file_that_is_lost_and_a_statement_that_stands(pair: Pair) -> None:
    kept = replace(keep_some(pair), wrapped=bytes(40))

    said = send(pair, kept)
    pair.settle()

    assert [each.presence for each in files_at(pair, B, said)] == [Presence.LOST]
    assert pair.is_settled()


def test_a_file_without_a_body_has_no_form(pair: Pair) -> None:
    kept = keep_some(pair)
    draft = pair.draft("inquiry.sent", INQUIRY)

    (refused,) = pair.ledgers[A].append([replace(draft, files=(kept.enclosed,))])

    assert isinstance(refused, RefusedError)


def test_more_files_than_an_entry_has_lines_for_are_refused(pair: Pair) -> None:
    kept = keep_some(pair)

    assert len(send(pair, *[kept] * 255).place) > 0
    with pytest.raises(TooManyFilesError):
        with_files(None, [kept] * 256)


@pytest.mark.parametrize("size", [1, 55, 56 + 16_400])
def test_a_size_that_no_file_has_is_told_and_asked_for_no_more(pair: Pair, size: int) -> None:
    kept = replace(keep_some(pair), size=size)

    said = send(pair, kept)
    pair.settle()

    assert [(each.presence, each.told) for each in files_at(pair, B, said)] == [(Presence.REFUSED, False)]
    assert [each.told for each in files_at(pair, A, said)] == [False]


def test_the_same_file_may_be_named_again_and_comes_once(pair: Pair) -> None:
    kept = keep_some(pair)

    first, second = send(pair, kept), send(pair, kept)
    pair.settle()

    assert files_at(pair, B, first)[0].presence is files_at(pair, B, second)[0].presence is Presence.HERE
    assert [row.kind for row in pair.rows(A)].count("file.got") == 1


def test_a_body_that_says_nothing_of_its_files_leaves_them_without_names(pair: Pair) -> None:
    kept = keep_some(pair)
    draft = pair.draft("inquiry.sent", INQUIRY, body={"title": {"lang": "en", "text": "x"}})

    (said,) = pair.ledgers[A].append([replace(draft, files=(kept.enclosed,))])
    pair.settle()

    assert isinstance(said, Appended)
    (file,) = files_at(pair, B, said)
    assert (file.named, file.presence) == (None, Presence.HERE)


def test_breaches_are_those_of_the_specification(pair: Pair) -> None:
    draft = pair.draft("inquiry.sent", INQUIRY)

    with pytest.raises(BreachError, match=r"§5\.8"):
        replace(draft, files=(keep_some(pair).enclosed,)).parts()
