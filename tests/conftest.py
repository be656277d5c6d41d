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
    "two_nodes/test_catch_up.py",
    "verify/test_bare.py",
    "gates/table/test_limits.py",
    "simulator/test_broken.py",
    "cli/test_erasing.py",
    "house/test_run.py",
    "node/test_files_served.py",
    "cli/test_first_run.py",
    "cli/test_two_served_nodes.py",
    "browser/test_every_page.py",
    "browser/test_round_walk.py",
    "browser/test_round_pages.py",
    "browser/test_call_pages.py",
    "browser/test_foreign_text.py",
    "browser/test_desk.py",
    "browser/test_destroying.py",
    "browser/test_cheating.py",
    "browser/test_asked_back.py",
    "system/test_restored.py",
    "system/test_power_cut.py",
    "system/test_killed.py",
    "system/test_network.py",
    "system/test_disk_refuses.py",
)
"""By far the longest ones, the longest of each stage first."""

SLOW: Final = (
    "agencies/test_doors.py",
    "agencies/test_journal.py",
    "cases/test_forms.py",
    "cases/test_links.py",
    "cases/test_pages.py",
    "cases/test_paper.py",
    "cases/test_projection.py",
    "cases/test_queries.py",
    "cases/test_report_paper.py",
    "cases/test_same_report.py",
    "cases/test_say.py",
    "cli/test_call.py",
    "cli/test_case.py",
    "cli/test_ctrl_c.py",
    "cli/test_dialogue.py",
    "cli/test_linetests.py",
    "cli/test_lists.py",
    "cli/test_review.py",
    "cli/test_share.py",
    "cli/test_their_desk.py",
    "composer/test_files.py",
    "composer/test_pasting.py",
    "composer/test_safety.py",
    "demo/test_hand.py",
    "demo/test_lines.py",
    "dialogue/test_commitments.py",
    "dialogue/test_deceit.py",
    "dialogue/test_following.py",
    "dialogue/test_freezing.py",
    "dialogue/test_naming.py",
    "dialogue/test_outcomes.py",
    "dialogue/test_pages.py",
    "dialogue/test_paper.py",
    "dialogue/test_papers.py",
    "dialogue/test_preparing.py",
    "dialogue/test_projection.py",
    "dialogue/test_public.py",
    "dialogue/test_release_pages.py",
    "dialogue/test_release_restored.py",
    "dialogue/test_rounds.py",
    "dialogue/test_same_paper.py",
    "dialogue/test_shown.py",
    "dialogue/test_standing.py",
    "dialogue/test_summary.py",
    "dialogue/test_timing.py",
    "dialogue/test_typing.py",
    "drafts/test_drafts.py",
    "gates/api/test_door.py",
    "gates/api/test_examples.py",
    "gates/peer/test_files.py",
    "gates/peer/test_listener.py",
    "gates/peer/test_two_ledgers.py",
    "gates/peer/test_wire.py",
    "gates/table/test_properties.py",
    "guidelines/test_form.py",
    "guidelines/test_governing.py",
    "guidelines/test_pages.py",
    "guidelines/test_paper.py",
    "hotline/test_about.py",
    "hotline/test_conversation.py",
    "hotline/test_endings.py",
    "hotline/test_hostile_pages.py",
    "hotline/test_linetests.py",
    "hotline/test_messages.py",
    "hotline/test_page_calls.py",
    "hotline/test_paper.py",
    "hotline/test_projection.py",
    "hotline/test_search.py",
    "hotline/test_tests_page.py",
    "hotline/test_voice.py",
    "hotline/test_worst_first.py",
    "inquiries/test_batches.py",
    "inquiries/test_files.py",
    "inquiries/test_listing.py",
    "inquiries/test_page.py",
    "inquiries/test_paper.py",
    "inquiries/test_queries.py",
    "inquiries/test_say.py",
    "inquiries/test_say_drafts.py",
    "lanes/test_enrolled_later.py",
    "lanes/test_goes_on.py",
    "lanes/test_hot_first.py",
    "lanes/test_looked_after.py",
    "lanes/test_pages.py",
    "lanes/test_said_in_each.py",
    "ledger/test_backup.py",
    "ledger/test_carrying.py",
    "ledger/test_persons.py",
    "ledger/test_rebuild.py",
    "ledger/test_threads.py",
    "links/test_checking.py",
    "links/test_erasing_pages.py",
    "links/test_evidence.py",
    "links/test_losing.py",
    "links/test_offered.py",
    "links/test_passkey_signing.py",
    "links/test_suspending.py",
    "links/test_their_desk.py",
    "links/test_verify.py",
    "node/test_news.py",
    "node/test_opened.py",
    "node/test_ringer_nights.py",
    "node/test_tables.py",
    "notes/test_home.py",
    "notes/test_note_drafts.py",
    "notes/test_notes.py",
    "pager/test_command.py",
    "pager/test_killed.py",
    "pager/test_smpp.py",
    "pager/test_web.py",
    "protocol/inquiries/test_concurrency.py",
    "protocol/test_cases_properties.py",
    "protocol/test_dialogue_properties.py",
    "protocol/test_fold_properties.py",
    "protocol/test_hotline_properties.py",
    "protocol/test_hotline_second.py",
    "protocol/test_linetests_properties.py",
    "protocol/test_sharing_properties.py",
    "review/test_beside.py",
    "review/test_commitments.py",
    "review/test_kept.py",
    "review/test_pages.py",
    "review/test_print.py",
    "search/test_rooms.py",
    "search/test_search.py",
    "sharing/test_delivered.py",
    "sharing/test_offering.py",
    "sharing/test_pages.py",
    "sharing/test_paper.py",
    "sharing/test_projection.py",
    "sharing/test_say.py",
    "simulator/test_broken.py",
    "simulator/test_replay.py",
    "simulator/test_seeds.py",
    "today/test_desk.py",
    "today/test_duty.py",
    "today/test_rooms.py",
    "two_nodes/test_any_order.py",
    "two_nodes/test_calls.py",
    "two_nodes/test_catch_up.py",
    "two_nodes/test_claims.py",
    "two_nodes/test_dialogue.py",
    "two_nodes/test_erasure.py",
    "two_nodes/test_files.py",
    "two_nodes/test_late.py",
    "two_nodes/test_presence.py",
    "two_nodes/test_recovery.py",
    "two_nodes/test_recovery_answers.py",
    "two_nodes/test_recovery_hostile.py",
    "two_nodes/test_relay.py",
    "two_nodes/test_restores.py",
    "two_nodes/test_review.py",
    "two_nodes/test_revocation.py",
    "two_nodes/test_rotation.py",
    "two_nodes/test_round_digest.py",
    "two_nodes/test_round_doors.py",
    "two_nodes/test_round_heavy.py",
    "two_nodes/test_round_hostile.py",
    "two_nodes/test_round_hostile_dialogue.py",
    "two_nodes/test_round_papers.py",
    "two_nodes/test_seen_before.py",
    "two_nodes/test_sharing.py",
    "two_nodes/test_suspension.py",
    "two_nodes/test_third.py",
    "verify/test_bare.py",
    "verify/test_beside.py",
    "verify/test_matters.py",
    "verify/test_mutants.py",
    "verify/test_revoked.py",
    "verify/test_rotated.py",
    "verify/test_two_nodes.py",
    "verify/test_watch_shown.py",
    "watch/test_page.py",
)
"""Each test of these plays a page or a whole day: `./run check` leaves them out, since it is to be quick: a
tenth of a second of computing for a test is too much for it."""

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
        settings_here = import_module("django.conf").settings
        settings_here.PASSWORD_HASHERS = ["tests.hashing.Cheap"]
        # Each client of a test would read the list of all static files; they are looked for when asked.
        settings_here.WHITENOISE_AUTOREFRESH = True


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


@pytest.fixture(autouse=True)
def _untold(request: pytest.FixtureRequest) -> None:
    """Have a test that looks at the rows of `view.db` begin with none told.

    The watermark is no table of Django's: it would stay from the test before, and what that told as changes
    of its own record would count as told of this one.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None or "view" not in (marker.kwargs.get("databases") or ()):
        return
    request.getfixturevalue("_django_db_marker")
    connections = import_module("django.db").connections
    with connections["view"].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS watermark")
