"""Files that wait at home for the statement that they will go with, and what is read of files that went.

    vault/3a/3a9b9f1e…        the ciphertext, sealed while it was uploaded
    vault/kept/3a9b9f1e…      what it is, its wrapped key and the link that it is for; as JSON, 0600

A file that waits is ours alone: nothing of it leaves before a statement names it, and when it is taken
away again, ciphertext and key are destroyed. Once a statement names it, the record has it, and only
the note that it waits is removed. Source: Spec §5.8.
"""

import mimetypes
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.ledger.database import open_for_reading
from parley.ledger.drafts import Enclosed, UnknownLinkError
from parley.ledger.files import file_rows
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.lanes import link_of
from parley.ledger.links import read_facts
from parley.protocol.breach import BreachError
from parley.protocol.files import MAX_FILES, MAX_NAME, NamedFile, file_scope, is_media_type, write_files
from parley.protocol.strictjson import JsonValue, read, write
from parley.protocol.suite import Standard, Suite
from parley.vault.places import make_folder, sync_folder
from parley.vault.vault import Adding, Sealed, Source, Vault
from parley.work.home import Home

UNTYPED: Final = "application/octet-stream"

_BLOCK: Final = 1024 * 1024


class TooManyFilesError(Exception):
    """A statement names at most `MAX_FILES` files; nothing was written. `found` are those that were named."""

    def __init__(self, found: int) -> None:
        super().__init__(f"expected at most {MAX_FILES} files, found {found}")
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that waits at home. `size` is that of the ciphertext; the other two are the plaintext's."""

    link: str
    hash: bytes
    size: int
    wrapped: bytes
    name: str
    type: str
    plain_size: int
    plain_sha256: bytes

    @property
    def enclosed(self) -> Enclosed:
        """Return the file as a draft takes it along."""
        return Enclosed(hash=self.hash, size=self.size, wrapped=self.wrapped)


def keep(home: Home, link: str, source: Source, *, name: str, suite: Suite | None = None) -> Kept:
    """Seal what `source` holds and let it wait for a statement on `link`. `name` is what people call it.

    Raises:
        UnknownLinkError: there is no such link. NoRoomError: the disk is low, or the file too large.
        Nothing was kept.
    """
    with begin(home, link, suite=suite) as adding:
        while block := source.read(_BLOCK):
            adding.write(block)
        return keep_sealed(home, link, adding.keep(), name=name)


def begin(home: Home, link: str, *, suite: Suite | None = None) -> Adding:
    """Return what seals a file for `link` that comes piece by piece; what is not kept leaves nothing.

    Raises:
        UnknownLinkError: there is no such link. NoRoomError: the disk is full.
    """
    scope = file_scope(read_config(home).node, channel_of(home, link))
    return Vault(home.vault).adding(scope=scope, dice=(suite or Standard()).dice)


def keep_sealed(home: Home, link: str, sealed: Sealed, *, name: str) -> Kept:
    """Let a file that was sealed wait for a statement on `link`."""
    kept = Kept(
        link=link,
        hash=sealed.hash,
        size=sealed.size,
        wrapped=read_keys(home.keys, read_config(home).node).wrap(sealed.key),
        name=_last_part(name),
        type=_type_of(name),
        plain_size=sealed.plain_size,
        plain_sha256=sealed.plain_sha256,
    )
    _write(home, kept)
    return kept


def channel_of(home: Home, link: str) -> str:
    """Return the channel of `link`, which may be any lane.

    Raises:
        UnknownLinkError: there is no such link.
    """
    with closing(open_for_reading(home.record)) as db:
        lanes = read_facts(db, read_config(home).node, link=link_of(link))
        found = {facts.name: facts.channel for facts in lanes}
    if link not in found:
        raise UnknownLinkError(link)
    return found[link]


def _last_part(name: str) -> str:
    """Return what a file is called, without the folders that it lay in at whoever added it."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else "_" for sign in last)[-MAX_NAME:] or "_"


def _type_of(name: str) -> str:
    found = (mimetypes.guess_type(name)[0] or UNTYPED).lower()
    return found if is_media_type(found) else UNTYPED


def _write(home: Home, kept: Kept) -> None:
    path = home.vault / "kept" / kept.hash.hex()
    make_folder(path.parent)
    fields: dict[str, JsonValue] = {
        "link": kept.link,
        "size": kept.size,
        "wrapped": kept.wrapped.hex(),
        "name": kept.name,
        "type": kept.type,
        "plain_size": kept.plain_size,
        "plain_sha256": kept.plain_sha256.hex(),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(write(fields))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def find_kept(home: Home, link: str, digest: bytes) -> Kept | None:
    """Return the file with this hash, if it waits for a statement on `link`, in that lane."""
    found = _read(home, digest)
    return found if found is not None and found.link == link else None


def _read(home: Home, digest: bytes) -> Kept | None:
    return read_note(home.vault / "kept" / digest.hex(), digest)


def read_note(path: Path, digest: bytes) -> Kept | None:
    """Return what the note at `path` says of the file with this hash; None if there is none."""
    try:
        fields = read(path.read_bytes())
    except (FileNotFoundError, BreachError):
        return None
    match fields:
        case {
            "link": str(link),
            "size": int(size),
            "wrapped": str(wrapped),
            "name": str(name),
            "type": str(type_),
            "plain_size": int(plain_size),
            "plain_sha256": str(plain),
        }:
            return Kept(
                link=link,
                hash=digest,
                size=size,
                wrapped=bytes.fromhex(wrapped),
                name=name,
                type=type_,
                plain_size=plain_size,
                plain_sha256=bytes.fromhex(plain),
            )
        case _:
            return None


def all_kept(home: Home, link: str) -> Iterator[Kept]:
    """Yield every file that waits for a statement on `link`, in whatever lane."""
    for path in sorted((home.vault / "kept").glob("*")):
        with suppress(ValueError):
            found = _read(home, bytes.fromhex(path.name))
            if found is not None and link_of(found.link) == link:
                yield found


def drop(home: Home, digest: bytes) -> None:
    """Let a file wait no more: if no statement names it, its ciphertext and key are destroyed."""
    path = home.vault / "kept" / digest.hex()
    if not path.exists():
        return
    with closing(open_for_reading(home.record)) as db:
        is_said = bool(file_rows(db, digest))
    if not is_said:
        Vault(home.vault).destroy(digest)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def with_files(body: Mapping[str, JsonValue] | None, files: Sequence[Kept]) -> Mapping[str, JsonValue] | None:
    """Return `body` with what it says of `files`, in the order in which the entry names them.

    Raises:
        TooManyFilesError: there are more than one statement takes along.
    """
    if not files:
        return body
    if len(files) > MAX_FILES:
        raise TooManyFilesError(len(files))
    return {**(body or {}), "files": _describe(files)}


def _describe(files: Sequence[Kept]) -> list[JsonValue]:
    return write_files(
        [
            NamedFile(
                part=number, name=each.name, type=each.type, size=each.plain_size, sha256=each.plain_sha256
            )
            for number, each in enumerate(files, start=1)
        ]
    )
