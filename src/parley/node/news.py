"""What is new, as pages ask for it: `GET /news?after=N` waits until there is something after N.

    {"seq": 812, "changed": [{"link": "a-b", "thread": "…43 characters…"}], "all": false,
     "ends_at": 1793610900, "now": 1793610000}

`seq` only grows: it adds up what the views show (`view.db`'s watermark), what the other sides have
signed for (`record.db`) and how often the record was hashed anew (`checks.json`), so that "at their
node" appears without anybody asking again. `thread` is null where a link as a whole moved; `all`
says that the list of changes does not reach back to N. Without `after` the answer comes at once. A
page bears the number that held before it was made (`Since`), so that nothing is missed between its
making and its first question.

One thread looks at both files, and only while somebody waits: SQLite tells by a number in
memory whether another process wrote (`PRAGMA data_version`). How many wait is bounded, for each
session too: a browser opens six connections to a host, and pages need some of them. Whoever left
the page waits no more: a few quick clicks would otherwise use up all places of a session.
"""

import logging
import select
import socket
import sqlite3
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest, unattended
from parley.agencies.queries import officer_of_session
from parley.ledger.checks import FSCK, checked_at
from parley.ledger.database import open_for_reading
from parley.ledger.lanes import link_of
from parley.node.projector import LISTS
from parley.protocol.act import id_text
from parley.work import clock
from parley.work.home import Home

HELD_SECONDS: Final = 8
LOOK_SECONDS: Final = 0.1
IDLE_SECONDS: Final = 5.0
"""How long the looking thread stays when nobody waits."""
MAX_WAITING: Final = 48
"""Below the threads of `pages`, so that a page never stands behind those who wait."""
MAX_WAITING_EACH: Final = 4
KEPT_STEPS: Final = 256
MAX_CHANGED: Final = 200
RETRY_SECONDS: Final = 5
GONE_SECONDS: Final = 0.5
"""How often it is looked whether somebody who waits is still there."""

