"""Files for two nodes in one process: what an officer adds, seals and sends, and what the other side has."""

import hashlib
import io
from dataclasses import dataclass, replace

from parley.ledger.drafts import Appended, Enclosed, RefusedError
from parley.protocol.files import NamedFile, file_scope, write_files
from parley.protocol.strictjson import JsonValue
from parley.vault.vault import Sealed, Vault
from tests.two_nodes.pair import INQUIRY, LINK, SUITE, WORLD, A, Pair

CHANNEL = f"{WORLD}/{LINK}/main"


def some_bytes(size: int, *, seed: int = 1) -> bytes:
    return hashlib.shake_256(seed.to_bytes(8)).digest(size)


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file that was sent: the statement, how it lies sealed, and what it is."""

    appended: Appended
    sealed: Sealed
    content: bytes


def vault_of(pair: Pair, node: str) -> Vault:
    return pair.ledgers[node].files.vault


def enclosed(pair: Pair, node: str, sealed: Sealed) -> Enclosed:
    return Enclosed(hash=sealed.hash, size=sealed.size, wrapped=pair.keys(node).wrap(sealed.key))


def files_it(pair: Pair, content: bytes, *, node: str = A, name: str = "mail.eml") -> Filed:
    """Have `node` send an inquiry with one file; nothing is carried yet."""
    sealed = vault_of(pair, node).add(io.BytesIO(content), scope=file_scope(node, CHANNEL), dice=SUITE.dice)
    named = NamedFile(part=1, name=name, type="message/rfc822", size=len(content), sha256=sealed.plain_sha256)
    body: dict[str, JsonValue] = {"title": {"lang": "en", "text": "x"}, "files": write_files([named])}
    draft = pair.draft("inquiry.sent", INQUIRY, body=body)
    (result,) = pair.ledgers[node].append([replace(draft, files=(enclosed(pair, node, sealed),))])
    if isinstance(result, RefusedError):
        raise result
    return Filed(appended=result, sealed=sealed, content=content)


def content_at(pair: Pair, node: str, filed: Filed, *, writer: str = A) -> bytes:
    """Return the plaintext of a file as `node` reads it."""
    scope = file_scope(writer, CHANNEL)
    with vault_of(pair, node).open(filed.sealed.hash, key=filed.sealed.key, scope=scope) as plain:
        return b"".join(plain)
