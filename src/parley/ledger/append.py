"""The one door into the record, for everything outside core: commands and pages.

Where core runs, a draft goes to it over `core.sock`; where none does, the caller takes the
home's lock and is the core for that moment. Either way it is the same draft, checked by the
same fold, written by the one writer. Never inside an open transaction of our own database:
what the record holds cannot be rolled back.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db import connections

from parley.ledger.asking import read_results, read_verdict, write_draft
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.ledger import Ledger, StorageError
from parley.ledger.writer import UnsignedError
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.protocol.voids import Verdict
from parley.signer.desk import NoSignerError
from parley.work import clock
from parley.work.home import Home
from parley.work.lock import LockedError, locked
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

T = TypeVar("T")

LOCK_SECONDS = 2.0
# A frame of core.sock holds 8 MiB; one draft, with the largest body, is well below this.
FRAME_BYTES = 4 * 1024 * 1024
TRIES = 4
PAUSE_SECONDS = 0.25
# Core was on its way out or away: the same request may be brought again, since drafts carry ids.
PASSING = frozenset({"stopped"})


class InTransactionError(Exception):
    """A transaction of our own database is open; the statement was not written."""


class NobodyWritesError(Exception):
    """Another process holds the home and does not answer; whether the statement was written is not known.

    The same draft may be brought again: it becomes one entry.
    """


def append(home: Home, drafts: Sequence[Draft]) -> list[Appended | RefusedError]:
    """Write each draft into the record of `home`, in order; what is returned is durable.

    Raises:
        InTransactionError, UnknownLinkError: nothing was written.
        NobodyWritesError, StorageError: some may not have been; bring them again.
    """
    if any(connection.in_atomic_block for connection in connections.all(initialized_only=True)):
        raise InTransactionError
    results: list[Appended | RefusedError] = []
    for some in _frames(drafts):
        request: dict[str, JsonSource] = {"ask": "append", "drafts": [write_draft(draft) for draft in some]}
        found = core_or_alone(home, request, _appending(some))
        results += found if isinstance(found, list) else read_results(found)
    return results


def _frames(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    some: list[Draft] = []
    size = 0
    for draft in drafts:
        weight = len(draft.act()) + len(draft.body_bytes() or b"")
        if some and size + weight > FRAME_BYTES:
            yield some
            some, size = [], 0
        some.append(draft)
        size += weight
    if some:
        yield some


def _appending(drafts: Sequence[Draft]) -> Callable[[Ledger], list[Appended | RefusedError]]:
    return lambda ledger: ledger.append(drafts)


def check(home: Home, draft: Draft) -> Verdict:
    """Return what would become of `draft`; nothing is kept."""
    request: dict[str, JsonSource] = {"ask": "check", "draft": write_draft(draft)}
    found = core_or_alone(home, request, lambda ledger: ledger.check(draft))
    return found if isinstance(found, Verdict) else read_verdict(found)


def core_or_alone(home: Home, request: "dict[str, JsonSource]", run: Callable[[Ledger], T]) -> JsonObject | T:
    """Return what core answers to `request`, or what `run` returns where no core runs.

    Core may come or go while it is asked; then it is asked again, which is safe for whatever
    carries the id of its draft.

    Raises:
        NobodyWritesError: core went away again and again, or somebody else holds the home.
    """
    last: Exception | None = None
    for _try in range(TRIES):
        try:
            answer = ask(home, request)
            return alone(home, run) if answer is None else answer
        except (BrokenCoreError, NobodyWritesError) as error:
            last = error
        except CoreError as error:
            if error.code not in PASSING:
                raise
            last = error
        clock.sleep(PAUSE_SECONDS)
    raise NobodyWritesError(str(last)) from last


def ask(home: Home, request: "dict[str, JsonSource]") -> JsonObject | None:
    """Return what core answers, or None where no core runs.

    Raises:
        UnknownLinkError, StorageError, UnsignedError: core's own reasons. CoreError: any other.
    """
    try:
        return call(home.core_socket, request)
    except NoCoreError:
        return None
    except CoreError as error:
        if error.code == "unknown_link":
            raise UnknownLinkError(error.reason) from error
        if error.code == "unsigned":
            raise UnsignedError(error.reason) from error
        if error.code == "storage":
            raise StorageError(error.reason) from error
        raise


def alone(home: Home, run: Callable[[Ledger], T]) -> T:
    """Be the core of `home` while `run` works.

    Raises:
        NobodyWritesError: another process holds the home. StorageError: its anchor cannot be read.
    """
    try:
        with locked(home.root / "core.lock", wait_seconds=LOCK_SECONDS, sleep=clock.sleep):
            ledger = Ledger(home)
            ledger.start()
            try:
                return run(ledger)
            finally:
                ledger.stop()
    except LockedError as error:
        raise NobodyWritesError(str(error)) from error
    except NoSignerError as error:
        raise StorageError(str(error)) from error
