"""A table between two nodes for each test that asks for one."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="table")
def fixture_table(tmp_path: Path) -> Iterator[Any]:
    # Its imports need Django, which is not awake yet while this file is read.
    table = import_module("tests.dialogue.table").Table(tmp_path)
    yield table
    table.stop()
