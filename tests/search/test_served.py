"""Search in a running node: told apart from the lists, and a moment later."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.reading import Reader
from parley.node.projector import LATER, LISTS
from tests.node.served import free_port, served, until
from tests.two_nodes.pair import INQUIRY, LINK, A, Pair

pytestmark = pytest.mark.slow


def marks(view: Path) -> dict[str, int]:
    with closing(sqlite3.connect(view)) as db:
        return dict(db.execute("SELECT stage, seq FROM watermark"))


def test_what_is_said_can_be_searched_within_two_seconds(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.stop()
    home = pair.homes[A]
    settings = home.settings_file.read_text(encoding="utf-8")
    for _ in range(settings.count(':0"')):
        settings = settings.replace(':0"', f':{free_port()}"', 1)
    home.settings_file.write_text(settings, encoding="utf-8")
    with served(home), closing(Reader(home)) as reader:
        until(lambda: home.view.exists() and marks(home.view).get(LATER) == reader.last_change())
        drafts = [
            Draft(
                id=f"s{n}",
                link=LINK,
                kind="inquiry.sent",
                d=INQUIRY,
                body={"title": {"lang": "zh-Hans", "text": f"仿冒网站{n}"}},
            )
            for n in range(60)
        ]

        said = append(home, drafts)

        assert all(isinstance(each, Appended) for each in said)
        until(lambda: marks(home.view)[LISTS] == reader.last_change())
        until(lambda: marks(home.view)[LATER] == reader.last_change())
        with closing(sqlite3.connect(home.view)) as db:
            (found,) = db.execute(
                "SELECT COUNT(*) FROM search_index WHERE search_index MATCH '\"冒网 网站\"'"
            ).fetchone()
    assert found == 60
