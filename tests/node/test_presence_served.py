"""Two nodes that run: one officer looks at one desk, and the other country sees that it is watched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from parley.links.queries.core import core_view
from parley.watch.beats import beat
from parley.watch.policy import WatchState
from parley.work.home import Home
from tests.house.tree import ROOT
from tests.node.served import Served, make_home, served, until
from tests.two_nodes.pair import LINK, WORLD, A, B

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Nodes: TypeAlias = tuple[Served, Served]
TWO_MINUTES: Final = 120
"""A word may have been decided a moment before the desk was seen: the next one comes with the next minute."""
TAKEN: Final = """
import django
django.setup()
from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.node.tables import bring_up_to_date
from parley.watch.models import WatchTaken
from parley.work import clock
bring_up_to_date()
now = clock.now()
add_officer("Chen", role=Role.OFFICER, language="en", secret="correct-horse-battery", now=now)
WatchTaken.objects.create(officer_id=1, begins=now, is_open=True, sound_heard_at=now, phone_tested_at=now)
"""


def proposing(folder: Path, node: str) -> Home:
    """Return a home whose offer proposes that each side tells of its desk, as its settings say."""
    home = make_home(folder, node)
    with home.settings_file.open("a", encoding="utf-8") as settings:
        settings.write("\n[desk]\nwatch_shown = true\n")
    return home


def has_the_watch(home: Home) -> None:
    """Have officer 1 of the home take the watch."""
    environ = os.environ | {
        "PARLEY_HOME": str(home.root),
        "DJANGO_SETTINGS_MODULE": "parley.node.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", TAKEN], env=environ, check=True, cwd="/")


def offer_of(home: Home) -> str:
    """Return the offer that `home` hands over, by its own command."""
    environ = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    words = [sys.executable, "-m", "parley.cli", "--home", str(home.root), "link", "card"]
    return subprocess.run(words, env=environ, check=True, capture_output=True, text=True, cwd="/").stdout


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    homes = [proposing(tmp_path / node[0], node) for node in (A, B)]
    has_the_watch(homes[0])
    with served(homes[0]) as a, served(homes[1]) as b:
        until(lambda: is_watched(a))
        yield a, b


def is_watched(node: Served) -> bool:
    """Let a screen of the node's desk be seen, and return whether core counts the desk as watched."""
    found = beat(node.home, screen="0123456789abcdef", officer=1, seen=0, hidden=False, holds=True)
    return found.watch is WatchState.THIN


def opened(nodes: Nodes) -> None:
    for node, other in (nodes, nodes[::-1]):
        offers = {"mine": offer_of(node.home), "theirs": offer_of(other.home)}
        assert node.ask(ask="add_link", world=WORLD, name=None, **offers) == {"name": LINK}
        node.ask(ask="verify_link", link=LINK)
        node.ask(ask="sign_opening", link=LINK, draft="open", **offers)


def test_who_looks_at_one_desk_is_seen_at_the_other_and_of_nobody_there_nothing_is_said(nodes: Nodes) -> None:
    a, b = nodes
    opened(nodes)

    def is_told() -> bool:
        assert is_watched(a)
        for node in nodes:
            node.ask(ask="wake", link=LINK)
        return LINK in core_view(b.home).their_desks

    until(is_told, seconds=TWO_MINUTES)

    assert core_view(b.home).their_desks[LINK] % 60 == 0
    assert core_view(a.home).their_desks == {}
