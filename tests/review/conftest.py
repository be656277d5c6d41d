"""Two linked nodes, and the pages of the first, for each test that asks for them."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.two_nodes.pair import Pair


@pytest.fixture(name="pair")
def fixture_pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.stop()


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, db: None) -> object:
    # Tables can only be imported once Django is awake, which is later than a conftest.
    return import_module("tests.links.office").Office(pair, settings)
