"""What an export discloses of each part that a whole entry names: the ciphertext with its key, or why not.

Every part is opened before it goes out: whoever gives a key away should know what it opens, and an
export that its own maker could not verify helps nobody. Source: Spec §11.4.5.
"""

import hashlib
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.ledger.chosen import Choice, Chosen, is_told
from parley.ledger.keys import Keys
from parley.ledger.tags import kept_part
from parley.protocol.entry import PartRef
from parley.protocol.files import file_scope
from parley.protocol.names import parse_origin
from parley.protocol.part import LOST_KEY, PartError, open_part
from parley.protocol.suite import Suite
from parley.protocol.verify.listed import Log
from parley.protocol.verify.members import Found, inline_limit, parsed_or_none
from parley.vault.vault import Vault, Whole

_BLOCK: Final = 256 * 1024
_ENTRIES: Final = (
    "SELECT entry.idx, raw, kind, outcome FROM entry LEFT JOIN row USING (log, idx)"
    " WHERE entry.log = ? AND entry.idx >= ? AND entry.idx < ? ORDER BY entry.idx"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file that is disclosed: `size` is that of its ciphertext, which lies in the vault."""

    size: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where content is taken from, and what was chosen."""

    db: sqlite3.Connection
    keys: Keys
    suite: Suite
    chosen: Chosen
    choice: Choice
    vault: Vault
    files: Mapping[bytes, Enclosed] = field(default_factory=dict)


def contents(source: Source, log: Log, *, number: int) -> Iterator[bytes]:
    """Yield the member `content` of a log, whose line has this `number` in the tables."""
    found = source.db.execute(_ENTRIES, (number, log.base, log.base + log.size))
    for index, raw, kind, outcome in found:
        parsed = parsed_or_none(bytes(raw)) if source.chosen.is_whole(number, index) else None
        if parsed is None:
            continue
        meant = source.choice.with_content and source.chosen.is_meant(number, index)
        for part, ref in enumerate((parsed.entry.act, *parsed.entry.parts)):
            if part <= 1 and (meant or is_told(kind, part)):
                yield _record(source, ref, scope=log.origin, part=part, heard=outcome != "unopened")
            elif part > 1 and meant:
                yield _file_record(source, ref, number=number)
            else:
                yield bytes([Found.WITHHELD.value])


def inline_content(source: Source, raw: bytes, *, scope: str) -> Iterator[bytes]:
    """Yield the records of an orphan of the log `scope`: its act and body, if content is told; no file."""
    parsed = parsed_or_none(raw)
    refs = () if parsed is None else (parsed.entry.act, *parsed.entry.parts)
    for part, ref in enumerate(refs):
        if part <= 1 and source.choice.with_content:
            yield _record(source, ref, scope=scope, part=part, heard=True)
        else:
            yield bytes([Found.WITHHELD.value])


def enclosed_files(source: Source, log: Log, *, number: int) -> Iterator[tuple[bytes, Enclosed]]:
    """Yield the files that the chosen entries of a log name, and that are whole in the vault."""
    (known,) = source.db.execute("SELECT COUNT(*) FROM file WHERE log = ?", (number,)).fetchone()
    if not known or not source.choice.with_content:
        return
    for index, raw, _, _ in source.db.execute(_ENTRIES, (number, log.base, log.base + log.size)):
        if not (source.chosen.is_whole(number, index) and source.chosen.is_meant(number, index)):
            continue
        parsed = parsed_or_none(bytes(raw))
        for ref in () if parsed is None else parsed.entry.parts[1:]:
            key = _key_of(source, number, ref)
            scope = file_scope(log.node, parse_origin(log.origin).channel.text)
            if key is not None and _is_whole(source.vault, ref, key=key, scope=scope):
                yield ref.hash, Enclosed(size=ref.size, key=key)


def _key_of(source: Source, number: int, ref: PartRef) -> bytes | None:
    found = source.db.execute(
        "SELECT wrapped FROM file WHERE log = ? AND hash = ? AND size = ?", (number, ref.hash, ref.size)
    ).fetchone()
    key = LOST_KEY if found is None else source.keys.unwrap(found[0])
    return None if key == LOST_KEY else key


def _is_erased(source: Source, number: int, ref: PartRef) -> bool:
    """Return whether not even the key of a file is here; one that never came, or is lost, has a row."""
    sql = "SELECT 1 FROM file WHERE log = ? AND hash = ?"
    return source.db.execute(sql, (number, ref.hash)).fetchone() is None


def _is_whole(vault: Vault, ref: PartRef, *, key: bytes, scope: str) -> bool:
    if vault.size(ref.hash) != ref.size or not isinstance(vault.check(ref.hash, size=ref.size), Whole):
        return False
    try:
        with vault.open(ref.hash, key=key, scope=scope) as plain:
            plain.read_at(0, 1)
    except PartError:
        return False
    return True


def file_bytes(vault: Vault, digest: bytes, *, size: int) -> Iterator[bytes]:
    """Yield the ciphertext of a file, as it lies in the vault."""
    for offset in range(0, size, _BLOCK):
        yield vault.stretch(digest, offset, size=min(_BLOCK, size - offset))


def _file_record(source: Source, ref: PartRef, *, number: int) -> bytes:
    found = source.files.get(ref.hash)
    if found is None or found.size != ref.size:
        return bytes([(Found.ERASED if _is_erased(source, number, ref) else Found.UNOPENABLE).value])
    return bytes([Found.FILE.value]) + found.key


def _record(source: Source, ref: PartRef, *, scope: str, part: int, heard: bool) -> bytes:
    found = kept_part(source.db, ref.hash)
    if found is None:
        return bytes([(Found.ERASED if heard else Found.UNOPENABLE).value])
    key, ciphertext = source.keys.unwrap(found[0]), found[1]
    is_it = len(ciphertext) == ref.size and hashlib.sha256(ciphertext).digest() == ref.hash
    if ref.size > inline_limit(part) or not is_it:
        return bytes([Found.UNOPENABLE.value])
    try:
        open_part(ciphertext, key=key, scope=scope, suite=source.suite)
    except PartError:
        return bytes([Found.UNOPENABLE.value])
    return bytes([Found.DISCLOSED.value]) + key + struct.pack(">I", ref.size) + ciphertext
