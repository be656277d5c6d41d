"""Nodes for a test, stopped when it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.two_nodes.pair import Pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()
