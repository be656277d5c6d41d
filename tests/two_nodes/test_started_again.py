"""A node that is started again knows at once how far its lists have come, though nothing new happens."""

from contextlib import closing

import pytest

from parley.ledger.reading import Reader
from parley.work.home import Home
from tests.node.served import free_port, served, until
from tests.two_nodes.pair import A, Pair

pytestmark = pytest.mark.slow


def give_ports(home: Home) -> None:
    settings = home.settings_file.read_text(encoding="utf-8")
    for _ in range(settings.count(':0"')):
        settings = settings.replace(':0"', f':{free_port()}"', 1)
    home.settings_file.write_text(settings, encoding="utf-8")


def test_the_watermark_is_that_of_the_lists_after_every_start(pair: Pair) -> None:
    pair.sends(node=A)
    pair.stop()
    home = pair.homes[A]
    give_ports(home)
    with closing(Reader(home)) as reader:
        last = reader.last_change()

    for _ in range(2):
        with served(home) as node:
            until(lambda: node.ask(ask="status")["watermark"] == last, seconds=10)

    assert last > 0
