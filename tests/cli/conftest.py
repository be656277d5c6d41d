"""Two nodes that were made and linked by typing; each test speaks about inquiries of its own."""

from collections.abc import Iterator

import pytest

from tests.cli.side import Sides, make_sides


@pytest.fixture(name="sides", scope="module")
def fixture_sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    sides = make_sides(tmp_path_factory.mktemp("sides"))
    sides.make_paired()
    yield sides
    sides.stop()
