"""What two nodes in one process say, order and destroy, and every trace by which it could be known."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from parley.ledger.drafts import Draft, Prepared, RefusedError
from parley.ledger.files import file_rows
from parley.ledger.fsck.check import Looking, check_record
from parley.ledger.preparing import prepare
from parley.ledger.rebuild import rebuild
from parley.protocol import note
from parley.protocol.act import id_text
from parley.protocol.content import inline_parts
from parley.protocol.files import NamedFile, file_scope, write_files
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.filing import CHANNEL, enclosed, vault_of
from tests.two_nodes.pair import INQUIRY, LINK, SUITE, A, B, Pair

CANARY: Final = "the canary of the third cage"


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A statement with words and a file, and every stretch of bytes by which any of it could be known."""

    statement: bytes
    file: bytes
    traces: tuple[bytes, ...]


def says_secret(pair: Pair, *, node: str = A) -> Secret:
    """Have `node` say an inquiry with words and a file, until both have all of it."""
    content = CANARY.encode() * 100
    vault = vault_of(pair, node)
    sealed = vault.add(io.BytesIO(content), scope=file_scope(node, CHANNEL), dice=SUITE.dice)
    named = NamedFile(part=1, name="m.eml", type="text/plain", size=len(content), sha256=sealed.plain_sha256)
    body: dict[str, JsonValue] = {"title": {"lang": "en", "text": CANARY}, "files": write_files([named])}
    draft = pair.draft("inquiry.sent", INQUIRY, body=body)
    (said,) = pair.ledgers[node].append([replace(draft, files=(enclosed(pair, node, sealed),))])
    assert not isinstance(said, RefusedError)
    pair.settle()
    traces = [sealed.key, vault.stretch(sealed.hash, 100, size=64), CANARY.encode()]
    for each in (A, B):
        traces += traces_of(pair, each, said.statement, sealed.hash)
    return Secret(statement=said.statement, file=sealed.hash, traces=tuple(traces))


def traces_of(pair: Pair, node: str, statement: bytes, file: bytes) -> Sequence[bytes]:
    with pair.reader(node) as reader:
        raw = reader.raw(LINK, statement)
        assert raw is not None
        _act, body = inline_parts(raw)
        wrapped, ciphertext = reader.connection.execute(
            "SELECT wrapped, ciphertext FROM part WHERE hash = ?", (body.hash,)
        ).fetchone()
        (row,) = file_rows(reader.connection, file)
    key = pair.keys(node).unwrap(wrapped)
    return [bytes(wrapped), key, bytes(ciphertext)[60:100], row.wrapped]


def found_in(pair: Pair, node: str, secret: Secret) -> set[str]:
    """Return the names of the files of a node in which any trace stands."""
    root = pair.homes[node].root
    files = [path for path in root.rglob("*") if path.is_file()]
    assert root / "record.db-wal" in files
    return {
        path.relative_to(root).parts[0]
        for path in files
        if any(trace in path.read_bytes() for trace in secret.traces)
    }


def order_of(pair: Pair, *statements: bytes, parts: JsonValue = "all") -> Draft:
    named: list[JsonValue] = [{"statement": id_text(each), "parts": parts} for each in statements]
    return pair.draft("record.erasure_ordered", {"parts": named, "ground": "purpose_met"})


def signed(pair: Pair, draft: Draft, *, node: str = A, persons: int = 2) -> Draft:
    """Return `draft` with the signatures of so many roots of `node`."""
    prepared = prepare(pair.homes[node], draft, now=pair.clocks[node](), suite=SUITE)
    keys = [
        note.new_sign_key(f"{node}/root/{n}", note.Algorithm.ED25519, seed, suite=SUITE)
        for n, seed in pair.keys(node).roots[:persons]
    ]
    lines = tuple(note.sign(prepared.text, key, SUITE) for key in keys)
    return replace(draft, prepared=Prepared(text=prepared.text, parts=prepared.parts, lines=lines))


def orders(pair: Pair, *statements: bytes, node: str = A) -> bytes:
    """Have `node` order that these be erased, and erase them at home; nothing is carried yet."""
    draft = signed(pair, order_of(pair, *statements), node=node)
    done = pair.ledgers[node].eraser.order(draft, now=pair.clocks[node]())
    assert done.is_clean
    assert done.order is not None
    assert done.erased is not None
    return done.order.statement


def obeys(pair: Pair, order: bytes, *, node: str = B) -> None:
    done = pair.ledgers[node].eraser.carry_out(LINK, order, officer=2, now=pair.clocks[node]())
    assert done.is_clean


def both_erase(pair: Pair, secret: Secret) -> bytes:
    order = orders(pair, secret.statement)
    pair.settle()
    obeys(pair, order)
    pair.settle()
    return order


def damages(pair: Pair, node: str) -> list[str]:
    """Return what `parley record fsck` and a rebuild find wrong with the record of a node."""
    pair.ledgers[node].stop()
    report = check_record(pair.homes[node], Looking(now=pair.clocks[node]))
    compared = rebuild(pair.homes[node], compare=True)
    pair.start(node)
    return [*map(str, report.findings), *map(str, compared.differences)]
