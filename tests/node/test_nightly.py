"""Every night the record is hashed anew, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parley.ledger.checks import FSCK, checked_at, note_check
from parley.node.news import Watch
from parley.node.nightly import EVERY_SECONDS, is_due
from tests.node.served import make_home, served, until
from tests.two_nodes.pair import LINK, A, Pair


@pytest.mark.parametrize(
    ("checked", "due"),
    [(None, True), (1_000_000, False), (1_000_001 - EVERY_SECONDS, False), (1_000_000 - EVERY_SECONDS, True)],
    ids=["never", "now", "almost a day ago", "a day ago"],
)
def test_it_is_due_once_a_day(checked: int | None, *, due: bool) -> None:
    assert is_due(checked, now=1_000_000) is due


def test_a_clock_that_was_set_back_puts_off_nothing() -> None:
    assert is_due(2_000_000, now=1_000_000)


@pytest.mark.slow
def test_the_process_looks_at_the_home_and_writes_down_what_it_found(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.stop()
    environ = os.environ | {
        "PARLEY_HOME": str(pair.homes[A].root),
        "DJANGO_SETTINGS_MODULE": "parley.node.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }

    done = subprocess.run([sys.executable, "-P", "-m", "parley.node.nightly"], env=environ, check=True)

    assert done.returncode == 0
    assert checked_at(pair.homes[A], FSCK, key="whole_at") is not None


def test_pages_are_told_as_soon_as_a_look_has_ended(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.stop()
    home = pair.homes[A]
    watch = Watch(record=home.record, view=home.view)
    before = watch.news(None).seq

    note_check(home, FSCK, {"at": 1, "findings": 0, "times": 1})

    assert watch.news(before).seq == before + 1
    assert watch.news(before).changed == ((LINK, None),)


@pytest.mark.slow
def test_core_looks_at_once_when_it_is_asked_and_says_so_meanwhile(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a")
    with served(home) as node:
        assert node.ask(ask="status")["checking"] is None

        node.ask(ask="check_record")
        meanwhile = node.ask(ask="status")["checking"]
        node.ask(ask="check_record")
        until(lambda: node.ask(ask="status")["checking"] is None)

    assert isinstance(meanwhile, dict)
    assert checked_at(home, FSCK, key="times") == 1
    assert checked_at(home, FSCK, key="whole_at") is not None
