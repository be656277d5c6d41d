"""verify.html says what the other verifier says: each figure and statement of honest exports, and no."""

import random
import struct
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from parley.ledger.chosen import Choice
from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.card import card_hash, sign_card
from parley.protocol.head import Head, sign_head
from parley.protocol.strictjson import JsonSource
from tests.protocol.samples import SUITE
from tests.two_nodes.pair import A, B, Pair
from tests.verify.book import KEYS, Book, judge, pack
from tests.verify.mutants import usual
from tests.verify.second import NODE, ROOT, differences, findings, plain, statements, told
from tests.verify.test_steps import fork
from tests.verify.test_two_nodes import exported, talk
from verifier.build import PAGE, built

pytestmark = pytest.mark.slow

MUTANTS: Final = 150
MLDSA: Final = """
import { createInterface } from "node:readline";
import { unbase64 } from "./verifier/src/bytes.js";
import { mldsa_verifies } from "./verifier/src/mldsa.js";
for await (const line of createInterface({ input: process.stdin })) {
  console.log(Number(mldsa_verifies(...line.split(" ").map(unbase64))));
}
"""


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


def node(*words: str, given: str = "") -> str:
    ended = subprocess.run((NODE, *words), input=given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-3_000:]
    return ended.stdout


def agree(raw: bytes, digits: tuple[str, ...]) -> None:
    first = judge(raw, digits)
    (second,) = told([(raw, " ".join(digits))])

    assert second["findings"] == findings(first)
    assert plain(second["statements"]) == statements(first)


def test_the_page_is_the_one_that_its_sources_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == built(), "python verifier/build.py"


def test_every_vector_holds_in_the_second_language() -> None:
    node("--test", "verifier/tests/")


def test_what_two_nodes_said_is_the_same_in_both_verifiers(pair: Pair) -> None:
    talk(pair)

    for side in (A, B):
        made, raw = exported(pair, side, Choice())
        agree(raw, made.listing.digits)


def test_sealed_logs_files_stubs_and_unknown_lines_are_the_same_in_both_verifiers() -> None:
    book = usual()

    first = {page.said[0].id for pages in book.lines.values() for page in pages}
    origin = book.lines[A][0].origin
    book.forks[origin] = fork(book, roots=(book.lines[A][0].root(2), bytes(32)))

    agree(pack(book.members()), book.digits)
    agree(pack(book.members(is_whole=lambda said: said.id in first)), book.digits)
    agree(pack(book.members(is_told=lambda said: said.id in first)), book.digits)


def test_no_export_that_was_tampered_with_is_accepted_by_either() -> None:
    _, differ, _ = differences(range(MUTANTS))

    assert differ == []


def _times_fall(book: Book) -> bytes:
    book.time -= 10_000
    book.sign(A)
    del book.lines[A][0].heads[-2], book.lines[A][0].receipts[-2]
    return pack(book.members())


def _no_time_at_all(book: Book) -> bytes:
    """A head with both lines valid, but for a time that no line can state (§1.4.3); signed by hand."""
    page, late = book.lines[A][0], 100_000_000_000
    head = note.parse(page.heads[-1])
    ed25519, ml_dsa = head.lines
    size, root = len(page.said), page.root()
    origin = bytes([len(page.origin)]) + page.origin.encode()
    message = (
        b"subtree/v1\n\0" + origin + struct.pack(">Q", late) + origin + struct.pack(">QQ", 0, size) + root
    )
    signature = SUITE.sign_ml_dsa(KEYS[A].write(page.origin, SUITE).ml_dsa.seed, message)
    line = note.Line(name=ml_dsa.name, key_id=ml_dsa.key_id, payload=struct.pack(">Q", late) + signature)
    page.heads[-1] = note.encode(replace(head, lines=(ed25519, line)))
    return pack(book.members())


def _fork_by_another_key(book: Book) -> bytes:
    origin = book.lines[A][0].origin
    heads = (Head(origin=origin, size=2, root=bytes([n]) * 32) for n in range(2))
    keys = KEYS[B].write(origin, SUITE)
    one, two = (sign_head(head, keys, time=book.time, suite=SUITE) for head in heads)
    book.forks = {origin: (one, two)}
    return pack(book.members())


def _file_that_nobody_names(book: Book) -> bytes:
    file = next(part for page in book.lines[A] for said in page.said for part in said.parts[2:])
    members = book.members()
    told_as_withheld = {
        name: raw.replace(b"\x04" + file.key, b"\0") for name, raw in members.items() if "/content" in name
    }
    assert sum(map(len, members.values())) > len(b"".join((members | told_as_withheld).values()))
    return pack(members | told_as_withheld)


