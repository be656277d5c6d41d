"""What a process of the demonstration is started with: this Parley, that home, and who its parent is."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import parley
from parley.node.start import PARENT

SOURCE: Final = str(Path(parley.__file__).resolve().parent.parent)


def environment(home: Path | None = None) -> Mapping[str, str]:
    """Return the environment for a child of this process that works in `home`."""
    own = {PARENT: str(os.getpid()), "PYTHONPATH": SOURCE, "PYTHONUTF8": "1"}
    return {**os.environ, **own, **({} if home is None else {"PARLEY_HOME": str(home)})}
