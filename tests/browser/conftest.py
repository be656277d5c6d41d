"""One browser and one pair of nodes for all tests of pages that run in the same process."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.nodes import Nodes, two_nodes
from tests.browser.ringing import end_all
from tests.browser.seats import ARGUMENTS, PATIENCE_MS

# Playwright's own five seconds are those of a computer that does nothing else.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(name="browser", scope="session")
def fixture_browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium is not None, "apt-get install chromium fontconfig fonts-noto-cjk libatomic1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture(name="nodes", scope="session")
def fixture_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with two_nodes(tmp_path_factory.mktemp("nodes")) as nodes:
        yield nodes


@pytest.fixture(name="rings_no_more")
def fixture_rings_no_more(nodes: Nodes) -> Iterator[None]:
    """See to it that no call of a test goes on ringing: it would cover the pages of the next one."""
    yield
    end_all(nodes)
