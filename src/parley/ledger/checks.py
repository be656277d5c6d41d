"""When this node was last found whole, and last restored in a drill: `checks.json` in the home.

A file beside the databases, since it says how those are, and is read where they cannot be. It
proves nothing to anybody; it is for our own people.
"""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from parley.work.home import Home

SCHEMA: Final = "parley.checks/1"
FSCK: Final = "fsck"
POSITION: Final = "position"
BACKUP: Final = "backup"
DRILL: Final = "drill"


def read_checks(home: Home) -> Mapping[str, Any]:
    """Return what is known, by what was done; a file that cannot be read knows nothing."""
    try:
        found = json.loads((home.root / "checks.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("schema") == SCHEMA else {}


def checked_at(home: Home, what: str, *, key: str = "at") -> int | None:
    """Return when `what` was done, in Unix seconds; None if it never was."""
    found = read_checks(home).get(what)
    at = found.get(key) if isinstance(found, dict) else None
    return at if isinstance(at, int) else None


def note_check(home: Home, what: str, said: Mapping[str, Any] | None) -> None:
    """Write down what came of `what`, whole or not at all; None takes it out."""
    found = {"schema": SCHEMA, **read_checks(home), what: said}
    fresh = home.root / ".checks.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({key: value for key, value in found.items() if value is not None}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, home.root / "checks.json")  # noqa: PTH105 - says what it does