def _next_card_of_too_few(book: Book) -> bytes:
    old = book.cards[A][0]
    new = replace(old, serial=2, prev=card_hash(old), url="https://moved.a.example/parley/v1")
    signed = note.parse(sign_card(new, KEYS[A].roots[:2], suite=SUITE, previous=old))
    book.cards[A].append(new)
    book.card_notes[A].append(note.encode(replace(signed, lines=signed.lines[:1])))
    d: Mapping[str, JsonSource] = {"card": id_text(card_hash(new)), "serial": 2}
    book.write(A, "link.carded", d, roots=(1, 2))
    book.sign(A)
    return pack(book.members())


def _more_entries_than_listed(book: Book) -> bytes:
    return pack({name: raw + bytes(34) * name.endswith("/entries") for name, raw in book.members().items()})


def _more_content_than_entries(book: Book) -> bytes:
    return pack({name: raw + bytes(1) * name.endswith("/content") for name, raw in book.members().items()})


@pytest.mark.parametrize(
    ("make", "step"),
    [
        (_next_card_of_too_few, 3),
        (_more_entries_than_listed, 5),
        (_times_fall, 6),
        (_no_time_at_all, 6),
        (_file_that_nobody_names, 10),
        (_more_content_than_entries, 10),
        (_fork_by_another_key, 11),
    ],
)
def test_what_somebody_with_keys_made_up_is_refused_by_both(make: Callable[[Book], bytes], step: int) -> None:
    book = usual()
    raw = make(book)

    (second,) = told([(raw, " ".join(book.digits))])

    refused = {"parley": "findings/1", "result": "refused", "step": step}
    assert (second["findings"], findings(judge(raw, book.digits))) == (refused, refused)


def test_wrong_digits_and_none_come_out_as_with_the_first() -> None:
    book = usual()
    raw = pack(book.members())
    wrong = ("00000", *book.digits[1:])

    second = [said["findings"] for said in told([(raw, " ".join(wrong)), (raw, "")])]

    assert second == [findings(judge(raw, wrong)), findings(judge(raw, None))]
    assert [each["result"] for each in second] == ["refused", "open"]


def test_signatures_by_another_implementation_verify_and_changed_ones_do_not() -> None:
    dice = random.Random(44)  # noqa: S311 - the same cases in every run
    cases: list[tuple[str, int]] = []
    for number in range(12):
        key = MLDSA44PrivateKey.from_seed_bytes(dice.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), dice.randbytes(number * 37)
        signature = key.sign(message)
        cases.append((_line(public, message, signature), 1))
        # The last 84 bytes are the hint, whose one form is checked byte by byte.
        for at in (dice.randrange(32), dice.randrange(32, 2336), *range(2336, 2420, 7), *range(2416, 2420)):
            changed = bytearray(signature)
            changed[at] ^= 1 << dice.randrange(8)
            cases.append((_line(public, message, bytes(changed)), 0))
        # The first two hints of the first row exchanged are the same hints in another form.
        if signature[2416] > 1:
            first, second = signature[2336:2338]
            changed = bytearray(signature)
            changed[2336:2338] = second, first
            cases.append((_line(public, message, bytes(changed)), 0))

    printed = node("--input-type=module", "--eval", MLDSA, given="\n".join(line for line, _ in cases))

    assert [int(each) for each in printed.split()] == [expected for _, expected in cases]


def _line(*each: bytes) -> str:
    return " ".join(b64encode(raw).decode() for raw in each)


def test_the_sentences_are_those_of_the_first() -> None:
    page = PAGE.read_text(encoding="utf-8")
    specified = (ROOT / "docs" / "protocol" / "11-exports.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in specified.partition("## §11.7")[2].partition("## §11.8")[0].splitlines()
        if line.startswith("| ")
    ]
    told_here = [
        cell.replace("{sentence of the step}", "{sentence}").replace("{该步的句子}", "{sentence}")
        for row in rows
        for cell in row[-2:]
        if cell not in {"English", "中文"}
    ]

    assert len(told_here) > 50
    missing = [each for each in told_here if f'"{each}"' not in page]
    # What each statement is worth is left to the other verifiers, and the page says so.
    assert [each for each in missing if "worth" not in each and "效力" not in each] == []
