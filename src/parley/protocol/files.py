"""Files: parts of any size that a statement names behind its body, and how they are asked for.

    entry    act … · part <body> · part <file 1> · part <file 2> …
    body     "files":[{"part":1,"name":"mail.eml","type":"message/rfc822","size":48213,"sha256":"<64 hex>"}]
    key      in the frame K, with the entry
    content  GET <url>/part/<hash in hex>, with the proof below; or the frame P, asked for by W
    proof    base64 of HMAC-SHA-256( content key, "parley/get/v1" LF channel LF hash )
    file.got said by the node that fetched it: {"hash", "ok"}

Who holds the key may have the bytes, and nobody else learns whether there are any. What a body
says of a file is the writer's word until the file is here; the hash in the entry is what holds.
Source: Spec §5.8.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct

from parley.protocol.act import id_text, read_id
from parley.protocol.breach import BreachError
from parley.protocol.entry import MAX_PARTS, PartRef
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.strictjson import JsonValue

MAX_NAME: Final = 255
MAX_FILES: Final = MAX_PARTS - 1

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PURPOSE = b"parley/get/v1\n"


class FileGot(Struct, frozen=True, kw_only=True):
    """The node holds the file with this hash, and it opened; or, not `ok`, three times it did not."""

    hash: bytes
    ok: bool


class NamedFile(Struct, frozen=True, kw_only=True):
    """What a body says of one part of its entry: size in bytes and SHA-256 are those of the plaintext."""

    part: int
    name: str
    type: str
    size: int
    sha256: bytes


def read_got(d: Mapping[str, JsonValue]) -> FileGot:
    """Return what the `d` of `file.got` says.

    Raises:
        BreachError: it is not exactly a hash and a truth.

    """
    match dict(d):
        case {"hash": str(text), "ok": bool(ok), **rest} if not rest:
            return FileGot(hash=read_id(text), ok=ok)
        case _:
            raise BreachError("5.8", "file.got holds exactly hash and ok")


def write_got(got: FileGot) -> dict[str, JsonValue]:
    """Return `got` as the `d` of an act."""
    return {"hash": id_text(got.hash), "ok": got.ok}


def write_files(files: Sequence[NamedFile]) -> list[JsonValue]:
    """Return `files` as they stand in a body under ``files``.

    Raises:
        BreachError: one could not be read back.

    """
    found: list[JsonValue] = [
        {
            "part": each.part,
            "name": each.name,
            "type": each.type,
            "size": each.size,
            "sha256": each.sha256.hex(),
        }
        for each in files
    ]
    if tuple(filter(None, map(_read_file, found))) != tuple(files):
        raise BreachError("5.8", "a file has no form in which a body could name it")
    return found


def read_files(body: Mapping[str, JsonValue], parts: Sequence[PartRef]) -> dict[int, NamedFile]:
    """Return what `body` says of `parts`, all parts of its entry, by their number.

    Nothing is void for what a body says: what is misshapen, or names no file, is passed over.
    """
    listed = body.get("files")
    if not isinstance(listed, list) or len(listed) > MAX_FILES:
        return {}
    found: dict[int, NamedFile] = {}
    for each in map(_read_file, listed):
        # The first word counts, so that no reader shows another name than the next.
        if each is not None and each.part < len(parts):
            found.setdefault(each.part, each)
    return found


def _read_file(value: JsonValue) -> NamedFile | None:
    match value:
        case {
            "part": int(part),
            "name": str(name),
            "type": str(type_),
            "size": int(size),
            "sha256": str(digest),
            **rest,
        } if not rest and not isinstance(part, bool) and not isinstance(size, bool):
            is_sound = (
                0 < part < MAX_PARTS
                and 0 < len(name) <= MAX_NAME
                and is_media_type(type_)
                and 0 <= size <= MAX_NUMBER
                and _DIGEST.fullmatch(digest)
            )
            if not is_sound:
                return None
            return NamedFile(part=part, name=name, type=type_, size=size, sha256=bytes.fromhex(digest))
        case _:
            return None


def is_media_type(text: str) -> bool:
    """Return whether `text` can stand as the type of a file."""
    return _TYPE.fullmatch(text) is not None


def file_scope(node: str, channel: str) -> str:
    """Return the scope under which the files of `node` are sealed: a large one outlives an epoch."""
    return f"{node}/{channel}"


def proof(key: bytes, *, channel: str, digest: bytes) -> bytes:
    """Return what shows that somebody holds the content key of the file `digest`."""
    return hmac.new(key, _PURPOSE + channel.encode("ascii") + b"\n" + digest, sha256).digest()
