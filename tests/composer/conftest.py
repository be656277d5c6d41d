"""Two linked nodes, and officers at the pages of A. Tables can only be imported once Django is awake."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.composer.desk import Desk
from tests.two_nodes.pair import A


@pytest.fixture(name="world")
def fixture_world(tmp_path: Path, settings: Settings) -> Any:  # noqa: ANN401 - see above
    world = import_module("tests.composer.world").World(tmp_path)
    settings.HOME = world.homes[A]
    return world


@pytest.fixture(name="shut")
def fixture_shut(world: Any, tmp_path: Path, settings: Settings) -> Any:  # noqa: ANN401 - see above
    """Two nodes that compared their digits and have not opened their link."""
    folder = tmp_path / "shut"
    folder.mkdir()
    shut = import_module("tests.composer.world").World(folder, is_open=False)
    settings.HOME = shut.homes[A]
    return shut


@pytest.fixture(name="desk")
def fixture_desk(world: object, transactional_db: None) -> Desk:
    return Desk(client=import_module("tests.composer.world").signed_in(4, name="Chen"))


@pytest.fixture(name="other")
def fixture_other(world: object, transactional_db: None) -> Desk:
    return Desk(client=import_module("tests.composer.world").signed_in(5, name="Zhao"))
