"""Exports that somebody with every key of both sides makes by chance, for two verifiers to agree on.

    python -m tests.verify.foes [COUNT [FIRST]]     from the root, with src on PYTHONPATH

A foe is a function of its number. He writes a record, breaks this or that in it, and signs what he has
broken; so what the two verifiers say depends on every rule, and not on hashes alone.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.card import card_hash, sign_card
from parley.protocol.entry import Seen
from parley.protocol.head import Head, sign_head, sign_receipt
from parley.protocol.notation import write_base64
from parley.protocol.part import PartError, SealedPart, open_part, seal_part
from parley.protocol.strictjson import JsonSource
from tests.verify.book import KEYS, SENT, A, B, Book, Page, Said, pack
from tests.verify.book import judge as first_says
from tests.verify.second import findings, plain, statements, told

NODES: Final = (A, B)


class Foe:
    """One of them, with dice of his own."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)  # noqa: S311 - a foe is a function of his number
        self.book = Book()
        self.did: list[str] = []

    def export(self) -> bytes:
        """Write, break, sign and pack."""
        self.book.sign_both()
        for _ in range(self.dice.randrange(1, 14)):
            act = self.dice.choice(ACTS)
            self.did.append(act.__name__)
            act(self)
        self.sign()
        members = self.book.members(is_whole=self.chance(0.9), is_told=self.chance(0.9))
        if self.dice.random() < 0.3:
            self.did.append("content")
            self.break_content(members)
        return pack(members)

    def chance(self, share: float) -> Callable[[Said], bool]:
        """Return a choice of entries; openings are in it nearly always."""
        chosen: dict[bytes, bool] = {}
        is_all = self.dice.random() < 0.5

        def is_in(said: Said) -> bool:
            odds = 0.99 if b"\nlog " in said.raw else share
            return chosen.setdefault(said.id, is_all or self.dice.random() < odds)

        return is_in

    def page(self) -> Page:
        return self.book.lines[self.dice.choice(NODES)][-1]

    def sign(self) -> None:
        for node in NODES:
            page = self.book.lines[node][-1]
            if page.said and self.dice.random() < 0.97:
                page.heads[:] = [each for each in page.heads if _size(each) < len(page.said)]
                page.receipts[:] = [each for each in page.receipts if _size(each) < len(page.said)]
                self.book.sign(node)

    def break_content(self, members: dict[str, bytes]) -> None:
        name = self.dice.choice([each for each in members if each.endswith("/content")])
        content = members[name]
        if not content:
            return
        at = self.dice.choice((0, len(content) - 1, self.dice.randrange(len(content))))
        change = self.dice.choice((b"", b"\0", b"\1", b"\2", b"\3", b"\4", b"\0\0"))
        members[name] = content[:at] + change + content[at + self.dice.choice((0, 1)) :]


def _size(raw: bytes) -> int:
    return int(note.parse(raw).text.split(b"\n")[1])


# ---- What he does


def _says(foe: Foe) -> None:
    node = foe.dice.choice(NODES)
    sizes = [foe.dice.choice((0, 1, 16_383, 16_384, 16_385))] if foe.dice.random() < 0.3 else []
    files = [foe.dice.randbytes(size) for size in sizes]
    foe.book.write(node, "inquiry.sent", SENT, body={"title": {"lang": "en", "text": "x"}}, files=files)


def _says_something_odd(foe: Foe) -> None:
    """An act that was said already, with something changed, in an entry that persons sign or not."""
    page = foe.page()
    old = foe.dice.choice([each for each in page.said if each.parts] or [foe.book.lines[A][0].said[0]]).parts[
        0
    ]
    scopes = [each.origin for node in NODES for each in foe.book.lines[node]]
    raw = next(filter(None, (_opened(old, scope, foe) for scope in scopes)), b"{}")
    said = foe.book.write(page.node, "received", {}, roots=foe.dice.choice(((), (1,), (1, 2), (1, 2, 3))))
    _exchange(foe, said, seal_part(_spoiled(foe.dice, raw), scope=page.origin, suite=foe.book.suite))