Change = tuple[str, str | None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of the sequence: to which number, and what changed. `changed` None: too much to name."""

    seq: int
    changed: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What to tell somebody who knows everything up to some number."""

    seq: int
    changed: tuple[Change, ...]
    is_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Where the files stood: the watermark of the views, how much of each link is receipted, checks made."""

    watermark: int
    receipts: Mapping[str, int]
    checks: int

    @property
    def seq(self) -> int:
        return self.watermark + sum(self.receipts.values()) + self.checks


class _File:
    """One database that another process writes, looked at without opening it anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._inode = 0
        self._version = -1

    def moved(self) -> sqlite3.Connection | None:
        """Return the connection if something was written since the last look, else None."""
        try:
            inode = self._path.stat().st_ino
        except FileNotFoundError:
            return None
        if self._db is None or inode != self._inode:
            self.close()
            self._db, self._inode, self._version = open_for_reading(self._path), inode, -1
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return None
        self._version = version
        return self._db

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


class _Checks:
    """How often the record was hashed anew: a small file, read again when another one is in its place."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: tuple[int, int] | None = None
        self.times = 0

    def moved(self) -> bool:
        """Return whether it was written since the last look."""
        try:
            found = (self._home.root / "checks.json").stat()
        except FileNotFoundError:
            return False
        before, self._known = self._known, (found.st_ino, found.st_mtime_ns)
        if before == self._known:
            return False
        self.times = checked_at(self._home, FSCK, key="times") or 0
        return True


class Watch:
    """Knows how far everything is, and wakes those who wait. One for each process."""

    def __init__(self, *, record: Path, view: Path) -> None:
        self._record, self._view = _File(record), _File(view)
        self._path = record
        self._checks = _Checks(Home(root=record.parent))
        self._seen: _Seen | None = None
        self._steps: deque[Step] = deque(maxlen=KEPT_STEPS)
        self._state = threading.Condition()
        self._waiting: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._is_over: Callable[[], bool] = lambda: False

    def leave_when(self, is_over: Callable[[], bool]) -> None:
        """Send everybody home as soon as `is_over`: the process is about to end."""
        self._is_over = is_over

    def news(self, after: int | None) -> News:
        """Return what there is now after the number `after`; None knows nothing and is told the number."""
        with self._state:
            self._look()
            return self._since(after)

    def wait(
        self, after: int, *, who: str, seconds: float, is_gone: Callable[[], bool] = lambda: False
    ) -> News | None:
        """Return what there is after `after`, as soon as there is something, or in any case after `seconds`.

        None means that too many wait already: for `who`, or altogether. Once `is_gone`, the wait is over.
        """
        end = clock.monotonic() + seconds
        with self._state, self._place(who) as has_place:
            if not has_place:
                return None
            self._look()
            while self._seq == after and not self._is_over():
                left = end - clock.monotonic()
                if left <= 0 or is_gone():
                    break
                self._keep_looking()
                self._state.wait(min(left, GONE_SECONDS))
            return self._since(after)

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return self._waiting.total()

    @contextmanager
    def _place(self, who: str) -> Iterator[bool]:
        if self._waiting.total() >= MAX_WAITING or self._waiting[who] >= MAX_WAITING_EACH:
            yield False
            return
        self._waiting[who] += 1
        try:
            yield True
        finally:
            self._waiting[who] -= 1
            self._waiting += Counter()  # drops who has nobody left

    @property
    def _seq(self) -> int:
        return 0 if self._seen is None else self._seen.seq

    def _since(self, after: int | None) -> News:
        seq = self._seq
        if after is None or after == seq:
            return News(seq=seq, changed=(), is_all=False)
        later = [step for step in self._steps if step.seq > after]
        # The step before the first of these must be the very one that was told.
        reaches = len(later) < len(self._steps) and self._steps[-len(later) - 1].seq == after
        if not later or not reaches or any(step.changed is None for step in later):
            return News(seq=seq, changed=(), is_all=True)
        changed = dict.fromkeys(change for step in later for change in step.changed or ())
        return News(seq=seq, changed=tuple(changed), is_all=False)

    # ---- Looking

    def _keep_looking(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="news", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        idle_until = clock.monotonic() + IDLE_SECONDS
        while True:
            with self._state:
                before = self._seq
                self._look()
                if self._seq != before or self._is_over():
                    self._state.notify_all()
                if self._waiting.total():
                    idle_until = clock.monotonic() + IDLE_SECONDS
                elif clock.monotonic() > idle_until or self._is_over():
                    self._thread = None
                    return
            clock.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        before = self._seen
        view, record = self._view.moved(), self._record.moved()
        is_checked = self._checks.moved()
        if before is not None and view is None and record is None and not is_checked:
            return
        watermark = before.watermark if before else 0
        receipts = before.receipts if before else {}
        seen = _Seen(
            watermark=watermark if view is None else _watermark(view),
            receipts=receipts if record is None else _receipts(record),
            checks=self._checks.times,
        )
        if before is None or seen.seq != before.seq:
            self._seen = seen
            self._steps.append(Step(seq=seen.seq, changed=None if before is None else self._between(before)))
        # A number that went back is another file: nobody's list of changes reaches over that.
        if before is not None and seen.seq < before.seq:
            self._steps.clear()
            self._steps.append(Step(seq=seen.seq, changed=None))

    def _between(self, before: _Seen) -> tuple[Change, ...] | None:
        now = self._seen
        assert now is not None
        links: list[Change] = [
            (link_of(lane), None)
            for lane, size in now.receipts.items()
            if size != before.receipts.get(lane) or now.checks != before.checks
        ]
        if now.watermark == before.watermark:
            return tuple(links)
        with closing(open_for_reading(self._path)) as record:
            found = record.execute(
                "SELECT DISTINCT link.name, thread FROM change JOIN link ON link.id = change.link"
                " WHERE seq > ? AND seq <= ? LIMIT ?",
                (before.watermark, now.watermark, MAX_CHANGED + 1),
            ).fetchall()
        if len(found) > MAX_CHANGED:
            return None
        return (
            *links,
            *((link_of(name), None if thread is None else id_text(bytes(thread))) for name, thread in found),
        )


def _watermark(view: sqlite3.Connection) -> int:
    known = view.execute("SELECT 1 FROM sqlite_master WHERE name = 'watermark'").fetchone()
    sql = "SELECT seq FROM watermark WHERE stage = ?"
    found = view.execute(sql, (LISTS,)).fetchone() if known else None
    return int(found[0]) if found else 0


def _receipts(record: sqlite3.Connection) -> Mapping[str, int]:
    # Receipts, openings and proofs against a partner: each only ever grows.
    found = record.execute(
        "SELECT link.name, COALESCE((SELECT MAX(size) FROM receipt JOIN log ON log.id = receipt.log"
        " WHERE log.link = link.id AND log.node <> link.peer), 0)"
        " + (SELECT COUNT(*) FROM fork JOIN log ON log.id = fork.log WHERE log.link = link.id)"
        " + (SELECT COUNT(*) FROM alarm WHERE alarm.link = link.id)"
        " + (link.verified_at IS NOT NULL) + 1 FROM link"
    )
    return {str(name): int(size) for name, size in found}


def _watch() -> Watch:
    home: Home = settings.HOME
    return Watch(record=home.record, view=home.view)


WATCH: Final = _watch()


class Since:
    """Notes, before a view looks at anything, how far everything is: ``request.news_seq``."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            request.news_seq = _seq_now()  # type: ignore[attr-defined] # for the frame of the page
        return self._answer(request)


def _seq_now() -> int | None:
    try:
        return WATCH.news(None).seq
    except sqlite3.Error:
        _log.exception("news")
        return None


@unattended
@require_safe
def news(request: PersonRequest) -> HttpResponse:
    after = _number(request.GET.get("after", ""))
    if after is None:
        return _told(WATCH.news(None), request)
    # The session may end meanwhile; whoever waits is told so then, and not twenty seconds later.
    seconds = min(HELD_SECONDS, max(0, request.ends_at - request.now))
    who = request.session.session_key or ""
    found = WATCH.wait(after, who=who, seconds=seconds, is_gone=_gone(request))
    if found is None:
        response = _told(WATCH.news(after), request)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _told(found, request) if _is_still_there(request) else HttpResponse(status=401)


def _gone(request: PersonRequest) -> Callable[[], bool]:
    """Return what tells whether the browser hung up: gunicorn lets us see its connection."""
    line = request.META.get("gunicorn.socket")
    if not isinstance(line, socket.socket):
        return lambda: False
    watched = select.poll()
    watched.register(line, select.POLLRDHUP)  # POLLHUP and POLLERR are told without being asked for
    return lambda: bool(watched.poll(0))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def _is_still_there(request: PersonRequest) -> bool:
    session = request.session
    begun, key = session.get("begun"), session.session_key
    if not isinstance(begun, int) or key is None or clock.now() >= request.ends_at:
        return False
    return session.exists(key) and officer_of_session(request.officer.number, begun=begun) is not None


def _told(found: News, request: PersonRequest) -> HttpResponse:
    return JsonResponse(
        {
            "seq": found.seq,
            "changed": [{"link": link, "thread": thread} for link, thread in found.changed],
            "all": found.is_all,
            "ends_at": request.ends_at,
            "now": clock.now(),
        }
    )
