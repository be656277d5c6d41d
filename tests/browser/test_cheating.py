"""The button "Cheat" of the start page as a walker sees it: on that page and in the windows of both sides."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.shown import Shown, started

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MS = 60_000
CHEAT = "Cheat: change what Country A said, in Country B's own database"
PUT_BACK = "Put it back from Country A's copy"


def test_both_screens_show_where_the_record_broke_and_that_the_other_copy_is_whole(
    browser: Browser, tmp_path: Path
) -> None:
    with started(tmp_path / "play", temp=tmp_path):
        shown = Shown(tmp_path / "play")
        shown.ready()
        # Two inquiries are enough; the story as a whole is played in tests/demo.
        shown.watch("send")
        context = browser.new_context(locale="en-GB")
        try:
            start = context.new_page()
            start.goto(f"http://{shown.host}/en/")
            a, b = _seated(context.new_page(), shown, "A"), _seated(context.new_page(), shown, "B")

            start.get_by_role("button", name=CHEAT).click()

            _start_page_tells(start)
            _is_broken(b)
            _is_whole(a)
            _statement_is_marked(b)

            start.get_by_role("button", name=PUT_BACK).click()

            expect(start.locator("#cheat-told")).to_be_hidden(timeout=MS)
            expect(start.locator("#same")).to_have_text("Equal: both hold the same record.", timeout=MS)
            b.reload()
            _is_whole(b)
        finally:
            context.close()


def _seated(page: Page, shown: Shown, letter: str) -> Page:
    page.goto(shown.now()["addresses"][letter] + "/sign-in/")
    page.get_by_role("button", name={"A": "陈岚", "B": "Morgan Reed"}[letter]).click()
    page.locator(".person").wait_for()
    if letter == "A":
        page.get_by_role("button", name="English").click()
    page.goto(shown.now()["addresses"][letter] + "/links/a-b/")
    page.locator("#checking").wait_for()
    return page


def _start_page_tells(start: Page) -> None:
    expect(start.locator("#cheat-1")).to_contain_text("exchanged their words", timeout=MS)
    expect(start.locator("#cheat-2")).to_contain_text("Country A's check: whole", timeout=MS)
    expect(start.locator("#cheat-3")).to_contain_text("damaged at A ", timeout=MS)
    expect(start.locator("#same")).to_have_text("Not equal: Country B's own copy was changed.", timeout=MS)
    assert start.locator("#digest-A").inner_text() != start.locator("#digest-B").inner_text()


def _is_broken(b: Page) -> None:
    # Nobody reloads the page: the news of the check bring it.
    checking = b.locator("#checking")
    expect(checking).to_contain_text(re.compile("[24] things are damaged"), timeout=MS)
    expect(checking).to_contain_text("Whole until")
    expect(checking).to_contain_text("than the one under the head that they signed")
    expect(checking).to_contain_text("Country A wrote it, and has it in its own log.")


def _is_whole(page: Page) -> None:
    expect(page.locator("#checking")).to_contain_text("whole", timeout=MS)
    expect(page.locator("#checking")).not_to_contain_text("damaged", timeout=MS)


def _statement_is_marked(b: Page) -> None:
    b.locator("#checking a.id").first.click()
    expect(b.locator("main")).to_contain_text("Damaged here.")
    expect(b.locator("main")).to_contain_text("The path does not lead to the signed root.")
    expect(b.locator(".lamps")).to_contain_text(re.compile("our record: damaged"))
    b.go_back()