def _opened(part: SealedPart, scope: str, foe: Foe) -> bytes | None:
    try:
        return open_part(part.ciphertext, key=part.key, scope=scope, suite=foe.book.suite)
    except PartError:
        return None


def _spoiled(dice: random.Random, raw: bytes) -> bytes:
    """Change an act a little: a byte, a word, another spelling of a sign, or nothing."""
    at = dice.randrange(len(raw) + 1)
    words = (
        b'"',
        b",",
        b"0",
        b"null",
        b"\\u0061",
        b" ",
        b'"d":{},',
        b"\xff",
        b"-1",
        b"9007199254740992",
        b"[]",
    )
    match dice.randrange(6):
        case 0:
            return raw
        case 1:
            return raw[:at] + dice.choice(words) + raw[at:]
        case 2:
            return raw[:at] + raw[at + dice.randrange(1, 9) :]
        case 3:
            return raw.replace(b"e", b"\\u0065", dice.randrange(1, 4))
        case 4:
            return raw.replace(b'"v":1', dice.choice((b'"v":2', b'"v":true', b'"v":1.0', b'"v":"1"')))
        case _:
            return raw.replace(b"null", dice.choice((b"1", b'""', b"false", b"{}")), 1)


def _exchange(foe: Foe, said: Said, act: SealedPart) -> None:
    """Let an entry name another act; the lines over it no longer hold, and half the time are made anew."""
    old = said.parts[0]
    said.raw = said.raw.replace(_named(old), _named(act))
    said.parts = (act, *said.parts[1:])
    if foe.dice.random() < 0.8 and b"\nlog " in said.raw:
        signed = note.parse(said.raw)
        lines = tuple(_resigned(foe, signed.text, line) for line in signed.lines)
        said.raw = note.encode(replace(signed, lines=lines))


def _resigned(foe: Foe, text: bytes, line: note.Line) -> note.Line:
    node, _, n = line.name.split("/")
    seed = KEYS[node].roots[int(n) - 1]
    key = note.new_sign_key(line.name, note.Algorithm.ED25519, seed, suite=foe.book.suite)
    return note.sign(text, key, foe.book.suite)


def _named(part: SealedPart) -> bytes:
    return f"{write_base64(part.hash)} {part.size}".encode()


def _breaks_the_grammar(foe: Foe) -> None:
    page = foe.page()
    raw = foe.dice.choice(page.said).raw if page.said else b"x"
    at = foe.dice.randrange(len(raw))
    word = foe.dice.choice((b"\n", b" ", b"\0", b"\xe2\x80\x94 ", b"=", b"part ", b"9" * 20))
    page.said.append(Said(raw=(raw[:at] + word + raw[at + foe.dice.randrange(3) :])[:65_535], parts=()))


def _lies_about_seen(foe: Foe) -> None:
    page = foe.page()
    origin = foe.dice.choice([each.origin for node in NODES for each in foe.book.lines[node]])
    seen = Seen(origin=origin, size=foe.dice.randrange(1, 9), root=foe.dice.randbytes(32))
    foe.book.write(page.node, "received", {}, seen=[seen])


def _plays_with_lines(foe: Foe) -> None:
    """Double, drop, spoil, exchange or add a line of an entry."""
    said = foe.dice.choice(foe.page().said or [Said(raw=b"x", parts=())])
    try:
        signed = note.parse(said.raw)
    except BreachError:
        return
    lines = list(signed.lines)
    at = foe.dice.randrange(len(lines))
    strange = note.Line(name="a.example/officer/9", key_id=b"\1\2\3\4", payload=b"national")
    spoiled = note.Line(name=lines[at].name, key_id=lines[at].key_id, payload=foe.dice.randbytes(64))
    ways = (
        [*lines, lines[at]],
        lines[:at] + lines[at + 1 :] or [strange],
        [*lines[:at], spoiled, *lines[at + 1 :]],
        lines[::-1],
        [strange, *lines],
    )
    lines = foe.dice.choice(ways)
    said.raw = note.encode(replace(signed, lines=tuple(lines[:16])))


