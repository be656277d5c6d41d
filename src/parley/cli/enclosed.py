"""Files that a command takes along: sealed before anything is said, destroyed if nothing was."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.output import FaultError
from parley.ledger.enclosing import Kept, TooManyFilesError, drop, find_kept, keep
from parley.vault.vault import NoRoomError
from parley.work.home import Home

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@contextmanager
def enclosed(home: Home, link: str, named: Sequence[str]) -> Iterator[tuple[Kept, ...]]:
    """Seal the files that are `named`, each a path or the hash of one that waits; afterwards none waits.

    What a statement names by then stays in the record; of everything else, that was sealed here,
    ciphertext and key are destroyed.

    Raises:
        FaultError: one cannot be read, does not wait, or there is no room; nothing was said.
    """
    fresh: list[Kept] = []
    try:
        found: list[Kept] = []
        for each in named:
            waiting = find_waiting(home, link, each) if _HASH.fullmatch(each) else None
            if waiting is None:
                waiting = keep_file(home, link, Path(each))
                fresh.append(waiting)
            found.append(waiting)
        yield tuple(found)
    except TooManyFilesError as error:
        raise FaultError(
            "too_many_files",
            Exit.NEEDS_A_PERSON,
            what=_("A statement takes at most 255 files along; there are %(count)d.")
            % {"count": error.found},
            safe=_("Nothing was written, and nothing was sent."),
            do=_("Say it in several statements, or pack the files into one."),
        ) from error
    finally:
        for kept in fresh:
            drop(home, kept.hash)


def find_waiting(home: Home, link: str, digest: str) -> Kept:
    """Return the file with this hash that waits for a statement.

    Raises:
        FaultError: none does.
    """
    found = find_kept(home, link, bytes.fromhex(digest)) if _HASH.fullmatch(digest) else None
    if found is None:
        raise FaultError(
            "no_such_file",
            Exit.NOT_FOUND,
            what=_("No file with the hash %(hash)s waits on this link.") % {"hash": digest[:16]},
            do=_("Look at: parley file list."),
        )
    return found


def keep_file(home: Home, link: str, path: Path) -> Kept:
    """Seal the file at `path` and let it wait.

    Raises:
        FaultError: it cannot be read, or there is no room.
    """
    try:
        with path.open("rb") as source:
            return keep(home, link, source, name=path.name)
    except NoRoomError as error:
        raise FaultError(
            "no_room",
            Exit.FAILED,
            what=_("There is no room for “%(file)s”.") % {"file": path.name},
            do=_("Make room on the disk of this node, then try again."),
        ) from error
    except OSError as error:
        raise FaultError(
            "unreadable_file",
            Exit.NEEDS_A_PERSON,
            what=_("“%(file)s” cannot be read: %(why)s.") % {"file": path, "why": error.strerror},
            do=_("Check the name of the file, then try again."),
        ) from error
