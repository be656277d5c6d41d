"""Rule H7: what came without its content is not taken; what does not open is without effect on both sides."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.rebuild import rebuild
from parley.protocol.notation import write_base64
from parley.protocol.parcel import Parcel, Piece
from parley.protocol.part import LOST_KEY
from parley.protocol.strictjson import write
from parley.protocol.suite import Standard
from parley.protocol.tree import leaf_hash
from tests.two_nodes.forger import Forger, act_of, changed, force, with_keys
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.tables import evidence

Change = Callable[[Parcel], Parcel]
WRONG = bytes(range(32))


def pieces(parcel: Parcel, change: Callable[[Piece], Piece]) -> Parcel:
    return replace(parcel, pieces=tuple(change(piece) for piece in parcel.pieces))


def spoil(pair: Pair, change: Change) -> bytes:
    """Return the next parcel of B to A as B would have sealed it after `change`."""
    raw = pair.ledgers[B].compose(LINK)
    assert raw is not None
    return changed(pair, raw, change, sender=B, receiver=A)


def verdicts(pair: Pair, said: Appended) -> set[str]:
    return {row.verdict.text for node in (A, B) for row in pair.rows(node) if row.statement == said.statement}


# ---- Something is missing


@pytest.mark.parametrize(
    "change",
    [
        lambda parcel: with_keys(parcel, lambda _digest, _key: None),
        lambda parcel: pieces(parcel, lambda piece: replace(piece, keys=piece.keys[1:])),
        lambda parcel: pieces(parcel, lambda piece: replace(piece, blobs=())),
        lambda parcel: pieces(parcel, lambda piece: replace(piece, blobs=piece.blobs[:1])),
        lambda parcel: pieces(
            parcel, lambda piece: replace(piece, blobs=(piece.blobs[0], piece.blobs[1][:-1] + b"x"))
        ),
    ],
    ids=["no keys", "a key short", "no ciphertexts", "a ciphertext short", "a ciphertext changed"],
)
def test_an_entry_without_its_content_is_not_taken_and_comes_again(pair: Pair, change: Change) -> None:
    pair.sends(node=B)
    before = evidence(pair.homes[A])

    answer = pair.bring(B, A, spoil(pair, change))

    assert not answer.changed
    assert evidence(pair.homes[A]) == before
    assert pair.alarms(A) == {"incomplete": 1}
    pair.ledgers[B].take_answer(LINK, answer.parcel)
    pair.settle()
    assert pair.is_settled()


# ---- Something does not open


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda parcel: with_keys(parcel, lambda _digest, _key: LOST_KEY), "key"),
        (
            lambda parcel: pieces(
                with_keys(parcel, lambda _digest, _key: LOST_KEY), lambda piece: replace(piece, blobs=())
            ),
            "key",
        ),
        (lambda parcel: with_keys(parcel, lambda _digest, _key: WRONG), "commitment"),
    ],
    ids=["lost key", "lost key and ciphertext", "wrong key"],
)
def test_what_does_not_open_is_receipted_and_without_effect_on_both_sides(
    pair: Pair, change: Change, reason: str
) -> None:
    said = pair.sends(node=B)

    answer = pair.bring(B, A, spoil(pair, change))
    pair.ledgers[B].take_answer(LINK, answer.parcel)
    pair.settle()

    assert verdicts(pair, said) == {"unopened"}
    assert pair.standing(B).receipted == said.index + 1
    assert pair.is_settled()
    (row,) = [row for row in pair.rows(A) if row.kind == "unopened"]
    assert row.act is not None
    assert row.act.d == {"reason": reason}


@pytest.mark.parametrize(
    "body", [b"{", b'{"a":1,"a":2}', b'{"a":1.5}', b"\xff", b'{"a":' + b"[" * 9 + b"]" * 9 + b"}"]
)
def test_a_body_that_is_not_strict_json_puts_the_statement_out_of_effect(pair: Pair, body: bytes) -> None:
    statement = force(pair, B, act_of("inquiry.sent", INQUIRY), body=body)

    pair.settle()

    for node in (A, B):
        assert [row.verdict.text for row in pair.rows(node) if row.statement == statement] == ["unopened"]
        with pair.reader(node) as reader:
            assert reader.thread(LINK, statement) is None
    assert pair.is_settled()


def test_our_own_ledger_does_not_write_a_body_that_would_not_open(pair: Pair) -> None:
    body = {"text": "x" * (2 * 1024 * 1024)}
    draft = pair.draft("inquiry.sent", INQUIRY, body=body)

    (result,) = pair.ledgers[A].append([draft])

    assert getattr(result, "code", None) == "bad-json"


def test_an_act_that_is_not_json_is_opened_and_void(pair: Pair) -> None:
    statement = force(pair, B, b"{")

    pair.settle()

    assert {row.verdict.text for node in (A, B) for row in pair.rows(node) if row.statement == statement} == {
        "void:bad-json"
    }
    assert pair.is_settled()


def test_after_an_unopened_statement_the_log_goes_on_and_the_same_may_be_said_again(pair: Pair) -> None:
    said = pair.sends(node=B)
    answer = pair.bring(B, A, spoil(pair, lambda parcel: with_keys(parcel, lambda _digest, _key: WRONG)))
    pair.ledgers[B].take_answer(LINK, answer.parcel)

    again = pair.sends(node=B)
    pair.settle()
    pair.say(A, "inquiry.acknowledged", {}, re=again.statement)
    pair.settle()

    assert verdicts(pair, said) == {"unopened"}
    assert verdicts(pair, again) == {"valid"}
    assert pair.is_settled()


def test_the_right_key_that_comes_later_changes_nothing(pair: Pair) -> None:
    said = pair.sends(node=B)
    honest = pair.ledgers[B].compose(LINK)
    assert honest is not None
    pair.bring(B, A, spoil(pair, lambda parcel: with_keys(parcel, lambda _digest, _key: WRONG)))

    answer = pair.bring(B, A, honest)
    pair.settle()

    assert not answer.changed
    assert verdicts(pair, said) == {"unopened"}
    assert pair.is_settled()


def test_what_answers_an_unopened_inquiry_is_without_effect(pair: Pair) -> None:
    said = pair.sends(node=B)
    more = pair.say(B, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=said.statement)
    act = next(row for row in pair.rows(B) if row.statement == said.statement)
    assert act.verdict.is_valid

    first = []

    def spoiled(digest: bytes, key: bytes) -> bytes:
        first.append(digest)
        return WRONG if len(first) == 1 else key

    answer = pair.bring(B, A, spoil(pair, lambda parcel: with_keys(parcel, spoiled)))
    pair.ledgers[B].take_answer(LINK, answer.parcel)
    pair.settle()

    assert verdicts(pair, said) == {"unopened"}
    assert verdicts(pair, more) == {"void:no-target"}
    assert pair.is_settled()


def test_an_opening_that_does_not_open_leaves_the_one_before_it_in_force(pair: Pair) -> None:
    sign_opening(pair, B, draft="open again")
    answer = pair.bring(B, A, spoil(pair, lambda parcel: with_keys(parcel, lambda _digest, _key: WRONG)))
    pair.ledgers[B].take_answer(LINK, answer.parcel)

    for node in (A, B):
        pair.sends(node=node)
    pair.settle()

    assert pair.is_settled()


def test_a_link_whose_opening_does_not_open_is_closed_on_both_sides_until_it_is_repeated(
    tmp_path: Path,
) -> None:
    pair = Pair(tmp_path, is_open=False)
    sign_opening(pair, A, draft="open")
    pair.settle()
    sign_opening(pair, B, draft="open")
    answer = pair.bring(B, A, spoil(pair, lambda parcel: with_keys(parcel, lambda _digest, _key: WRONG)))
    early = pair.sends(node=B)
    pair.ledgers[B].take_answer(LINK, answer.parcel)
    pair.settle()

    for node in (A, B):
        with pytest.raises(RefusedError, match="not-active"):
            pair.sends(node=node)
    assert verdicts(pair, early) == {"void:not-active"}
    sign_opening(pair, B, draft="open once more")
    pair.settle()
    pair.sends(node=A)
    pair.settle()
    assert pair.is_settled()
    pair.stop()


def sign_opening(pair: Pair, node: str, *, draft: str) -> None:
    pair.ledgers[node].sign_opening(LINK, pair.offer(node), pair.offer(pair.other(node)), draft=draft)


def test_a_wrong_key_that_came_first_does_not_shut_the_right_one_out(pair: Pair) -> None:
    pair.sends(node=B)
    pair.settle()
    forger = Forger(pair, B, A)
    body = write({"title": {"lang": "en", "text": "found"}})
    forger.write(act_of("inquiry.sent", INQUIRY), body=body)
    shared = list(forger.parts)[-1]
    forger.send(forger.piece(keys={shared: WRONG}))
    forger.held = len(forger.entries)

    second = with_body_of(forger, shared)
    forger.tell()

    with pair.reader(A) as reader:
        assert reader.body(LINK, second) == {"title": {"lang": "en", "text": "found"}}


def with_body_of(forger: Forger, digest: bytes) -> bytes:
    """Write an entry with an act of its own, and a body that was sent before."""
    part = forger.parts[digest]
    forger.write(act_of("inquiry.sent", INQUIRY, ref="again"))
    forger.entries[-1] += f"part {write_base64(part.hash)} {part.size}\n".encode()
    return leaf_hash(forger.entries[-1])


def test_thousands_of_entries_with_one_large_body_cost_no_more_than_one(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    forger.write(act_of("inquiry.sent", INQUIRY), body=write({"text": "x" * 500_000}))
    shared = list(forger.parts)[-1]
    for _ in range(300):
        with_body_of(forger, shared)
    counting = Counting()
    pair.suite = counting
    pair.restart(A)

    answer = forger.tell()

    assert answer.changed
    assert sum(size > 100_000 for size in counting.opened) == 1


class Counting(Standard):
    """The real suite; it writes down the size of everything that it opened."""

    def __init__(self) -> None:
        self.opened: list[int] = []

    def decrypt(self, key: bytes, *, context: bytes, ciphertext: bytes) -> bytes:
        self.opened.append(len(ciphertext))
        return super().decrypt(key, context=context, ciphertext=ciphertext)


def test_copies_of_one_act_are_void_and_take_no_room(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    forger.write(act_of("inquiry.sent", INQUIRY, ref="x" * 64))
    forger.entries += [forger.entries[-1]] * 500

    forger.tell()

    rows = [row for row in pair.rows(A) if row.writer == B][-500:]
    assert {row.verdict.text for row in rows} == {"void:duplicate-act"}
    assert {row.act for row in rows} == {None}


def test_an_act_that_comes_again_in_another_piece_or_parcel_is_void(pair: Pair) -> None:
    forger = Forger(pair, B, A)
    forger.write(act_of("inquiry.sent", INQUIRY), seen=forger.seen(1))
    start, first = len(forger.entries), forger.head()
    forger.entries.append(forger.entries[-1])
    both = [
        forger.piece(entries=forger.entries[forger.held : start], note=first),
        forger.piece(start=start, entries=forger.entries[start:]),
    ]

    forger.send(*both)
    forger.held = len(forger.entries)
    forger.entries.append(forger.entries[-1])
    forger.tell()

    verdicts = [row.verdict.text for row in pair.rows(A) if row.writer == B]
    assert verdicts[-3:] == ["valid", "void:duplicate-act", "void:duplicate-act"]
    assert rebuild(pair.homes[A], compare=True).differences == ()
