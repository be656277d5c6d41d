"""Two desks that share for each test that asks for them."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="desks")
def fixture_desks(tmp_path: Path) -> Iterator[Any]:
    # Its imports need Django, which is not awake yet while this file is read.
    desks = import_module("tests.sharing.givers").Givers(tmp_path)
    yield desks
    desks.stop()
