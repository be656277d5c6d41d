"""The one door into the record, for everything outside core: commands and pages.

Where core runs, a draft goes to it over `core.sock`; where none does, the caller takes the
home's lock and is the core for that moment. Either way it is the same draft, checked by the
same fold, written by the one writer. Never inside an open transaction of our own database:
what the record holds cannot be rolled back.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connections

from parley.ledger.asking import read_results, read_verdict, write_draft
from parley.ledger.drafts import Appended, Draft, RefusedError, UnknownLinkError
from parley.ledger.ledger import Ledger, StorageError
from parley.protocol.strictjson import JsonObject, JsonSource
from parley.protocol.voids import Verdict
from parley.work import clock
from parley.work.home import Home
from parley.work.lock import LockedError, locked
from parley.work.sock import CoreError, NoCoreError, call

T = TypeVar("T")

LOCK_SECONDS = 5.0
# So many drafts in one request; a batch of twenty inquiries is far below it.
AT_ONCE = 50


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
    for at in range(0, len(drafts), AT_ONCE):
        some = drafts[at : at + AT_ONCE]
        request: dict[str, JsonSource] = {"ask": "append", "drafts": [write_draft(draft) for draft in some]}
        answer = ask(home, request)
        results += alone(home, _appending(some)) if answer is None else read_results(answer)
    return results


def _appending(drafts: Sequence[Draft]) -> Callable[[Ledger], list[Appended | RefusedError]]:
    return lambda ledger: ledger.append(drafts)


def check(home: Home, draft: Draft) -> Verdict:
    """Return what would become of `draft`; nothing is kept."""
    answer = ask(home, {"ask": "check", "draft": write_draft(draft)})
    return alone(home, lambda ledger: ledger.check(draft)) if answer is None else read_verdict(answer)


def ask(home: Home, request: "dict[str, JsonSource]") -> JsonObject | None:
    """Return what core answers, or None where no core runs.

    Raises:
        UnknownLinkError, StorageError: core's own reasons. CoreError: any other.
    """
    try:
        return call(home.core_socket, request)
    except NoCoreError:
        return None
    except CoreError as error:
        if error.code == "unknown_link":
            raise UnknownLinkError(error.reason) from error
        if error.code == "storage":
            raise StorageError(error.reason) from error
        raise


def alone(home: Home, run: Callable[[Ledger], T]) -> T:
    """Be the core of `home` while `run` works.

    Raises:
        NobodyWritesError: another process holds the home.
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
