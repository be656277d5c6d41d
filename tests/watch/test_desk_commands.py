"""The desk in a terminal, on a node that runs: the watch is taken, a call rings, one key takes it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from parley.ledger.reading import Reader
from parley.protocol.hotline.codes import State
from parley.watch.beats import Beat, beat, handing
from parley.watch.policy import WatchState
from tests.node.calling import SECRET, call, make_homes, staff
from tests.node.served import Served, served, until
from tests.pager.conftest import channels, mail, smpp
from tests.pager.servers import Centre, Relay, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

RIGHT = ("--open-call", "a-hot-1", "--due-first", "A hot 1", "--degraded", "a-b", "--heard")


class Room:
    """A served node with an open call, and its terminal."""

    def __init__(self, node: Served, opened: bytes) -> None:
        self.node = node
        self.opened = opened
        self.secret = node.home.root / "secret-of-people"
        self.secret.write_text(SECRET + "\n", encoding="ascii")
        self.environ = os.environ | {
            "PARLEY_HOME": str(node.home.root),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "LANG": "C.UTF-8",
        }

        self.lines = subprocess.Popen(
            self.words("lines"), env=self.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "parley.cli", *words]

    def desk(self, *words: str) -> tuple[int, Any]:
        return self.type("desk", *words)

    def type(self, *words: str) -> tuple[int, Any]:
        """Type a command into one process, so that nobody waits for a start-up at every line."""
        assert self.lines.stdin is not None
        assert self.lines.stdout is not None
        self.lines.stdin.write(json.dumps([*words, "--json"]) + "\n")
        self.lines.stdin.flush()
        said = json.loads(self.lines.stdout.readline())
        return said["exit"], json.loads(said["stdout"])

    def stop(self) -> None:
        self.lines.communicate(timeout=60)

    def signed(self, *words: str, by: str = "Chen") -> tuple[int, Any]:
        return self.desk(*words, "--as", by, "--secret-file", str(self.secret))

    def beat(self) -> Beat:
        return beat(self.node.home, screen="0" * 16, officer=1, seen=0, hidden=True, holds=False)

    def state(self) -> State:
        with closing(Reader(self.node.home)) as reader:
            found = reader.call("a-b", self.opened)
            assert found is not None
            return found.state


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("desk")
    nodes = make_homes(folder)
    opened = call(nodes, seconds_ago=30)
    nodes.stop()
    staff(folder / "b")
    with running(Relay().serve) as server, running(Centre().serve) as centre:
        settings = channels(mail="relay", sms="centre")
        settings += mail("relay", server.port) + smpp("centre", centre.port)
        (folder / "b" / "pager.toml").write_text(settings, encoding="utf-8")
        with served(nodes.homes["b.example"]) as node:
            found = Room(node, opened)
            yield found
            found.stop()


def test_the_watch_is_taken_by_whoever_heard_the_bell_and_answers_from_the_record(room: Room) -> None:
    # The other node does not run: that is the path that whoever takes the watch must know of.
    until(lambda: bool(room.beat().alarms) and "a-b" in handing(room.node.home).degraded)

    unheard = room.signed("take", *RIGHT[:-1])
    wrong = room.signed("take", *RIGHT, "--due-first", "B 7")
    taken = room.signed("take", *RIGHT)
    again = room.signed("take", *RIGHT, by="Wang")

    assert unheard[1]["fault"]["code"] == "sound_not_heard"
    assert wrong[1]["fault"]["code"] == "wrong_answers"
    assert (taken[0], taken[1]["result"]["on_watch"]) == (0, 1)
    assert (again[0], again[1]["fault"]["code"]) == (8, "watch_held")


def test_it_is_handed_over_by_two_and_status_says_who_has_it(room: Room) -> None:
    handed = room.signed("hand-over", *RIGHT, "--to", "Wang", "--to-secret-file", str(room.secret))
    until(lambda: room.beat().on_watch == 2)
    code, said = room.desk("status")

    assert handed[0] == 0
    assert (code, said["result"]["watch"]) == (10, WatchState.UNCONFIRMED.value)
    assert [each["place"] for each in said["result"]["alarms"]] == ["A hot 1"]


def test_the_desk_is_muted_by_whoever_has_it_and_sounds_again_by_anybody(room: Room) -> None:
    refused = room.signed("mute", "--minutes", "5", by="Chen")
    muted = room.signed("mute", "--minutes", "5", by="Wang")
    until(lambda: room.beat().muted is not None)
    told = room.desk("status")[1]["result"]["muted"]
    ended = [room.signed("mute", "--end", by="Chen")[1]["result"]["was_muted"] for _ in range(2)]

    assert (refused[0], refused[1]["fault"]["code"]) == (8, "watch_not_held")
    assert (muted[0], muted[1]["result"]["officer"]) == (0, 2)
    assert told == {"officer": 2, "until": muted[1]["result"]["muted_until"]}
    assert ended == [True, False]
    until(lambda: room.beat().muted is None)


def test_the_doctor_says_that_nobody_sees_the_desk_where_the_roster_needs_somebody(room: Room) -> None:
    def said() -> list[str]:
        found = room.type("doctor")[1]["result"]["looks"]
        return [each["said"] for each in found if each["what"] == "desk"]

    before = said()
    room.type("roster", "need", "desk", "--language", "en")

    assert before == []
    assert said() == ["Somebody has the watch, and no screen is seen."]


def test_in_the_terminal_a_call_rings_runs_the_hook_and_is_taken_by_one_key(
    room: Room, tmp_path: Path
) -> None:
    rang, hook = tmp_path / "rang", tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ncat > {rang}\n", encoding="ascii")
    hook.chmod(0o700)
    ours, terminal = pty.openpty()
    words = room.words(
        "desk", "watch", "--as", "Wang", "--secret-file", str(room.secret), "--exec", str(hook)
    )
    desk = subprocess.Popen(words, env=room.environ, stdin=terminal, stderr=subprocess.PIPE)
    try:
        until(lambda: room.beat().watch is WatchState.THIN)
        until(lambda: rang.exists() and bool(rang.read_text(encoding="utf-8")))
        os.write(ours, b" ")
        until(lambda: room.state() is State.TAKEN)
        until(lambda: not room.beat().alarms)
        os.write(ours, b"q")
        said = desk.communicate(timeout=60)[1].decode()
    finally:
        desk.kill()
        desk.communicate()
        os.close(ours)
        os.close(terminal)

    assert desk.returncode == 0
    assert json.loads(rang.read_text(encoding="utf-8"))["place"] == "A hot 1"
    assert "REAL U0" in said
    assert "\a" in said


def test_the_report_counts_what_rang_and_how_long_nobody_saw_a_screen(room: Room) -> None:
    until(lambda: room.desk("report")[1]["result"]["alarms"] > 0)
    code, said = room.desk("report", "--hours", "1")

    assert code == 10
    assert said["result"]["alarms"] == said["result"]["worst_ten_minutes"]
    assert said["result"]["missed"] == 1
    assert said["result"]["budget"] == 6


def test_where_core_is_away_nobody_says_that_it_is_quiet(room: Room) -> None:
    home = room.node.home.root.parent / "a"

    done = subprocess.run(
        room.words("desk", "status", "--json"),
        env=room.environ | {"PARLEY_HOME": str(home)},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 6
    assert json.loads(done.stdout)["fault"]["code"] == "blind"
