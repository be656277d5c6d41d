"""An environment in which the house cannot be imported: no Django, no command line, no door outwards."""

import os
from pathlib import Path
from typing import Final

from tests.house.tree import ROOT

REFUSER: Final = """
import sys

class Refuser:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "rich", "typer", "aiohttp"}:
            raise ImportError(f"{name} is refused here")

sys.meta_path.insert(0, Refuser())
"""


def alone(folder: Path, *more: Path) -> dict[str, str]:
    """Return such an environment, from the start of Python on; `more` is found before what is installed."""
    (folder / "sitecustomize.py").write_text(REFUSER)
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, [folder, *more, ROOT / "src"]))}
