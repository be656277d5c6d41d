"""What somebody who holds every key of both sides makes of content, persons, and orders to erase."""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.notation import write_base64
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.officers import officer_name
from parley.protocol.part import SealedPart, context
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import CONTENT_KEY_SIZE
from tests.verify.book import KEYS, SENT, A, B, Book, Said, usual
from tests.verify.keyholders import CASES, Members, case

__all__ = ["CASES"]

LOG: Final = f"logs/{A}/5e0c9a71"


# ---- Content


@case(10)
def content_that_ends_before_the_last_entries() -> tuple[Book, Members]:
    """What is withheld takes one byte for each part: without the last of them, one part less is counted."""
    book = usual()
    openings = {page[0].said[0].id for page in book.lines.values()}
    members = book.members(is_told=lambda said: said.id in openings)
    assert members[f"{LOG}/content"].endswith(b"\0\0")
    return book, members | {f"{LOG}/content": members[f"{LOG}/content"][:-1]}


@case(10)
def an_opening_whose_body_has_a_record_of_no_kind() -> tuple[Book, Members]:
    """The act before it is disclosed, so steps 6 to 9 find the opening."""
    book = usual()
    members = book.members()
    body = book.lines[A][0].said[0].parts[1]
    return book, members | {
        f"{LOG}/content": members[f"{LOG}/content"].replace(b"\3" + body.key, b"\7" + body.key)
    }


@case(10)
def a_ciphertext_of_another_size_than_the_entry_names() -> tuple[Book, Members]:
    book = usual()
    members = book.members()
    body = book.lines[A][0].said[0].parts[1]
    old = body.key + struct.pack(">I", body.size) + body.ciphertext
    new = body.key + struct.pack(">I", body.size - 1) + body.ciphertext[:-1]
    return book, members | {f"{LOG}/content": members[f"{LOG}/content"].replace(old, new)}


@case(10)
def a_part_sealed_with_the_key_that_says_lost() -> Book:
    book = usual()
    said = book.write(A, "received", {})
    key = bytes(CONTENT_KEY_SIZE)
    origin = book.lines[A][0].origin
    raw = book.suite.encrypt(key, context=context(origin), plaintext=b"{}")
    act = SealedPart(hash=_sha256(raw), size=len(raw), ciphertext=raw, key=key)
    old = said.parts[0]
    said.raw = said.raw.replace(_named(old), _named(act))
    said.parts = (act,)
    book.sign(A)
    return book


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _named(part: SealedPart) -> bytes:
    return f"{write_base64(part.hash)} {part.size}".encode()


def filed(content: bytes) -> tuple[Book, Members]:
    """Return a book in which A encloses a file, and its members."""
    book = Book()
    book.write(A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "x"}}, files=[content])
    book.sign_both()
    return book, book.members()


@case(None)
def a_file_whose_last_chunk_is_empty() -> tuple[Book, Members]:
    return filed(b"x" * 16_384)


def _with_file(book: Book, members: Members, ciphertext: bytes) -> tuple[Book, Members]:
    """Name other bytes in the entry, in the list and among the members, with everything signed over them."""
    said = book.lines[A][0].said[1]
    act, body, file = said.parts
    other = SealedPart(hash=_sha256(ciphertext), size=len(ciphertext), ciphertext=ciphertext, key=file.key)
    said.raw = said.raw.replace(_named(file), _named(other))
    said.parts = (act, body, other)
    book.lines[A][0].heads.clear()
    book.lines[A][0].receipts.clear()
    book.sign(A)
    return book, book.members()


@case(10)
def a_file_whose_empty_last_chunk_was_cut_off() -> tuple[Book, Members]:
    book, members = filed(b"x" * 16_384)
    return _with_file(book, members, book.lines[A][0].said[1].parts[2].ciphertext[:-16])


@case(10)
def a_file_whose_last_chunk_was_cut_short() -> tuple[Book, Members]:
    book, members = filed(b"x" * 20_000)
    return _with_file(book, members, book.lines[A][0].said[1].parts[2].ciphertext[:-1])


@case(10)
def a_file_cut_at_the_end_of_a_chunk() -> tuple[Book, Members]:
    book, members = filed(b"x" * 40_000)
    return _with_file(book, members, book.lines[A][0].said[1].parts[2].ciphertext[: 56 + 2 * 16_400])


