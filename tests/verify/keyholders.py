"""Exports made by somebody who holds every key of both sides: what each must come to, at which step.

A book is written as the two sides would, and then something is done to it that only they can do. So
hashes, signatures and sums all fit, and what is refused is refused for its rule alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.card import card_hash, sign_card
from parley.protocol.head import Head, sign_head
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.strictjson import JsonSource
from tests.verify.book import CHANNEL, KEYS, A, B, Book, pack

Members: TypeAlias = dict[str, bytes]
Maker: TypeAlias = Callable[[], Book | tuple[Book, Members]]
LOG: Final = f"logs/{A}/5e0c9a71"


@dataclass(frozen=True, kw_only=True)
class Made:
    """An export, its digits, and what it must come to: a step that fails, or None."""

    raw: bytes
    digits: tuple[str, ...]
    step: int | None


CASES: Final[dict[str, Callable[[], Made]]] = {}


def case(step: int | None) -> Callable[[Maker], Maker]:
    """Enter a function that makes a book, or a book and members, under its name."""

    def enter(make: Maker) -> Maker:
        def made() -> Made:
            found = make()
            book, members = found if isinstance(found, tuple) else (found, found.members())
            return Made(raw=pack(members), digits=book.digits, step=step)

        CASES[make.__name__] = made
        return make

    return enter


# ---- Cards that follow, and keys that count no more


def rotated() -> Book:
    """Return a book in which A's keys change at its third entry."""
    book = Book()
    book.sign_both()
    book.renew(A)
    book.sign(A)
    book.write(A, "received", {})
    book.sign(A)
    return book


def signed_by_first(book: Book, *, root: bytes | None = None) -> bytes:
    """Return a head of all A's entries by the keys of its first card."""
    page = book.lines[A][0]
    head = Head(origin=page.origin, size=len(page.said), root=root or page.root())
    return sign_head(head, KEYS[A].write(page.origin, book.suite), time=book.time, suite=book.suite)


@case(None)
def new_keys_count_from_their_entry_on() -> Book:
    return rotated()


@case(6)
def old_keys_sign_behind_the_new_card() -> Book:
    book = rotated()
    book.lines[A][0].heads[-1] = signed_by_first(book)
    return book


@case(6)
def new_keys_sign_before_their_card() -> Book:
    book = Book()
    book.sign_both()
    book.renew(A)
    page = book.lines[A][0]
    head = Head(origin=page.origin, size=1, root=page.root(1))
    page.heads[0] = sign_head(
        head, book.keys[A].write(page.origin, book.suite), time=book.time, suite=book.suite
    )
    book.sign(A)
    return book


@case(None)
def a_revocation_of_old_keys() -> Book:
    book = rotated()
    book.revoke(A, 1)
    return book


@case(None)
def a_revocation_from_the_first_entry_on_with_all_heads_anew() -> Book:
    book = rotated()
    page = book.lines[A][0]
    page.heads[:], page.receipts[:] = [], []
    book.sign(A)
    book.revoke(A, 0)
    return book


@case(6)
def a_head_of_keys_that_are_revoked() -> Book:
    book = Book()
    book.sign_both()
    book.write(A, "received", {})
    book.sign(A)
    book.renew(A)
    book.sign(A)
    book.revoke(A, 1)
    return book


@case(6)
def a_revocation_of_the_newest_card() -> Book:
    book = rotated()
    book.revoke(A, 1, serial=2)
    return book


@case(12)
def a_revocation_that_one_root_signed() -> Book:
    book = rotated()
    book.revoke(A, 1, roots=(1,))
    return book


@case(12)
def a_revocation_by_the_roots_of_the_other_side() -> Book:
    book = rotated()
    book.revoke(A, 1)
    ((origin, notes),) = book.revocations.items()
    text = note.parse(notes[0]).text
    keys = [
        new_sign_key(f"{B}/root/{n}", Algorithm.ED25519, seed, suite=book.suite)
        for n, seed in enumerate(KEYS[B].roots, start=1)
    ]
    lines = tuple(note.sign(text, key, book.suite) for key in keys)
    book.revocations[origin] = [note.encode(note.Note(text=text, lines=lines))]
    return book


@case(12)
def two_revocations_of_one_card() -> Book:
    book = rotated()
    book.revoke(A, 1)
    book.revoke(A, 1)
    return book


@case(12)
def a_revocation_of_another_log() -> Book:
    book = rotated()
    book.revoke(A, 1)
    (notes,) = book.revocations.values()
    book.revocations = {book.lines[B][0].origin: notes}
    return book


@case(12)
def a_member_without_a_revocation() -> Book:
    book = rotated()
    book.revocations = {book.lines[A][0].origin: []}
    return book


@case(2)
def a_revocation_of_a_log_that_is_not_here() -> Book:
    book = rotated()
    book.revocations = {f"{A}/{CHANNEL}/00000000": []}
    return book


@case(None)
def a_fork_by_keys_that_nobody_revoked() -> Book:
    book = rotated()
    book.forks = {book.lines[A][0].origin: (signed_by_first(book), signed_by_first(book, root=bytes(32)))}
    return book


@case(12)
def a_fork_by_keys_that_were_revoked_before() -> Book:
    book = a_fork_by_old_keys(rotated())
    book.revoke(A, 1)
    return book


def a_fork_by_old_keys(book: Book) -> Book:
    book.forks = {book.lines[A][0].origin: (signed_by_first(book), signed_by_first(book, root=bytes(32)))}
    return book


@case(11)
def a_fork_by_keys_of_two_cards() -> Book:
    book = rotated()
    page = book.lines[A][0]
    head = Head(origin=page.origin, size=len(page.said), root=bytes(32))
    other = sign_head(head, book.keys[A].write(page.origin, book.suite), time=book.time, suite=book.suite)
    book.forks = {page.origin: (signed_by_first(book), other)}
    return book


@case(6)
def cards_that_are_announced_in_the_wrong_order() -> Book:
    book = Book()
    one = book.renew(A)
    book.keys[A] = KEYS[A]
    old = book.cards[A][-1]
    assert old is one
    book.cards[A].pop()
    said, first_note = book.lines[A][0].said.pop(), book.card_notes[A].pop()
    two = replace(one, serial=3, prev=card_hash(one), url="https://moved.a.example/parley/v1")
    book.cards[A] += [one, two]
    next_note = sign_card(two, KEYS[A].roots[:2], suite=book.suite, previous=one)
    book.card_notes[A] += [first_note, next_note]
    d: Mapping[str, JsonSource] = {"card": id_text(card_hash(two)), "serial": 3}
    book.write(A, "link.carded", d, body={"card": book.card_notes[A][-1].decode()}, roots=(1, 2))
    book.lines[A][0].said.append(said)
    book.sign(A)
    book.sign(B)
    return book
