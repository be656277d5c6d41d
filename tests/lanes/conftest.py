"""Two nodes whose link has all three lanes, on a disk that is memory where there is one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.protocol.names import LANES
from tests.two_nodes.pair import MEMORY, Pair


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    nodes = Pair(tmp_path, lanes=LANES)
    yield nodes
    nodes.stop()
