"""Writing `view.db` anew after an erasure: deleted rows still stand in the file, and an index keeps words.

The projector tells every row again when this node has erased something (`projector.py`). Then the file
is copied without its free pages, and its write-ahead log emptied. How often this node had erased when that
was done last stands beside the watermarks, so a file that was put back is written anew as well.
"""

from typing import Final

from django.db import connections

from parley.ledger.erasures import erased_times
from parley.ledger.reading import Reader

VIEW: Final = "view"
STAGE: Final = "scrubbed"


def scrub(reader: Reader) -> bool:
    """Write the file anew if that is due; False if somebody reads in it: then it is to be tried again.

    All stages have been told before.
    """
    if is_scrubbed(reader):
        return True
    with connections[VIEW].cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
        if not busy:
            cursor.execute(
                "INSERT OR REPLACE INTO watermark VALUES (%s, %s, '')", [STAGE, erased_times(reader)]
            )
    return not busy


def is_scrubbed(reader: Reader) -> bool:
    """Return whether the file was written anew since this node erased anything."""
    with connections[VIEW].cursor() as cursor:
        cursor.execute("SELECT seq FROM watermark WHERE stage = %s", [STAGE])
        found = cursor.fetchone()
    return erased_times(reader) == (0 if found is None else int(found[0]))
