"""Exports of real nodes: whatever two honest ones said is proved, and no more is told than was chosen."""

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.ledger.chosen import Choice
from parley.ledger.export import Exported, House, NothingReceiptedError, export, kept_receipts
from parley.protocol.entry import parse as parse_entry
from parley.protocol.strictjson import JsonValue
from parley.protocol.verify.findings import Findings, Result, as_json
from parley.protocol.verify.members import Found
from parley.protocol.verify.reading import worths
from parley.vault.vault import Vault
from tests.protocol.samples import SUITE
from tests.two_nodes.filing import files_it
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, A, B, C, Nodes, Pair
from tests.verify.book import judge

CANARY: Final = "canary-7f3a"


def exported(pair: Nodes, node: str, choice: Choice, *, link: str = LINK) -> tuple[Exported, bytes]:
    out = io.BytesIO()
    with pair.reader(node) as reader:
        receipts = kept_receipts(pair.ledgers[node]._desk)  # noqa: SLF001 - a test may look behind a door
        vault = Vault(pair.homes[node].vault)
        house = House(reader=reader, keys=pair.keys(node), suite=SUITE, receipts=receipts, vault=vault)
        made = export(house, link, out, choice=choice)
    assert made.size == len(out.getvalue())
    return made, out.getvalue()


def proved(pair: Nodes, node: str, choice: Choice) -> Findings:
    made, raw = exported(pair, node, choice)
    return judge(raw, made.listing.digits)


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


def talk(pair: Pair) -> tuple[bytes, bytes]:
    """Have A send two inquiries, of which B answers the first; return both ids."""
    one = pair.sends(title=f"one {CANARY}-1")
    pair.settle()
    pair.clocks[A].time += 100
    pair.clocks[B].time += 130
    text: Mapping[str, JsonValue] = {"text": {"lang": "en", "text": f"no {CANARY}-1"}}
    pair.say(B, "inquiry.refused", {"items": "all", "grounds": ["G13"]}, re=one.statement, body=text)
    two = pair.sends(title=f"two {CANARY}-2")
    pair.settle()
    return one.statement, two.statement


def test_both_sides_exports_are_proved_and_say_the_same(pair: Pair) -> None:
    talk(pair)

    mine, theirs = (proved(pair, node, Choice()) for node in (A, B))

    assert mine.result is theirs.result is Result.PROVED
    assert mine.told is not None
    assert theirs.told is not None
    assert worths(mine.told, SUITE) == worths(theirs.told, SUITE)
    assert set((worths(mine.told, SUITE) or {}).values()) == {"valid"}
    assert [log.root for log in mine.told.logs] == [log.root for log in theirs.told.logs]


def test_the_worth_is_what_the_nodes_say(pair: Pair) -> None:
    _, two = talk(pair)
    pair.say(A, "inquiry.withdrawn", {"items": "all", "reason": "solved"}, re=two)
    pair.settle()

    told = proved(pair, B, Choice()).told

    assert told is not None
    assert worths(told, SUITE) == {(row.writer, row.index): row.verdict.text for row in pair.rows(B)}


def test_the_same_choice_gives_the_same_bytes(pair: Pair) -> None:
    talk(pair)

    assert exported(pair, A, Choice())[1] == exported(pair, A, Choice())[1]


def test_an_export_of_one_inquiry_tells_nothing_of_another_but_hashes(pair: Pair) -> None:
    one, two = talk(pair)
    _, whole = exported(pair, A, Choice())
    made, raw = exported(pair, A, Choice(thread=one))

    found = judge(raw, made.listing.digits)

    assert found.result is Result.PROVED
    assert found.told is not None
    assert found.told.stubs >= 2
    for secret in secrets_of(pair, two):
        assert secret in whole
        assert secret not in raw
    for secret in secrets_of(pair, one):
        assert secret in raw
    assert two in raw
    assert made.whole == 4


def secrets_of(pair: Pair, statement: bytes) -> Iterator[bytes]:
    """Yield the entry, and keys and ciphertexts of its parts, as A has them."""
    keys = pair.keys(A)
    with pair.reader(A) as reader:
        raw = reader.raw(LINK, statement)
        assert raw is not None
        entry = parse_entry(raw).entry
        yield raw
        for ref in (entry.act, *entry.parts):
            wrapped, ciphertext = reader.connection.execute(
                "SELECT wrapped, ciphertext FROM part WHERE hash = ?", (ref.hash,)
            ).fetchone()
            yield keys.unwrap(wrapped)
            yield bytes(ciphertext)


def test_without_content_no_key_leaves_but_those_of_the_openings(pair: Pair) -> None:
    one, two = talk(pair)

    made, raw = exported(pair, A, Choice(with_content=False))

    found = judge(raw, made.listing.digits)
    assert found.result is Result.PROVED
    assert as_json(found)["parts"] == {"disclosed": 4, "withheld": 8, "erased": 0, "unopenable": 0}
    for statement in (one, two):
        entry, *content = secrets_of(pair, statement)
        assert entry in raw
        assert not any(secret in raw for secret in content)


