"""The files of statements, as people see them: what each is, whether it is here, and who has said so.

    here       it lies in the vault, and can be read        coming    it is being fetched
    refused    three times it did not open; that was said    lost      its key never came, or was destroyed
    missing    it should lie in the vault, and does not: `parley record fsck` says more

What a file is called stands in the body, by its writer's word; that it is the one that the entry names is
proved by its hash. That the other node has a file is shown only where its own log says so: a receipt says
nothing of files. Source: Spec §5.8.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum

from parley.ledger.database import open_for_reading
from parley.ledger.files import FileRow, file_rows
from parley.ledger.keys import Keys, read_keys
from parley.ledger.reading import Reader
from parley.ledger.rows import LinkRow
from parley.protocol.act import id_text, read_act, read_json
from parley.protocol.content import further_parts
from parley.protocol.entry import PartRef
from parley.protocol.files import NamedFile, read_files, read_got
from parley.protocol.part import PartError
from parley.vault.coming import Wanted
from parley.vault.plain import Plain
from parley.vault.vault import Vault
from parley.work.home import Home


class Presence(Enum):
    """Where a file is, seen from this node."""

    HERE = "here"
    COMING = "coming"
    REFUSED = "refused"
    LOST = "lost"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One file of a statement. `size` and `come` are bytes of ciphertext; `named` is what the body says.

    `told` is what the node that did not write the statement said of the file in its own log: True, it
    is there whole; False, it never opened; None, nothing yet.
    """

    link: str
    statement: bytes
    part: int
    hash: bytes
    size: int
    named: NamedFile | None
    is_ours: bool
    presence: Presence
    come: int
    told: bool | None


class Attachments:
    """The files of one home. Cheap to make; not for use by two threads at once."""

    def __init__(self, home: Home, reader: Reader) -> None:
        """Read what statements `reader` reads."""
        self._home = home
        self._reader = reader
        self._vault = Vault(home.vault)
        self._kept_keys: Keys | None = None

    def of(self, link: str, statement: bytes) -> tuple[Attached, ...]:
        """Return the files of a statement, in the order in which its entry names them."""
        raw, row = self._reader.raw(link, statement), self._reader.row(link, statement)
        named_link = self._reader.link(self._reader.lane_of(link, statement))
        parts = () if raw is None else further_parts(raw)
        if not parts or row is None or named_link is None:
            return ()
        # Part 0 is the body, whose own size and hash no file can be mistaken for.
        named = read_files(self._reader.body(link, statement) or {}, (parts[0], *parts))
        with closing(open_for_reading(self._home.record)) as db:
            looking = _Looking(
                db=db, link=named_link, writer=row.writer, vault=self._vault, keys=self._keys()
            )
            return tuple(
                looking.attached(part, statement=statement, number=number, named=named.get(number))
                for number, part in enumerate(parts, start=1)
            )

    def _keys(self) -> Keys:
        if self._kept_keys is None:
            self._kept_keys = read_keys(self._home.keys, self._reader.node)
        return self._kept_keys

    def open(self, file: Attached) -> Plain:
        """Return the plaintext of a file that is here.

        Raises:
            FileNotFoundError: it is not here. PartError: its key does not open it.
        """
        row = self._row(file)
        if row is None:
            raise FileNotFoundError(file.hash.hex())
        return self._vault.open(file.hash, key=self._keys().unwrap(row.wrapped), scope=row.scope)

    def _row(self, file: Attached) -> FileRow | None:
        with closing(open_for_reading(self._home.record)) as db:
            rows = file_rows(db, file.hash)
        writer = [
            row for row in rows if row.link == file.link and (row.writer == self._reader.node) == file.is_ours
        ]
        return writer[0] if writer else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """Looks at the files of one statement."""

    db: sqlite3.Connection
    link: LinkRow
    writer: str
    vault: Vault
    keys: Keys

    def attached(self, part: PartRef, *, statement: bytes, number: int, named: NamedFile | None) -> Attached:
        rows = [row for row in file_rows(self.db, part.hash) if row.link == self.link.name]
        row = next((row for row in rows if row.writer == self.writer), None)
        told = self._told(part.hash)
        is_ours = self.writer == self.link.me
        presence, come = self._presence(row, part, is_refused=not is_ours and told is False)
        return Attached(
            link=self.link.name,
            statement=statement,
            part=number,
            hash=part.hash,
            size=part.size,
            named=named,
            is_ours=is_ours,
            presence=presence,
            come=come,
            told=told,
        )

    def _presence(self, row: FileRow | None, part: PartRef, *, is_refused: bool) -> tuple[Presence, int]:
        if row is None:
            return Presence.LOST, 0
        if row.is_wanted:
            return Presence.COMING, self._come(row, part)
        if self.vault.size(part.hash) == part.size:
            return Presence.HERE, part.size
        return (Presence.REFUSED if is_refused else Presence.MISSING), 0

    def _come(self, row: FileRow, part: PartRef) -> int:
        wanted = Wanted(part=part, key=self.keys.unwrap(row.wrapped), scope=row.scope)
        try:
            return min(part.size, self.vault.places.coming(wanted.name).stat().st_size)
        except FileNotFoundError:
            return 0

    def _told(self, digest: bytes) -> bool | None:
        """Return what the last valid `file.got` of the other node says of a file."""
        last = None
        for got in self._said(digest):
            last = got
        return last

    def _said(self, digest: bytes) -> Iterator[bool]:
        other = self.link.peer if self.writer == self.link.me else self.link.me
        found = self.db.execute(
            "SELECT act FROM row JOIN log ON log.id = row.log JOIN link ON link.id = log.link"
            " WHERE kind = 'file.got' AND outcome = 'valid' AND log.node = ? AND link.name = ?"
            " AND instr(act, ?) ORDER BY idx",
            (other, self.link.name, id_text(digest).encode()),
        )
        for (act,) in found:
            got = read_got(read_act(read_json(act)).d)
            if got.hash == digest:
                yield got.ok


__all__ = ["Attached", "Attachments", "PartError", "Presence"]
