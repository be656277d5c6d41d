"""A judge is told at which step a false export fails, and an honest one passes all of them."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.card import card_hash, sign_card
from parley.protocol.entry import Seen
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.notation import write_base64
from parley.protocol.part import seal_part
from parley.protocol.strictjson import JsonSource
from parley.protocol.verify.findings import Findings, Result, as_json
from parley.protocol.verify.listed import file_name
from parley.protocol.verify.reading import worths
from tests.protocol.samples import SUITE
from tests.verify.book import CHANNEL, KEYS, NOON, A, B, Book, Said, judge, pack, usual


@pytest.fixture(name="book")
def fixture_book() -> Book:
    return usual()


def step_of(findings: Findings) -> int | None:
    return None if findings.step is None else findings.step.value


def test_an_honest_export_is_proved(book: Book) -> None:
    found = book.judged(book.members())

    assert found.result is Result.PROVED
    assert found.result.exit_code == 0
    assert as_json(found)["entries"] == {"whole": 8, "stubs": 0, "broken": 0}
    assert as_json(found)["seen"] == {"true": 7, "false": 0, "not_checked": 0}


def test_without_digits_nothing_is_proved(book: Book) -> None:
    found = judge(pack(book.members()), None)

    assert found.result is Result.OPEN
    assert found.result.exit_code == 1
    assert found.digits == book.digits


def test_wrong_digits_are_refused(book: Book) -> None:
    wrong = (*book.digits[:-1], "00000")

    assert step_of(judge(pack(book.members()), wrong)) == 4


def test_an_export_of_another_channel_is_refused(book: Book) -> None:
    raw = pack(book.members())

    assert step_of(judge(raw, book.digits, channel="live/a-b/hot")) == 4
    assert judge(raw, book.digits, channel=CHANNEL).result is Result.PROVED


def test_digits_that_the_file_itself_states_are_not_believed(book: Book) -> None:
    members = book.members()
    members["export.txt"] = members["export.txt"].replace(book.digits[0].encode(), b"00000")

    assert step_of(book.judged(members)) == 4


def test_a_card_that_too_few_roots_signed_is_refused(book: Book) -> None:
    members = book.members()
    signed = note.parse(members[f"cards/{A}/1"])
    members[f"cards/{A}/1"] = note.encode(replace(signed, lines=signed.lines[:1]))

    assert step_of(book.judged(members)) == 3


def test_a_stub_for_an_entry_changes_nothing_but_what_is_shown(book: Book) -> None:
    def is_whole(said: Said) -> bool:
        return b"\nlog " in said.raw or said is book.lines[B][1].said[0]

    found = book.judged(book.members(is_whole=is_whole))

    assert found.told is not None
    assert (found.result, found.told.whole, found.told.stubs) == (Result.PROVED, 3, 5)
    assert worths(found.told, SUITE) is None


def test_a_false_stub_is_refused(book: Book) -> None:
    members = book.members(is_whole=lambda said: b"\nlog " in said.raw)
    name = f"logs/{A}/5e0c9a71/entries"
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])

    assert step_of(book.judged(members)) == 6


def test_a_head_of_another_key_is_refused(book: Book) -> None:
    page = book.lines[A][0]
    head = Head(origin=page.origin, size=3, root=page.root())
    page.heads[-1] = sign_head(head, KEYS[B].write(page.origin, SUITE), time=NOON + 99, suite=SUITE)

    assert step_of(book.judged(book.members())) == 6


def test_the_receipt_must_be_the_other_sides(book: Book) -> None:
    page = book.lines[A][0]
    page.receipts[-1] = page.heads[-1]

    assert step_of(book.judged(book.members())) == 7


def test_a_receipt_with_two_times_is_refused(book: Book) -> None:
    page = book.lines[A][0]
    one = note.parse(page.receipts[-1])
    book.time += 50
    book.sign(A)
    two = note.parse(page.receipts.pop())
    page.heads.pop()
    page.receipts[-1] = note.encode(replace(one, lines=(one.lines[0], two.lines[1])))

    assert step_of(book.judged(book.members())) == 7


def test_an_export_does_not_end_behind_its_receipt(book: Book) -> None:
    book.write(A, "received", {})
    page = book.lines[A][0]
    head = Head(origin=page.origin, size=4, root=page.root())
    page.heads.append(sign_head(head, KEYS[A].write(page.origin, SUITE), time=book.time, suite=SUITE))

    assert step_of(book.judged(book.members())) == 7


def test_a_new_epoch_that_nobody_accepted_is_refused(book: Book) -> None:
    page = book.lines[B][1]
    assert page.acceptance is not None
    signed = note.parse(page.acceptance)
    page.acceptance = note.encode(replace(signed, text=signed.text.replace(b"77aa0c14", b"77aa0c15")))

    assert step_of(book.judged(book.members())) == 8


def test_a_node_cannot_accept_its_own_new_epoch(book: Book) -> None:
    page = book.lines[B][1]
    assert page.acceptance is not None
    signed = note.parse(page.acceptance)
    key = KEYS[B].receipt(SUITE).ed25519
    own = replace(key, algorithm=note.Algorithm.ED25519)
    page.acceptance = note.encode(replace(signed, lines=(note.sign(signed.text, own, SUITE),)))

    assert step_of(book.judged(book.members())) == 8


def accepted(book: Book, *, text: bytes) -> bytes:
    """Return what A would have signed, had it accepted `text`."""
    key = replace(KEYS[A].receipt(SUITE).ed25519, algorithm=note.Algorithm.ED25519)
    return note.encode(note.Note(text=text, lines=(note.sign(text, key, SUITE),)))


@pytest.mark.parametrize(
    ("old", "new"), [(b"\n3\n", b"\n2\n"), (b"77aa0c14", b"77aa0c15"), (b"main/c3d21f08", b"main/c3d21f09")]
)
def test_what_was_accepted_for_another_end_is_refused(book: Book, old: bytes, new: bytes) -> None:
    page = book.lines[B][1]
    assert page.acceptance is not None
    text = note.parse(page.acceptance).text
    assert accepted(book, text=text) == page.acceptance
    assert old in text
    page.acceptance = accepted(book, text=text.replace(old, new))

    assert step_of(book.judged(book.members())) == 8


def test_what_both_sides_say_of_the_old_log_must_be_its_root() -> None:
    book = usual()
    old, new = book.lines[B]
    assert new.acceptance is not None
    wrong = bytes(32)
    text = note.parse(new.acceptance).text
    new.acceptance = accepted(
        book, text=text.replace(write_base64(old.root()).encode(), write_base64(wrong).encode())
    )
    new.said.clear()
    new.heads.clear()
    new.receipts.clear()
    book.write(B, "received", {}, seen=[Seen(origin=old.origin, size=3, root=wrong)])
    book.sign(B)

    assert step_of(book.judged(book.members())) == 8


def test_an_acceptance_with_a_broken_signature_is_refused(book: Book) -> None:
    page = book.lines[B][1]
    assert page.acceptance is not None
    signed = note.parse(page.acceptance)
    line = replace_line(signed.lines[0])
    page.acceptance = note.encode(replace(signed, lines=(line,)))

    assert step_of(book.judged(book.members())) == 8


def replace_line(line: note.Line) -> note.Line:
    payload = bytes([line.payload[0] ^ 1]) + line.payload[1:]
    return note.Line(name=line.name, key_id=line.key_id, payload=payload)


def test_an_opening_that_one_root_of_two_signed_opens_nothing() -> None:
    book = Book()
    said = book.lines[A][0].said[0]
    signed = note.parse(said.raw)
    said.raw = note.encode(replace(signed, lines=signed.lines[:1]))
    book.sign_both()

    assert step_of(book.judged(book.members())) == 9


def test_another_part_with_its_own_key_is_refused(book: Book) -> None:
    said = book.lines[A][0].said[1]
    act, body, file = said.parts
    other = seal_part(b"{" + b"x" * (body.size - 74) + b"}", scope=book.lines[A][0].origin, suite=SUITE)
    assert other.size == body.size
    said.parts = (act, other, file)

    assert step_of(book.judged(book.members())) == 10


def test_another_file_with_its_own_key_is_refused(book: Book) -> None:
    members = book.members()
    file = book.lines[A][0].said[1].parts[2]
    other = seal_part(b"y" * 40_000, scope=f"{A}/{CHANNEL}", suite=SUITE)
    members[file_name(file.hash)] = other.ciphertext
    name = f"logs/{A}/5e0c9a71/content"
    members[name] = members[name].replace(file.key, other.key)

    assert step_of(book.judged(members)) == 10


def test_a_receipt_for_the_same_entries_in_another_log_is_refused(book: Book) -> None:
    page = book.lines[A][0]
    head = Head(origin=f"{A}/live/a-b/hot/5e0c9a71", size=3, root=page.root())
    page.receipts[-1] = sign_receipt(head, KEYS[B].receipt(SUITE), time=book.time, suite=SUITE)

    assert step_of(book.judged(book.members())) == 7


def test_a_log_that_does_not_begin_with_the_one_before_is_refused() -> None:
    book = usual()
    page = book.lines[B][1]
    del page.said[0]
    page.heads.clear()
    page.receipts.clear()
    book.sign(B)

    assert step_of(book.judged(book.members())) == 8


def test_a_link_that_one_side_did_not_open_is_refused(book: Book) -> None:
    members = book.members(is_whole=lambda said: said is not book.lines[B][0].said[0])

    assert step_of(book.judged(members)) == 9


def test_an_opening_with_other_cards_opens_nothing() -> None:
    book = Book()
    for pages in book.lines.values():
        pages[0].said.clear()
    book.open(A)
    book.open(B, cards=[id_text(card_hash(book.cards[A][0])), id_text(bytes(32))])
    book.sign_both()

    assert step_of(book.judged(book.members())) == 9


def test_a_part_under_another_key_is_refused(book: Book) -> None:
    members = book.members()
    name = f"logs/{A}/5e0c9a71/content"
    key = book.lines[A][0].said[1].parts[1].key
    members[name] = members[name].replace(key, bytes([key[0] ^ 1]) + key[1:])

    assert step_of(book.judged(members)) == 10


def test_a_file_that_was_changed_is_refused(book: Book) -> None:
    members = book.members()
    name = next(each for each in members if each.startswith("files/"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])

    assert step_of(book.judged(members)) == 10


def test_a_part_is_not_taken_from_another_log(book: Book) -> None:
    """The scope is inside the cipher: what B said cannot be shown as said by A."""
    mine = book.lines[A][0].said[2]
    theirs = book.lines[B][0].said[0]
    assert mine.parts[1].key != theirs.parts[1].key
    mine.parts = (mine.parts[0], theirs.parts[1])

    assert step_of(book.judged(book.members())) == 10


def test_two_signed_histories_convict_their_key(book: Book) -> None:
    book.forks = {book.lines[A][0].origin: fork(book, roots=(book.lines[A][0].root(2), bytes(32)))}

    found = book.judged(book.members())

    assert found.told is not None
    assert (found.result, [each.size for each in found.told.forks]) == (Result.PROVED, [2])
    assert found.told.forks[0].notes == book.forks[book.lines[A][0].origin]


def test_nobody_is_convicted_by_one_history(book: Book) -> None:
    book.forks = {book.lines[A][0].origin: fork(book, roots=(bytes(32), bytes(32)))}

    assert step_of(book.judged(book.members())) == 11


def fork(book: Book, *, roots: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    page = book.lines[A][0]
    keys = KEYS[A].write(page.origin, SUITE)
    one, two = (
        sign_head(Head(origin=page.origin, size=2, root=root), keys, time=NOON, suite=SUITE) for root in roots
    )
    return one, two


def test_a_false_seen_accuses_its_writer_and_refuses_nothing(book: Book) -> None:
    lie = Seen(origin=book.lines[A][0].origin, size=2, root=bytes(32))
    book.write(B, "received", {}, seen=[lie])
    book.sign(B)

    found = book.judged(book.members())

    assert found.told is not None
    assert found.result is Result.PROVED
    assert [(each.node, each.index) for each in found.told.seen.false] == [(B, 5)]


def test_a_seen_of_more_than_is_here_is_not_checked(book: Book) -> None:
    book.write(B, "received", {}, seen=[Seen(origin=book.lines[A][0].origin, size=99, root=bytes(32))])
    book.sign(B)

    found = book.judged(book.members())

    assert as_json(found)["seen"] == {"true": 7, "false": 0, "not_checked": 1}


def test_an_entry_that_breaks_the_grammar_is_void_and_refuses_nothing(book: Book) -> None:
    book.lines[A][0].said.append(Said(raw=b"nonsense", parts=()))
    book.sign(A)

    found = book.judged(book.members())

    assert found.told is not None
    assert (found.result, found.told.broken) == (Result.PROVED, 1)
    assert (worths(found.told, SUITE) or {})[A, 3] == "void:grammar"


def test_the_worth_of_each_statement_is_computed_over_the_end_of_a_log(book: Book) -> None:
    found = book.judged(book.members())

    assert found.told is not None
    assert set((worths(found.told, SUITE) or {}).values()) == {"valid"}


def test_what_depends_on_something_withheld_is_not_judged(book: Book) -> None:
    found = book.judged(book.members(is_told=lambda said: b"\nlog " in said.raw))

    assert found.told is not None
    assert found.result is Result.PROVED
    assert worths(found.told, SUITE) is None


def test_a_next_card_needs_its_announcement(book: Book) -> None:
    old = book.cards[A][0]
    new = replace(old, serial=2, prev=card_hash(old), url="https://moved.a.example/parley/v1")
    book.cards[A].append(new)
    book.card_notes[A].append(sign_card(new, KEYS[A].roots[:2], suite=SUITE, previous=old))
    assert step_of(book.judged(book.members())) == 6

    d: Mapping[str, JsonSource] = {"card": id_text(card_hash(new)), "serial": 2}
    book.write(A, "link.carded", d, body={"card": book.card_notes[A][1].decode()}, roots=(1, 2))
    book.sign(A)

    assert book.judged(book.members()).result is Result.PROVED


def test_new_keys_count_from_their_card_on_and_only_with_its_text(book: Book) -> None:
    old = book.cards[A][0]
    new = replace(old, serial=2, prev=card_hash(old), write_ed25519=KEYS[B].card(SUITE).link_ed25519)
    book.cards[A].append(new)
    book.card_notes[A].append(sign_card(new, KEYS[A].roots[:2], suite=SUITE, previous=old))
    page = book.lines[A][0]
    d: dict[str, JsonSource] = {"card": id_text(card_hash(new)), "serial": 2}
    body: Mapping[str, JsonSource] = {"card": book.card_notes[A][1].decode()}

    def signed_anew(by: bytes) -> int | None:
        head = Head(origin=page.origin, size=len(page.said), root=page.root())
        keys = KEYS[A].write(page.origin, SUITE)
        ed25519 = note.new_sign_key(page.origin, note.Algorithm.ED25519, by, suite=SUITE)
        book.sign(A)
        page.heads[-1] = sign_head(head, replace(keys, ed25519=ed25519), time=book.time, suite=SUITE)
        return step_of(book.judged(book.members()))

    fresh = KEYS[B].seed("link")
    book.write(A, "link.carded", d, body=body, roots=(1, 2))
    assert signed_anew(fresh) == 6

    page.said.pop()
    page.heads.pop()
    page.receipts.pop()
    book.write(A, "link.carded", {**d, "text": new.text().decode()}, body=body, roots=(1, 2))
    assert signed_anew(KEYS[A].seed("write ed25519")) == 6
    page.heads.pop()
    page.receipts.pop()
    assert signed_anew(fresh) is None


def test_a_line_of_an_unknown_algorithm_is_carried_along(book: Book) -> None:
    page = book.lines[A][0]
    foreign = note.Line(name=page.origin, key_id=b"\1\2\3\4", payload=b"of a national algorithm")
    head = note.parse(page.heads[-1])
    page.heads[-1] = note.encode(replace(head, lines=(*head.lines, foreign)))

    assert book.judged(book.members()).result is Result.PROVED


def test_a_record_of_nothing_but_openings_is_proved() -> None:
    book = Book()
    book.sign_both()

    assert book.judged(book.members()).result is Result.PROVED


def test_a_seen_that_goes_back_is_judged_like_any_other(book: Book) -> None:
    page = book.lines[A][0]
    true = [Seen(origin=page.origin, size=size, root=page.root(size)) for size in (3, 1, 2)]
    lie = Seen(origin=page.origin, size=1, root=bytes(32))
    for each in (*true[:2], lie, true[2]):
        book.write(B, "received", {}, seen=[each])
    book.sign(B)

    found = book.judged(book.members())

    assert found.told is not None
    assert as_json(found)["seen"] == {"true": 10, "false": 1, "not_checked": 0}
    assert [(each.node, each.index) for each in found.told.seen.false] == [(B, 7)]
