"""What is in a backup: the manifest first, then the bytes of each member, one behind the other.

    uint32 length ‖ manifest ‖ bytes of the first member ‖ bytes of the second …

    record.db house.db               copies of one moment each
    parley.toml card epoch calendar.json backup-key
    keys/…                           without the seeds that sign, unless they were asked for
    vault/…                          sealed files, if they were asked for; else only their list

Not in it: `view.db`, which is computed, and `anchor/`: an anchor that could be restored would
not be one. A name that is not in this list is refused by whoever restores.
"""

import hashlib
import re
import struct
from collections.abc import Iterator
from typing import Final, Protocol

from msgspec import Struct, ValidationError, json

from parley.ledger.backup.sealed import BLOCK, BackupError

SCHEMA: Final = "parley.backup/1"
MAX_MANIFEST: Final = 64 * 1024 * 1024
SIGNING: Final = re.compile(r"(?:write|receipt|root)-.*")
"""Keys by which this node speaks. Who opens a backup without them can read, and say nothing."""

_NAME: Final = re.compile(
    r"record\.db|house\.db|parley\.toml|card|epoch|calendar\.json|backup-key|keys/[a-z0-9][a-z0-9-]{0,39}"
    r"|vault/[0-9a-f]{2}/[0-9a-f]{64}"
)
_LENGTH = struct.Struct(">I")


class Member(Struct, frozen=True, kw_only=True):
    """One file: its name in the home, its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class HeadOf(Struct, frozen=True, kw_only=True):
    """Where one log stood: `size` entries along the line, and the root of the log in which they end."""

    link: str
    node: str
    origin: str
    size: int
    root: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds. `made_at` in Unix seconds."""

    schema: str
    node: str
    world: str
    made_at: int
    has_signing_keys: bool
    has_files: bool
    heads: tuple[HeadOf, ...]
    members: tuple[Member, ...]
    listed: tuple[Member, ...] = ()


class Sink(Protocol):
    def write(self, plaintext: bytes, /) -> None: ...


class Source(Protocol):
    def read(self, count: int, /) -> bytes: ...


def write_manifest(manifest: Manifest, sink: Sink) -> None:
    """Write the manifest into `sink`."""
    raw = json.encode(manifest)
    sink.write(_LENGTH.pack(len(raw)) + raw)


def read_manifest(source: Source) -> Manifest:
    """Return the manifest at the beginning of `source`.

    Raises:
        BackupError: it is none, or names what no home holds.
    """
    head = source.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    if not 0 < length <= MAX_MANIFEST:
        raise BackupError("expected a manifest, found something else")
    try:
        manifest = json.decode(source.read(length), type=Manifest)
    except ValidationError as error:
        raise BackupError(f"the manifest cannot be read: {error}") from error
    except ValueError as error:
        raise BackupError("the manifest cannot be read") from error
    names = [member.name for member in manifest.members]
    if manifest.schema != SCHEMA or len(set(names)) != len(names):
        raise BackupError("the manifest is of another kind")
    if strange := [name for name in names if not _NAME.fullmatch(name)]:
        raise BackupError(f"{strange[0]!r} belongs into no home")
    return manifest


def blocks_of(member: Member, source: Source) -> Iterator[bytes]:
    """Yield the bytes of `member`, which come next in `source`; the last is out when its hash was right.

    Raises:
        BackupError: they are not the ones of the manifest.
    """
    digest, left = hashlib.sha256(), member.size
    while left:
        block = source.read(min(BLOCK, left))
        if not block:
            break
        digest.update(block)
        left -= len(block)
        yield block
    if left or digest.hexdigest() != member.sha256:
        raise BackupError(f"{member.name} is not the one of the manifest")