def _renews(foe: Foe) -> None:
    node = foe.dice.choice(NODES)
    if len(foe.book.cards[node]) > 1:
        return
    foe.book.renew(node)
    if foe.dice.random() < 0.2:
        foe.book.keys[node] = KEYS[node]


def _moves(foe: Foe) -> None:
    """A card with another address, announced without its text, or with that of another card."""
    node = foe.dice.choice(NODES)
    old = foe.book.cards[node][-1]
    changes: dict[str, object] = {"url": "https://moved.example/"}
    if foe.dice.random() < 0.2:
        changes["threshold"] = foe.dice.choice((1, 3))
    new = replace(old, serial=old.serial + 1, prev=card_hash(old), **changes)  # type: ignore[arg-type] # any field
    roots = KEYS[node].roots[: foe.dice.choice((1, 2, 2, 2, 3))]
    foe.book.cards[node].append(new)
    foe.book.card_notes[node].append(sign_card(new, KEYS[node].roots, suite=foe.book.suite, previous=old))
    d: dict[str, JsonSource] = {"card": id_text(card_hash(new)), "serial": new.serial}
    if foe.dice.random() < 0.3:
        d["text"] = foe.dice.choice((new, old)).text().decode()
    if foe.dice.random() < 0.9:
        foe.book.write(node, "link.carded", d, roots=tuple(range(1, len(roots) + 1)))


def _seals(foe: Foe) -> None:
    node = foe.dice.choice(NODES)
    if len(foe.book.lines[node]) == 1:
        page = foe.book.lines[node][0]
        if foe.dice.random() < 0.5:
            foe.sign()
        page.heads[:] = [each for each in page.heads if _size(each) <= len(page.said)]
        foe.book.seal(node)


def _forks(foe: Foe) -> None:
    page = foe.page()
    size = foe.dice.randrange(1, len(page.said) + 2)
    pair = []
    for _ in range(2):
        keys = foe.dice.choice((KEYS[page.node], foe.book.keys[page.node])).write(page.origin, foe.book.suite)
        head = Head(origin=page.origin, size=size, root=foe.dice.choice((bytes(32), bytes([1]) * 32)))
        pair.append(sign_head(head, keys, time=foe.book.time, suite=foe.book.suite))
    forks = {**foe.book.forks, page.origin: (pair[0], pair[1])}
    order = [each.origin for node in NODES for each in foe.book.lines[node]]
    foe.book.forks = {origin: forks[origin] for origin in order if origin in forks}


def _revokes(foe: Foe) -> None:
    node = foe.dice.choice(NODES)
    serial = foe.dice.randrange(1, len(foe.book.cards[node]) + 1)
    foe.book.revoke(node, foe.dice.randrange(4), roots=foe.dice.choice(((1, 2), (2, 3), (1,))), serial=serial)
    order = [each.origin for each_node in NODES for each in foe.book.lines[each_node]]
    foe.book.revocations = {
        origin: foe.book.revocations[origin] for origin in order if origin in foe.book.revocations
    }


def _enrols(foe: Foe) -> None:
    node = foe.dice.choice(NODES)
    d: dict[str, JsonSource] = {
        "n": 9, "alg": "ed25519", "key": write_base64(foe.book.suite.ed25519_public(KEYS[B].seed("nine"))),
        "roles": ["desk"], "since": 1, "until": None,
    }  # fmt: skip
    d |= foe.dice.choice(({}, {}, {"roles": []}, {"until": 1}, {"n": 0}, {"more": 1}))
    foe.book.write(node, "officer.enrolled", d, roots=foe.dice.choice(((1,), (1, 2))))


