"""What every test may rely on: a home of its own, Django's settings for it, and two measures for Hypothesis.

Their files are in memory where there is room for them, since every commit waits for the disk and hardly any
test asks for one; `./run test --system`, which does, keeps to the disk. Secrets are hashed as officers' are,
with a hundredth of the work.

The tests of the protocol also run where there is no Django: it is woken only if its plugin is there.
"""

import atexit
import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

SETTINGS = """
[node]
name = "a.example"
world = "demo"
name_en = "Country A"
name_zh = "甲国"
[listen]
pages = "127.0.0.1:8401"
partner = "127.0.0.1:8411"
"""

CALENDAR = (
    b'{"offsets":[[0,0]],"weeks":[{"since":"1970-01-01","hours":[[540,1020]],"weekend":[5,6]}],'
    b'"closed":[],"made_up":[]}'
)

# Where pytest makes the folders of tests.
FOLDERS = "PYTEST_DEBUG_TEMPROOT"
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * 2**30:
    os.environ.setdefault(FOLDERS, str(MEMORY))

# The workers of pytest-xdist share the home of the run that started them. No test writes into it: a test
# that needs files of its own makes a home in `tmp_path`.
if "PYTEST_XDIST_WORKER" not in os.environ:
    home = Path(tempfile.mkdtemp(prefix="parley-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "parley.toml").write_text(SETTINGS, encoding="utf-8")
    (home / "calendar.json").write_bytes(CALENDAR)
    os.environ["PARLEY_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.node.settings"

# No deadline: the machine is shared, and a slow example proves nothing.
settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, print_blob=True)
settings.load_profile("dev")


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin("django"):
        import_module("django").setup()
        import_module("django.conf").settings.PASSWORD_HASHERS = ["tests.hashing.Cheap"]
