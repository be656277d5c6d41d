"""A hotline for each test that asks for one."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="line")
def fixture_line(tmp_path: Path) -> Iterator[Any]:
    # Its imports need Django, which is not awake yet while this file is read.
    line = import_module("tests.hotline.line").Line(tmp_path)
    yield line
    line.stop()
