"""Taking the watch and handing it over, at one screen, by keyboard, by the word of both."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import Nodes
from tests.browser.ringing import QUESTIONS, leave_watch, on_watch, prove
from tests.browser.seats import seated
from tests.browser.test_every_page import ERROR, NARROW, OVERFLOW, STRUCTURE, expect_error
from tests.browser.test_keyboard import tab_to
from tests.cli.side import SECRET

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def type_at(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_watch_is_taken_without_a_mouse_after_what_was_wrong_is_told(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    with seated(browser, nodes.b, "chen", language=language) as chen:
        chen.expected.add(422)
        leave_watch(chen)
        page = chen.go("/desk/handover/")
        assert [*page.evaluate(STRUCTURE), *chen.axe()] == []
        right = [
            text.split(" · ")[0] for text in page.locator(".handover-lines strong").all_inner_texts()[1:4]
        ]
        type_at(page, "#degraded", "nothing at all")
        type_at(page, "#incoming_secret", SECRET)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert page.title().startswith(ERROR[language])
        assert expect_error(chen) == []

        page = chen.go("/desk/handover/")
        tab_to(page, "[data-trial-sound]")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-audible", "yes")
        tab_to(page, "#heard-box")
        page.keyboard.press("Space")
        for name, text in zip(QUESTIONS, right, strict=True):
            type_at(page, f"#{name}", text)
        type_at(page, "#incoming_secret", SECRET)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        expect(page).to_have_url(f"{nodes.b.url}/desk/")
        expect(page.locator(".duty-watch strong").first).to_have_text("chen")
        leave_watch(chen)
        expect(page.locator("button[value=take]")).to_be_visible()


def test_both_officers_hand_the_watch_over_and_the_pages_follow_at_once(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen, seated(browser, nodes.b, "zhao") as zhao, on_watch(chen):
        desk = zhao.go("/desk/")
        expect(desk.locator(".duty-watch strong").first).to_have_text("chen")
        expect(desk.locator(".duty-watch .chip.proved, .duty-watch .chip.soon")).to_be_visible()
        page = chen.go("/desk/handover/")
        assert chen.axe() == []
        page.set_viewport_size(NARROW)
        assert page.evaluate(OVERFLOW) == []
        prove(page)
        page.locator("#incoming_name").fill("zhao")
        page.locator("#incoming_secret").fill(SECRET)
        page.locator("#outgoing_secret").fill(SECRET)
        with page.expect_navigation():
            page.locator("button[value=hand_over]").click()

        expect(desk.locator(".duty-watch strong").first).to_have_text("zhao")
        assert "beat" not in chen.go("/links/").evaluate("() => ({ ...document.body.dataset })")
        assert "beat" in zhao.go("/links/").evaluate("() => ({ ...document.body.dataset })")
