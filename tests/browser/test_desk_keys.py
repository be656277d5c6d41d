"""Keys of the duty desk: Space takes what somebody has seen, and Shift+C calls the other side."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.ringing import COVERED, call_at, cancel, ring, ringing
from tests.browser.seats import seated
from tests.cli.side import LINK
from tests.node.served import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

NEW = f"/calls/new/{LINK}/"
FIRST = "button[data-call][data-key]"
PRESS_AS_IT_CHANGES = """
call => new MutationObserver(() => {
    const button = document.querySelector("button[data-call][data-key]");
    if (window.pressedAt || !button || button.dataset.call === call) return;
    window.pressedAt = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true }));
    button.click();
}).observe(document.getElementById("main"), { childList: true, attributes: true, subtree: true })
"""
"""Presses Space and clicks at the very moment at which another call stands first in the list."""


def test_a_key_that_is_pressed_as_another_call_comes_first_on_the_desk_takes_nothing(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen:
        page = chen.go("/desk/")
        first = ring(nodes)
        with ringing(nodes) as second:
            expect(page.locator("#cover-call [data-part='others']")).not_to_be_empty()
            expect(page.locator("#cover")).not_to_have_attribute("data-startled", "")
            page.keyboard.press("Escape")
            expect(page.locator(COVERED)).to_have_count(0)
            expect(page.locator("button[data-call]")).to_have_count(2)
            said: list[str] = []
            page.on("request", lambda asked: said.append(asked.url) if asked.method == "POST" else None)
            page.evaluate(PRESS_AS_IT_CHANGES, page.locator(FIRST).get_attribute("data-call"))

            cancel(nodes, first)
            page.wait_for_function("() => performance.now() > window.pressedAt + 600")
            assert said == []
            assert call_at(nodes.b, second)["state"] == "opened"

            # The list may be drawn anew just then: whoever sees the call presses again.
            until(lambda: is_taken_by_space(page, nodes, second))
            page.wait_for_url(f"**/calls/{LINK}/{second}/**")


def is_taken_by_space(page: Page, nodes: Nodes, call: str) -> bool:
    page.keyboard.press(" ")
    return call_at(nodes.b, call)["state"] == "taken"


def test_shift_c_calls_the_other_side_from_any_page_and_from_an_inquiry_about_it(
    browser: Browser, nodes: Nodes
) -> None:
    place = nodes.send("http://desk.example/shift")
    with seated(browser, nodes.b, "chen") as chen:
        page = chen.go("/")
        page.keyboard.press("Shift+C")
        page.wait_for_url(f"**{NEW}")
        page.locator("#text").click()
        page.keyboard.press("Shift+C")
        expect(page.locator("#text")).to_have_value("C")

        page = chen.go(f"{SPACE}/inquiries/{place}/")
        page.keyboard.press("c")
        page.keyboard.press("Shift+C")
        page.wait_for_url(f"**{NEW}?inquiry={place}")
