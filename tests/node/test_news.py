"""News: within a moment to everybody who waits, to no more than may, and no longer than a session."""

import http.client
import json
import re
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import Settings

from parley.agencies import actions
from parley.agencies.policy import Role
from parley.ledger.database import open_for_writing
from parley.node import news as room
from parley.node.news import HELD_SECONDS, MAX_WAITING, MAX_WAITING_EACH, RETRY_SECONDS, News, Watch
from parley.node.projector import LISTS
from parley.protocol.act import id_text
from parley.work import clock
from tests.cli.side import SECRET, Side
from tests.node.served import free_port, served, until
from tests.two_nodes.pair import LINK, A, B, Pair

LONG: Final = 600.0
"""Nobody waits so long in a test: whoever comes back was answered before."""


class Files:
    """A record that a pair of nodes writes, and a view file that a test writes."""

    def __init__(self, folder: Path) -> None:
        self.pair = Pair(folder)
        self.view = folder / "view.db"
        with closing(sqlite3.connect(self.view, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE watermark (stage TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT")
            db.execute("INSERT INTO watermark VALUES (?, 0)", (LISTS,))
        self.watch = Watch(record=self.pair.homes[A].record, view=self.view)

    def project(self) -> None:
        """Do as the projector does: tell what the record holds."""
        with self.pair.reader(A) as reader, closing(sqlite3.connect(self.view, isolation_level=None)) as db:
            db.execute("UPDATE watermark SET seq = ?", (reader.last_change(),))

    def wait(self, after: int, *, seconds: float = LONG, who: str = "one") -> "Waiter":
        return Waiter(lambda: self.watch.wait(after, who=who, seconds=seconds))


class Waiter:
    """Somebody who waits in a thread of his own."""

    def __init__(self, wait: Callable[[], News | None]) -> None:
        self.found: News | None = None
        self._wait = wait
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        self.found = self._wait()

    def result(self) -> News | None:
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()
        return self.found


@pytest.fixture(name="files")
def fixture_files(tmp_path: Path) -> Iterator[Files]:
    files = Files(tmp_path)
    files.project()
    yield files
    files.pair.stop()


def until_waiting(watch: Watch, count: int) -> None:
    end = clock.monotonic() + 60
    while watch.waiting < count:
        assert clock.monotonic() < end
        clock.sleep(0.01)


def test_what_is_known_is_told_at_once(files: Files) -> None:
    first = files.watch.news(None)

    assert first.seq > 0
    assert not first.is_all


def test_a_new_row_reaches_everybody_who_waits(files: Files) -> None:
    after = files.watch.news(None).seq
    waiters = [files.wait(after, who=who) for who in ("one", "two")]
    until_waiting(files.watch, 2)

    said = files.pair.sends()
    files.project()
    found = [waiter.result() for waiter in waiters]

    for each in found:
        assert each is not None
        assert each.seq > after
        assert not each.is_all
        assert (LINK, id_text(said.statement)) in each.changed


def test_their_receipt_is_news_though_no_row_changed(files: Files) -> None:
    files.pair.sends()
    files.project()
    after = files.watch.news(None).seq
    waiter = files.wait(after)
    until_waiting(files.watch, 1)

    files.pair.carry(A, B)
    found = waiter.result()

    assert found is not None
    assert (LINK, None) in found.changed


def test_nothing_new_ends_after_its_time_with_the_same_number(files: Files) -> None:
    after = files.watch.news(None).seq

    begun = clock.monotonic()
    found = files.watch.wait(after, who="one", seconds=0.3)

    assert found == News(seq=after, changed=(), is_all=False)
    assert clock.monotonic() - begun >= 0.3


def test_who_comes_late_is_told_everything_between(files: Files) -> None:
    after = files.watch.news(None).seq
    said = []
    for _number in range(3):
        said.append(files.pair.sends())
        files.project()
        files.watch.news(None)

    found = files.watch.news(after)

    assert {(LINK, id_text(each.statement)) for each in said} <= set(found.changed)
    assert not found.is_all


@pytest.mark.parametrize("after", [0, 3, 10**14])
def test_a_number_from_another_time_means_look_at_everything(files: Files, after: int) -> None:
    files.watch.news(None)

    assert files.watch.news(after).is_all


def test_a_view_that_is_told_anew_means_look_at_everything(files: Files) -> None:
    files.pair.sends()
    files.project()
    after = files.watch.news(None).seq
    fresh = files.view.with_name("fresh.db")
    with closing(sqlite3.connect(fresh)) as db, db:
        db.execute("CREATE TABLE watermark (stage TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT")
        db.execute("INSERT INTO watermark VALUES (?, 1)", (LISTS,))
    fresh.replace(files.view)

    found = files.watch.news(after)

    assert found.is_all
    assert found.seq < after


def test_before_there_is_a_record_the_number_is_nought(tmp_path: Path) -> None:
    watch = Watch(record=tmp_path / "record.db", view=tmp_path / "view.db")

    assert watch.news(None) == News(seq=0, changed=(), is_all=False)
    open_for_writing(tmp_path / "record.db").close()
    assert watch.news(None).seq == 0


def test_no_more_wait_than_there_is_room_for(files: Files) -> None:
    after = files.watch.news(None).seq
    waiters = [
        files.wait(after, who=f"session {number // MAX_WAITING_EACH}") for number in range(MAX_WAITING)
    ]
    until_waiting(files.watch, MAX_WAITING)

    assert files.watch.wait(after, who="late", seconds=3) is None

    files.pair.sends()
    files.project()
    assert all(waiter.result() is not None for waiter in waiters)
    assert files.watch.waiting == 0


def test_one_session_cannot_take_all_the_room(files: Files) -> None:
    after = files.watch.news(None).seq
    waiters = [files.wait(after) for _number in range(MAX_WAITING_EACH)]
    until_waiting(files.watch, MAX_WAITING_EACH)

    assert files.watch.wait(after, who="one", seconds=1) is None
    assert files.watch.wait(after, who="two", seconds=0.1) is not None
    files.pair.sends()
    files.project()
    assert all(waiter.result() is not None for waiter in waiters)


def test_whoever_hung_up_makes_room_at_once(files: Files) -> None:
    after = files.watch.news(None).seq
    gone = threading.Event()
    waiter = Waiter(lambda: files.watch.wait(after, who="one", seconds=LONG, is_gone=gone.is_set))
    until_waiting(files.watch, 1)

    gone.set()
    waiter.result()

    assert files.watch.waiting == 0


def test_when_the_process_ends_everybody_goes_home(files: Files) -> None:
    after = files.watch.news(None).seq
    over = threading.Event()
    files.watch.leave_when(over.is_set)
    waiter = files.wait(after)
    until_waiting(files.watch, 1)

    over.set()
    waiter.result()

    assert files.watch.waiting == 0


def test_nobody_looks_when_nobody_waits(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "IDLE_SECONDS", 0.2)
    files.wait(files.watch.news(None).seq, seconds=0.1).result()

    end = clock.monotonic() + 60
    while any(thread.name == "news" for thread in threading.enumerate()):
        assert clock.monotonic() < end
        clock.sleep(0.05)


# ---- The address


class Told(Watch):
    """A watch that does something while somebody waits."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None, *, is_full: bool = False) -> None:
        super().__init__(record=Path("/nowhere/record.db"), view=Path("/nowhere/view.db"))
        self.meanwhile, self.is_full = meanwhile, is_full
        self.seconds: float | None = None
        self.who = ""

    def wait(self, after: int, *, who: str, seconds: float, **_more: object) -> News | None:
        self.who, self.seconds = who, seconds
        self.meanwhile()
        return None if self.is_full else News(seq=after + 1, changed=((LINK, None),), is_all=False)


@pytest.fixture(name="client")
def fixture_client(settings: Settings, db: None) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    officer = actions.add_officer("Chen", role=Role.OFFICER, language="en", secret=SECRET, now=1)
    client = Client(headers={"host": "localhost"})
    client.post(f"/sign-in/{officer.number}/")
    return client


def ask(client: Client, **query: str | int) -> Any:  # noqa: ANN401 - the test client's answers have no type
    return client.get("/news", query, headers={"Sec-Fetch-Mode": "cors"})


def test_the_first_question_is_answered_at_once(client: Client) -> None:
    answer = ask(client)

    said = answer.json()
    assert set(said) == {"seq", "changed", "all", "ends_at", "now"}
    assert said["ends_at"] > said["now"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_news_says_what_changed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WATCH", Told())

    said = ask(client, after=7).json()

    assert (said["seq"], said["changed"], said["all"]) == (8, [{"link": LINK, "thread": None}], False)


def test_when_too_many_wait_it_asks_to_come_later(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WATCH", Told(is_full=True))

    answer = ask(client, after=0)

    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
    assert answer.json()["seq"] == 0


@pytest.mark.parametrize("after", ["", "x", "-1", "1e3", "9" * 40, "١"])
def test_what_is_no_number_counts_as_none(client: Client, after: str) -> None:
    assert ask(client, after=after).status_code == 200


def test_without_a_person_there_is_no_news() -> None:
    assert ask(Client(headers={"host": "localhost"}), after=0).status_code == 401


@pytest.mark.django_db
def test_nobody_waits_beyond_the_end_of_the_session(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Told()
    monkeypatch.setattr(room, "WATCH", watch)
    session = client.session
    session["seen"] = clock.now() - 15 * 60 + 7
    session.save()

    ask(client, after=0)

    assert watch.seconds is not None
    assert watch.seconds <= 7 < HELD_SECONDS


def test_whoever_is_signed_out_meanwhile_is_told_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WATCH", Told(client.session.flush))

    assert ask(client, after=0).status_code == 401


def test_whoever_is_disabled_meanwhile_is_told_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WATCH", Told(lambda: actions.disable_officer("Chen", now=2)))

    assert ask(client, after=0).status_code == 401


def test_waiting_for_news_keeps_no_session_alive(client: Client) -> None:
    session = client.session
    seen = session["seen"] = clock.now() - 600
    session.save()

    ask(client)

    assert client.session["seen"] == seen


# ---- A node that runs


@pytest.mark.slow
def test_a_node_that_stops_answers_whoever_waits(tmp_path: Path) -> None:
    side = Side("A", tmp_path)
    pages, partner = free_port(), free_port()
    made = side.ask(
        *("init", "--node", "a.example", "--world", "demo", "--name-en", "Country A", "--name-zh", "甲国"),
        *("--pages", f"127.0.0.1:{pages}", "--partner", f"127.0.0.1:{partner}"),
    )
    assert made.exit == 0, made.json
    side.ask("officer", "add", "zhao", "--secret-file", str(side.secret))
    with served(side.home) as node:
        cookie = sign_in(pages)
        after = json.loads(get(pages, "/news", cookie)[1])["seq"]
        answers: list[int] = []
        waiters = [
            threading.Thread(target=lambda: answers.append(get(pages, f"/news?after={after}", cookie)[0]))
            for _number in range(MAX_WAITING_EACH + 1)
        ]
        for waiter in waiters:
            waiter.start()
        # One too many is answered at once: all others wait by then.
        until(lambda: bool(answers))

        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(timeout=60) == 0
        for waiter in waiters:
            waiter.join(timeout=60)

    assert answers == [200] * len(waiters)
    side.stop()


def get(port: int, path: str, cookie: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(line):
        line.request("GET", path, headers={"Cookie": cookie, "Sec-Fetch-Mode": "cors"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def sign_in(port: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(line):
        line.request("GET", "/sign-in/")
        page = line.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        assert token is not None
        form_cookie = page.headers["Set-Cookie"].partition(";")[0]
        line.request(
            "POST",
            "/sign-in/1/",
            f"csrfmiddlewaretoken={token[1]}",
            {"Cookie": form_cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = line.getresponse()
        answer.read()
    cookies = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", [])]
    return "; ".join(cookies)
