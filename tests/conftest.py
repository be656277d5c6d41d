"""What every test may rely on: a home of its own, Django's settings for it, and measures for Hypothesis.

Their files are in memory where there is room for them, since every commit waits for the disk and hardly any
test asks for one; `./run test --system`, which does, keeps to the disk. Secrets are hashed as officers' are,
with a hundredth of the work.

The tests of the protocol also run where there is no Django: it is woken only if its plugin is there.

Files that take long come first, since one process takes a file as a whole: begun as the others end, such a
file would keep everybody waiting.
"""

import atexit
import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Final

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

LONGEST: Final = (
    "demo/test_story.py",
    "simulator/test_seeds.py",
    "demo/test_start_page.py",
    "demo/test_ending.py",
    "demo/test_cheating.py",
    "verify/test_bare.py",
    "simulator/test_broken.py",
    "cli/test_two_served_nodes.py",
    "browser/test_every_page.py",
    "browser/test_call_pages.py",
    "browser/test_desk.py",
    "browser/test_destroying.py",
    "browser/test_foreign_text.py",
    "system/test_restored.py",
    "system/test_power_cut.py",
    "system/test_killed.py",
    "system/test_network.py",
    "system/test_disk_refuses.py",
)
"""By far the longest ones, the longest of each stage first."""

SLOW: Final = (
    "agencies/test_doors.py",
    "cli/test_call.py",
    "cli/test_case.py",
    "cli/test_ctrl_c.py",
    "cli/test_dialogue.py",
    "cli/test_linetests.py",
    "cli/test_review.py",
    "cli/test_share.py",
    "composer/test_files.py",
    "composer/test_pasting.py",
    "composer/test_safety.py",
    "demo/test_hand.py",
    "dialogue/test_freezing.py",
    "dialogue/test_pages.py",
    "guidelines/test_pages.py",
    "hotline/test_page_calls.py",
    "inquiries/test_batches.py",
    "inquiries/test_files.py",
    "inquiries/test_listing.py",
    "inquiries/test_page.py",
    "inquiries/test_say.py",
    "inquiries/test_say_drafts.py",
    "links/test_erasing_pages.py",
    "links/test_suspending.py",
    "node/test_ringer_nights.py",
    "review/test_kept.py",
    "review/test_pages.py",
    "search/test_search.py",
    "simulator/test_broken.py",
    "today/test_desk.py",
    "two_nodes/test_any_order.py",
    "two_nodes/test_catch_up.py",
    "verify/test_bare.py",
)
"""Each test of these plays a page or a whole day: `./run check` leaves them out, since it is to be quick."""

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
# What bytes may hold is tried by `./run fuzz` as well, thousands of times.
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.register_profile("again", max_examples=5, deadline=None, print_blob=True)
settings.load_profile("dev")


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.has_plugin("django"):
        import_module("django").setup()
        import_module("django.conf").settings.PASSWORD_HASHERS = ["tests.hashing.Cheap"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    places = {tests / name: place for place, name in enumerate(LONGEST)}
    slow = {tests / name for name in SLOW}
    assert all(path.exists() for path in slow.union(places)), "LONGEST or SLOW names a file that is not there"
    items.sort(key=lambda item: places.get(item.path, len(places)))
    for item in items:
        if item.path in slow:
            item.add_marker(pytest.mark.slow)
