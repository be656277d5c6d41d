"""The treaty runs without the house: no Django, no disk of ours, no framework."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house.tree import ROOT

REFUSER: Final = """
import sys

class Refuser:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "rich", "typer", "aiohttp"}:
            raise ImportError(f"{name} is refused here")

sys.meta_path.insert(0, Refuser())
"""
IMPORT_ALL: Final = """
import importlib, pkgutil, sys
import parley.protocol
for page in pkgutil.walk_packages(parley.protocol.__path__, "parley.protocol."):
    importlib.import_module(page.name)
ours = {name for name in sys.modules if name.startswith("parley.")}
print(sorted(name for name in ours if not name.startswith("parley.protocol")))
try:
    import django
except ImportError:
    print("Django is refused")
"""


@pytest.fixture(name="alone")
def fixture_alone(tmp_path: Path) -> dict[str, str]:
    """An environment in which Django cannot be imported, from the start of Python on."""
    (tmp_path / "sitecustomize.py").write_text(REFUSER)
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")])}


def test_every_page_of_the_protocol_can_be_read_without_django_and_without_the_house(
    alone: dict[str, str],
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], env=alone, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == ["[]", "Django is refused"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_tests_of_the_protocol_pass_without_django(alone: dict[str, str]) -> None:
    words = [
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        "tests/protocol",
    ]

    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=alone, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
