"""How a row that is named by a hash is found: by the first eight bytes of it, as a number.

Hashes fall anywhere in their index, so a commit writes most of its pages anew; with numbers for keys
an index is less than half as large as with whole hashes. Two hashes may begin alike, and somebody may
look for such: whoever searches by the tag compares the hash too.
"""

import sqlite3
import struct
from typing import Final

_FIRST: Final = struct.Struct(">q")
_first = _FIRST.unpack_from


def tag_of(digest: bytes) -> int:
    """Return the tag of a hash, a signed number of 64 bits as in SQLite; what is shorter has one too."""
    try:
        tag: int = _first(digest)[0]
    except struct.error:
        return tag_of(digest.ljust(_FIRST.size, b"\0"))
    return tag


def tagged(digest: bytes) -> tuple[int, bytes]:
    """Return tag and hash, for what is searched by both: ``tag = ? AND hash = ?``."""
    return tag_of(digest), digest


def kept_part(db: sqlite3.Connection, digest: bytes) -> tuple[bytes, bytes] | None:
    """Return the wrapped key and the ciphertext of a part, None if it is not here."""
    sql = "SELECT wrapped, ciphertext FROM part WHERE tag = ? AND hash = ?"
    found: tuple[bytes, bytes] | None = db.execute(sql, tagged(digest)).fetchone()
    return found


def logs_of(db: sqlite3.Connection, statement: bytes) -> set[int]:
    """Return the numbers of the logs in which a statement stands."""
    found = db.execute("SELECT log FROM row WHERE leaf_tag = ? AND leaf = ?", tagged(statement))
    return {log for (log,) in found}
