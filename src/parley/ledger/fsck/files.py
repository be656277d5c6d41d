"""The files in the vault that statements name: hashed anew; and a damaged one of theirs is fetched anew."""

import sqlite3
from collections.abc import Iterator

from parley.ledger.fsck.finding import Damage, Finding
from parley.ledger.fsck.lines import Log
from parley.ledger.keys import KEK_NAME, Keys
from parley.protocol.part import LOST_KEY
from parley.vault.vault import Vault, Whole

_FILES = "SELECT hash, size, kek, wrapped, wanted FROM file WHERE log = ? ORDER BY hash"


def check_files(
    db: sqlite3.Connection, log: Log, *, vault: Vault, keys: Keys, erased: frozenset[bytes] = frozenset()
) -> Iterator[Finding]:
    """Yield every file of a log that should be here whole, and is not; those still to come are none."""
    for digest, size, kek, wrapped, wanted in db.execute(_FILES, (log.id,)):
        if digest in erased:
            if vault.size(digest) is not None:
                yield _found(Damage.STRAY, log, digest)
            continue
        if kek != KEK_NAME or (keys.unwrap(wrapped) == LOST_KEY and keys.wrap(LOST_KEY) != wrapped):
            yield _found(Damage.KEY, log, digest)
        is_here = not wanted and vault.check(digest, size=size) == Whole()
        if not wanted and not (is_here and vault.size(digest) == size):
            yield _found(Damage.FILE, log, digest)


def fetch_again(
    db: sqlite3.Connection, log: Log, *, vault: Vault, keys: Keys, erased: frozenset[bytes] = frozenset()
) -> int:
    """Throw away what is damaged of their files and note that it is wanted; return how many those are.

    Ours are left: nobody is asked for what we said, and a backup may hold it.
    """
    if log.is_mine:
        return 0
    digests = [row[0] for row in db.execute(_FILES, (log.id,))]
    found = check_files(db, log, vault=vault, keys=keys, erased=erased)
    damaged = {finding.place for finding in found if finding.damage is Damage.FILE}
    wanted = [digest for digest in digests if bytes(digest).hex()[:16] in damaged]
    for digest in wanted:
        vault.destroy(digest)
        db.execute("UPDATE file SET wanted = 1 WHERE log = ? AND hash = ?", (log.id, digest))
    return len(wanted)


def _found(damage: Damage, log: Log, digest: bytes) -> Finding:
    return Finding(damage=damage, link=log.link, place=bytes(digest).hex()[:16])
