"""Slips of whoever sits at the desk at night: what was meant for something else takes no call."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import Nodes
from tests.browser.ringing import ABOUT, COVERED, PRESS_AS_IT_CHANGES, call_at, on_watch, ringing
from tests.browser.seats import seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

LESS_URGENT: Final = tuple("U1" if each == "U0" else each for each in ABOUT)


def settled(page: Page) -> None:
    expect(page.locator("#cover")).not_to_have_attribute("data-startled", "")


def test_a_key_or_click_as_a_call_comes_or_another_takes_its_place_takes_neither(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen, on_watch(chen):
        page = chen.go("/links/")
        page.mouse.click(700, 700)
        page.evaluate(PRESS_AS_IT_CHANGES)
        said: list[str] = []
        page.on("request", lambda asked: said.append(asked.url) if asked.method == "POST" else None)
        with ringing(nodes, *LESS_URGENT) as first, ringing(nodes) as worse:
            page.wait_for_selector(COVERED)
            expect(page.locator("#cover-title")).to_contain_text(worse.replace("-", " "))
            nodes.settle()
            settled(page)

            assert page.evaluate("() => window.pressed") > 0
            assert said == []
            assert [call_at(nodes.b, each)["state"] for each in (first, worse)] == ["opened", "opened"]
            page.keyboard.press(" ")
            page.wait_for_url(f"**/calls/a-b/{worse}/**")


def test_a_call_that_rings_on_though_it_was_said_to_be_taken_covers_the_page_again(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen, on_watch(chen):
        page = chen.go("/links/")
        page.route("**/take/", lambda route: route.fulfill(status=204))
        page.route("**/calls/a-b/*/", lambda route: route.fulfill(status=204))
        with ringing(nodes) as call:
            page.wait_for_selector(COVERED)
            settled(page)
            page.keyboard.press(" ")
            expect(page.locator(COVERED)).to_have_count(0)

            page.wait_for_selector(COVERED)
            assert call_at(nodes.b, call)["state"] == "opened"
            page.unroute_all()