@case(10)
def a_file_of_a_header_alone() -> tuple[Book, Members]:
    book, members = filed(b"x")
    return _with_file(book, members, book.lines[A][0].said[1].parts[2].ciphertext[:56])


@case(10)
def a_file_with_one_chunk_more() -> tuple[Book, Members]:
    book, members = filed(b"x" * 16_384)
    ciphertext = book.lines[A][0].said[1].parts[2].ciphertext
    return _with_file(book, members, ciphertext + ciphertext[-16:])


@case(None)
def one_file_that_two_entries_name() -> Book:
    book, _ = filed(b"x" * 100)
    one = book.lines[A][0].said[1]
    two = book.write(A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "y"}}, files=[b"y"])
    two.raw = two.raw.replace(_named(two.parts[2]), _named(one.parts[2]))
    two.parts = (*two.parts[:2], one.parts[2])
    book.sign(A)
    return book


@case(10)
def one_file_under_two_keys() -> Book:
    book, _ = filed(b"x" * 100)
    one = book.lines[A][0].said[1].parts[2]
    two = book.write(A, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "y"}}, files=[b"y"])
    other = SealedPart(hash=one.hash, size=one.size, ciphertext=one.ciphertext, key=bytes([7]) * 32)
    two.raw = two.raw.replace(_named(two.parts[2]), _named(other))
    two.parts = (*two.parts[:2], other)
    book.sign(A)
    return book


# ---- Persons, and what is said of erasing


def _enrolled(book: Book, *, roots: tuple[int, ...]) -> note.SignKey:
    seed = KEYS[B].seed("somebody")
    key = new_sign_key(officer_name(A, 7), Algorithm.ED25519, seed, suite=book.suite)
    d: Mapping[str, JsonSource] = {
        "n": 7,
        "alg": "ed25519",
        "key": write_base64(key.public),
        "roles": ["desk"],
        "since": 1,
        "until": None,
    }
    book.write(A, "officer.enrolled", d, roots=roots)
    return key


def _signed_by(book: Book, key: note.SignKey) -> Said:
    said = book.write(A, "received", {}, roots=(1,))
    signed = note.parse(said.raw)
    said.raw = note.encode(replace(signed, lines=(note.sign(signed.text, key, book.suite),)))
    return said


@case(None)
def an_officer_whom_the_roots_enrolled() -> Book:
    book = Book()
    key = _enrolled(book, roots=(1, 2))
    _signed_by(book, key)
    book.sign_both()
    return book


@case(None)
def an_officer_whom_one_root_alone_enrolled() -> Book:
    book = Book()
    key = _enrolled(book, roots=(3,))
    _signed_by(book, key)
    book.sign_both()
    return book


@case(None)
def orders_to_erase_and_what_is_none() -> Book:
    book = usual()
    sent = book.lines[A][0].said[1]
    parts: list[JsonSource] = [{"statement": id_text(sent.id), "parts": "all"}]
    order = book.write(A, "record.erasure_ordered", {"parts": parts, "ground": "retention"}, roots=(1, 2))
    book.write(A, "record.erased", {}, re=order.id)
    book.write(B, "record.erasure_refused", {"ground": "legal_hold"}, re=order.id)
    book.write(B, "record.erased", {}, re=order.id)
    book.write(B, "record.erased", {}, re=sent.id)
    book.write(B, "record.erased", {"more": 1}, re=order.id)
    wrong: tuple[Mapping[str, JsonSource], ...] = (
        {"parts": parts, "ground": "no_ground"},
        {"parts": [], "ground": "agreed"},
        {"parts": [{"statement": id_text(sent.id), "parts": [2, 1]}], "ground": "agreed"},
        {"parts": [{"statement": id_text(sent.id), "parts": [256]}], "ground": "agreed"},
        {"parts": [*parts, *parts], "ground": "agreed"},
        {"parts": [{"statement": "x", "parts": "all"}], "ground": "agreed"},
        {"parts": parts},
    )
    for d in wrong:
        book.write(A, "record.erasure_ordered", d, roots=(1, 2))
    book.write(A, "record.erasure_ordered", {"parts": parts, "ground": "agreed"}, re=sent.id, roots=(1, 2))
    book.sign_both()
    return book
