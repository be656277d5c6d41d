"""Every page of the round, as both sides see it while the other writes like an attacker."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import cycle
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser import hostile
from tests.browser.hostile import SHORT, TEXT
from tests.browser.nodes import SPACE, Nodes
from tests.browser.round_stories import Round, tell
from tests.browser.seats import Seat, seat, seated
from tests.browser.test_every_page import NARROW, OVERFLOW, STRUCTURE, WIDE, look_at
from tests.browser.test_foreign_text import CLEAN, FETCHED, LINES, Links
from tests.cli.side import LINK

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOMS: Final = re.compile(
    rf"/(cases|shared|commitments|rounds|dialogue|public)/|{SPACE}/(guidelines|reviews)/"
)
VERB: Final = re.compile(r"/(?:say/[a-z-]+|P/P/[a-z_-]+)/$")
THREADS: Final = 4
"""So many pages of a kind are opened, and of each form one."""
# In which language somebody says to have written is his word; a page that repeats it is not at fault.
NO_FAULT: Final = "valid-lang"


@pytest.fixture(name="round_", scope="module")
def fixture_round(nodes: Nodes) -> Round:
    return tell(nodes)


def kind_of(path: str) -> str:
    """Return an address without its places, digests and numbers."""
    plain = re.sub(r"[AB]-\d+", "P", path.partition("?")[0])
    return re.sub(r"[A-Za-z0-9_-]{43}", "D", re.sub(r"\d+", "0", plain))


def found_from(sitting: Seat, paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """Follow the links of the rooms; return some pages of each kind, and the links that are dead."""
    kinds: Counter[str] = Counter()
    waiting, seen = list(paths), set(paths)
    pages: list[str] = []
    dead: list[str] = []
    while waiting:
        path = waiting.pop(0)
        status, kind, html = sitting.page.evaluate(FETCHED, sitting.node.url + path)
        if status >= 400 or not kind.startswith("text/html"):
            dead += [f"{status} {path}"] if status >= 400 else []
            continue
        pages.append(path)
        for step in _steps(sitting.node.url + path, html):
            most = 1 if VERB.search(kind_of(step)) else THREADS
            if step not in seen and kinds[kind_of(step)] < most:
                seen.add(step)
                kinds[kind_of(step)] += 1
                waiting.append(step)
    return pages, dead


def _steps(url: str, html: str) -> Iterator[str]:
    """Yield where a page leads in these rooms."""
    for each in sorted(Links(html).followed):
        found = urlsplit(urljoin(url, each))
        if ROOMS.match(found.path):
            yield found.path + (f"?{found.query}" if found.query else "")


def look_quickly(sitting: Seat, path: str) -> list[str]:
    """Return what is wrong with a page of a kind that was looked at with all care before."""
    page = sitting.page
    page.set_viewport_size(WIDE)
    sitting.go(path)
    wrong = list(page.evaluate(STRUCTURE))
    page.set_viewport_size(NARROW)
    return [f"{path}: {each}" for each in (*wrong, *page.evaluate(OVERFLOW))]


def test_every_page_of_the_round_is_readable_by_all_and_runs_nothing_of_the_partner(
    browser: Browser, nodes: Nodes, round_: Round
) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    for node, languages in ((nodes.a, ("en", "zh")), (nodes.b, ("zh", "en"))):
        with seated(browser, node) as sitting:
            pages, dead = found_from(sitting, round_.paths)
            wrong += dead
            for path, language in zip(pages, cycle(languages), strict=False):
                sitting.language = language
                sitting.speak(language)
                kind = VERB.sub("/verb/", kind_of(path))
                if kind in seen:
                    wrong += look_quickly(sitting, path)
                else:
                    wrong += look_at(sitting, path, is_narrow_checked=False)
                wrong += [f"{path}: {each}" for each in sitting.page.evaluate(CLEAN, hostile.MARK)]
                seen.add(kind)
            assert len(pages) > 40, pages
    wrong = [each for each in wrong if NO_FAULT not in each]
    assert not wrong, "\n".join(wrong)


FORMS: Final = (
    f"/cases/{LINK}/new/",
    f"/commitments/new/{LINK}/",
    f"/rounds/new/{LINK}/",
    f"{SPACE}/guidelines/new/",
)


def test_without_a_script_what_was_typed_and_refused_is_there_again(browser: Browser, nodes: Nodes) -> None:
    lost = []
    with seat(browser, nodes.a, javascript=False) as zhao:
        zhao.sign_in()
        zhao.expected |= {409, 422}
        for path in FORMS:
            form = zhao.go(path).locator("main form[method=post]").last
            for each in form.locator("textarea:visible").all():
                each.fill(TEXT)
            for each in form.locator(LINES).all():
                each.fill(SHORT)
            with zhao.page.expect_navigation():
                form.locator("button").last.click()
            lost += [] if SHORT in unescape(zhao.page.content()) else [path]
    assert not lost