def test_a_span_of_time_shows_what_took_effect_in_it(pair: Pair) -> None:
    one, two = talk(pair)

    made, raw = exported(pair, A, Choice(since=pair.clocks[A].time))

    assert judge(raw, made.listing.digits).result is Result.PROVED
    (first, *_), (second, *_) = secrets_of(pair, one), secrets_of(pair, two)
    assert (first in raw, second in raw) == (False, True)


def test_an_export_ends_where_the_other_side_signed(pair: Pair) -> None:
    talk(pair)
    before, _ = exported(pair, A, Choice())
    late = pair.sends(title="late")

    after, raw = exported(pair, A, Choice())

    assert after.listing.lines == before.listing.lines
    assert late.statement not in raw


def test_before_both_hold_the_others_opening_there_is_nothing_to_prove(tmp_path: Path) -> None:
    pair = Pair(tmp_path, is_open=False)

    with pytest.raises(NothingReceiptedError):
        exported(pair, A, Choice())
    pair.stop()


def test_the_proof_of_one_link_is_none_of_another(tmp_path: Path) -> None:
    nodes = Nodes(tmp_path, names=(A, B, C))
    for other in (B, C):
        nodes.link(A, other)
        nodes.open(A, other)
    made, raw = exported(nodes, A, Choice())
    theirs, _ = exported(nodes, A, Choice(), link="a-c")

    assert judge(raw, made.listing.digits).result is Result.PROVED
    assert judge(raw, theirs.listing.digits).step == 4
    nodes.stop()


def test_what_the_other_side_could_not_open_is_said_so(pair: Pair) -> None:
    one = pair.sends(title="lost")
    with pair.reader(A) as reader:
        raw = reader.raw(LINK, one.statement)
    assert raw is not None
    ledger = pair.ledgers[A]
    body = parse_entry(raw).entry.parts[0].hash
    ledger._db.execute("UPDATE part SET wrapped = x'00' WHERE hash = ?", (body,))  # noqa: SLF001 - likewise
    pair.settle()

    found = {node: proved(pair, node, Choice()) for node in (A, B)}

    for node, each in found.items():
        assert each.told is not None, node
        assert each.told.parts[Found.UNOPENABLE] >= 1
        assert (worths(each.told, SUITE) or {})[A, one.index] == "unopened"


def test_after_a_restore_that_ended_a_log_both_exports_are_proved(pair: Pair, tmp_path: Path) -> None:
    copies = Copies(pair=pair, folder=tmp_path / "copies")
    old = copies.keep(A)
    talk(pair)
    pair.sends(title="never left the house")
    copies.restore(A, old)
    pair.settle()
    pair.sends(title="said again")
    pair.settle()

    for node in (A, B):
        told = proved(pair, node, Choice()).told
        assert told is not None
        assert [len(line) for line in told.listing.lines.values()] == [2, 1]
        assert worths(told, SUITE) == {(row.writer, row.index): row.verdict.text for row in pair.rows(node)}


def test_files_go_with_what_names_them(pair: Pair) -> None:
    filed = files_it(pair, b"evidence " * 9_000)
    other = pair.sends(title="without a file")
    pair.settle()

    for node in (A, B):
        made, raw = exported(pair, node, Choice())
        found = judge(raw, made.listing.digits)
        assert found.told is not None, (found.step, found.reason)
        assert found.told.parts[Found.FILE] == 1
        bare, without = exported(pair, node, Choice(thread=other.statement))
        assert judge(without, bare.listing.digits).result is Result.PROVED
        assert not bare.listing.files
        assert len(without) < len(raw) - len(filed.content)


STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(["send", "acknowledge", "admit", "withdraw", "carry", "lose", "restart", "wait"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, node=st.sampled_from([A, B]))
def test_every_honest_export_is_proved(steps: list[tuple[str, bool]], node: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="parley-export-", dir=MEMORY))
    pair = Pair(folder)
    try:
        for what, first in steps:
            _do(pair, what, A if first else B)
        found = proved(pair, node, Choice())
        assert found.result is Result.PROVED
        assert found.told is not None
        verdicts = worths(found.told, SUITE)
        held = {(row.writer, row.index): row.verdict.text for row in pair.rows(node)}
        assert verdicts is None or verdicts.items() <= held.items()
    finally:
        pair.stop()
        shutil.rmtree(folder)


def _do(pair: Pair, what: str, node: str) -> None:
    other = pair.other(node)
    inquiries = [row for row in pair.rows(node) if row.kind == "inquiry.sent"]
    match what:
        case "send":
            pair.sends(node=node, title=CANARY)
        case "acknowledge" | "admit" | "withdraw" if inquiries:
            kinds = {
                "acknowledge": ("inquiry.acknowledged", {}),
                "admit": ("inquiry.admitted", {"items": "all"}),
                "withdraw": ("inquiry.withdrawn", {"items": "all", "reason": "solved"}),
            }
            kind, d = kinds[what]
            pair.ledgers[node].append([pair.draft(kind, d, re=inquiries[-1].statement)])
        case "carry":
            pair.carry(node, other, prompt=True)
        case "lose":
            pair.ledgers[node].compose(LINK, prompt=True)
        case "restart":
            pair.restart(node)
        case _:
            pair.clocks[node].time += 3_600
