"""Whether an error says that the disk is full, and not that a mistake was made: a person can mend that."""

import errno
import sqlite3


def is_out_of_room(error: BaseException | None) -> bool:
    """Return whether `error`, or what it came of, is the refusal of a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        # The lower byte is the kind of the error, the others tell where it came up.
        if (
            isinstance(error, sqlite3.Error)
            and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