def _erases(foe: Foe) -> None:
    page = foe.page()
    named = foe.dice.choice(
        [said.id for node in NODES for each in foe.book.lines[node] for said in each.said]
    )
    parts: JsonSource = foe.dice.choice(("all", [0], [0, 1], [1, 0], [], [256], "some", None))
    ground = foe.dice.choice(("retention", "agreed", "legal_hold"))
    kind = foe.dice.choice(("record.erasure_ordered", "record.erased", "record.erasure_refused"))
    d: dict[str, JsonSource] = {"parts": [{"statement": id_text(named), "parts": parts}], "ground": ground}
    answers: dict[str, dict[str, JsonSource]] = {
        "record.erased": {},
        "record.erasure_refused": {"ground": ground},
    }
    d = answers.get(kind, d)
    re = None if foe.dice.random() < 0.4 else named
    foe.book.write(page.node, kind, d, re=re)


def _strands(foe: Foe) -> None:
    """Say more in a log that ended, goes on or is none of the line; under a head over it, or another."""
    pages = [page for node in NODES for page in foe.book.lines[node]]
    page = foe.dice.choice([*pages, Page(node=foe.dice.choice(NODES), epoch="0a0b0c0d")])
    beside = foe.book.strand(page)
    odd = foe.dice.random()
    if odd < 0.2:
        beside.heads += foe.dice.choice(pages).heads[-1:]
    elif odd < 0.4:
        beside.said.pop(foe.dice.randrange(2))


def _signs(foe: Foe) -> None:
    foe.sign()


def _signs_oddly(foe: Foe) -> None:
    """A head or receipt with a line less, twice, or strange; or over the wrong size, time or root."""
    page = foe.page()
    if not page.said:
        return
    size = foe.dice.randrange(1, len(page.said) + 2)
    root = foe.dice.choice((page.root(size), bytes(32)))
    head = Head(origin=page.origin, size=size, root=root)
    time = foe.dice.choice((1, foe.book.time, 99_999_999_999))
    keys, suite = foe.book.keys, foe.book.suite
    where = foe.dice.choice((page.heads, page.receipts))
    other = B if page.node == A else A
    if where is page.heads:
        raw = sign_head(head, keys[page.node].write(page.origin, suite), time=time, suite=suite)
    else:
        raw = sign_receipt(head, keys[other].receipt(suite), time=time, suite=suite)
    signed = note.parse(raw)
    strange = note.Line(name=signed.lines[0].name, key_id=b"\1\2\3\4", payload=b"national")
    lines = foe.dice.choice(
        (signed.lines, signed.lines, (*signed.lines, strange), signed.lines[:1], signed.lines * 2)
    )
    where.insert(foe.dice.randrange(len(where) + 1), note.encode(replace(signed, lines=lines)))


ACTS: Final[tuple[Callable[[Foe], None], ...]] = (
    _says, _says, _says, _says_something_odd, _breaks_the_grammar, _lies_about_seen, _plays_with_lines,
    _renews, _moves, _seals, _forks, _revokes, _enrols, _erases, _erases, _strands,
    _signs, _signs, _signs_oddly,
)  # fmt: skip


def look(numbers: range) -> tuple[Counter[str], list[str]]:
    """Return how the exports of these foes come out, and those of which the two verifiers differ."""
    foes = [Foe(number) for number in numbers]
    made = [(foe.export(), " ".join(foe.book.digits)) for foe in foes]
    outcomes: Counter[str] = Counter()
    differ = []
    for number, foe, (raw, _), second in zip(numbers, foes, made, told(made), strict=True):
        said = first_says(raw, foe.book.digits)
        first, there = findings(said), second["findings"]
        outcomes[f"step {first['step']}"] += 1
        if first != there or (said.told and statements(said) != plain(second["statements"])):
            differ.append(f"{number} {foe.did}: {first['step']} here, {there['step']} there")
    return outcomes, differ


def main() -> int:
    """Look at them all, print what came out, and end with 1 if the two differ."""
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    outcomes: Counter[str] = Counter()
    differ: list[str] = []
    for at in range(start, start + count, 100):
        some, others = look(range(at, min(at + 100, start + count)))
        outcomes += some
        differ += others
    sys.stdout.write(json.dumps({"foes": count, "differ": differ, "outcomes": outcomes}, indent=1) + "\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
