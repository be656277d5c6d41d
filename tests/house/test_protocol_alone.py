"""The treaty runs without the house: no Django, no disk of ours, no framework.

That its tests pass there too is seen in tests/verify/test_bare.py.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.house.alone import alone

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


def test_every_page_of_the_protocol_can_be_read_without_django_and_without_the_house(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], env=alone(tmp_path), capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == ["[]", "Django is refused"]
