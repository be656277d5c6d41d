"""Nodes for a test, on a disk that is memory where there is one, and stopped when the test ends."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.two_nodes.pair import MEMORY, Pair


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()
