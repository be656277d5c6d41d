"""The keyboard alone does everything, a letter in a field is a letter, and focus is always seen."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import seat, seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

TAB_STOPS = 400
FOCUSED = """
() => {
    const at = document.activeElement;
    if (at === document.body || at === document.documentElement) return null;
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const cover = document.querySelector(".top").getBoundingClientRect();
    return {
        what: at.outerHTML.slice(0, 160),
        marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
            || style.boxShadow !== "none",
        wide: box.width, high: box.height,
        covered: !at.closest(".top, .rail, .skip") && box.bottom <= cover.bottom,
    };
}
"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _step in range(TAB_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never comes to {selector}")


def test_a_person_signs_in_reads_and_acknowledges_without_a_mouse(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://keys.example/one")
    nodes.send("http://keys.example/two")
    before = nodes.said()
    with seat(browser, nodes.b) as chen:
        page = chen.go("/")
        tab_to(page, ".card-button")
        with page.expect_navigation():
            press(page, "Enter")
        tab_to(page, f"a[href='{SPACE}/inquiries/']")
        with page.expect_navigation():
            press(page, "Enter")

        rows = page.locator("[data-rows] tbody tr a[href*='/inquiries/']").all()
        press(page, "j")
        expect(rows[0]).to_be_focused()
        press(page, "j")
        expect(rows[1]).to_be_focused()
        press(page, "k", "k")
        expect(rows[0]).to_be_focused()
        press(page, "j")
        with page.expect_navigation():
            press(page, "Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(place.replace("-", " "))
        with page.expect_navigation():
            press(page, "a")
        expect(page.locator(".notice.good")).to_be_visible()
        assert nodes.said() == before + 1
        with page.expect_navigation():
            press(page, "Escape")
        expect(page).to_have_url(f"{nodes.b.url}{SPACE}/inquiries/")


def test_single_keys_open_help_search_home_and_forms(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://keys.example/three")
    with seated(browser, nodes.b) as chen:
        page = chen.go("/")
        with page.expect_navigation():
            press(page, "?")
        expect(page).to_have_url(f"{nodes.b.url}/keys/")
        press(page, "/")
        expect(page.locator("#seek")).to_be_focused()
        page.keyboard.type(place.replace("-", " "))
        with page.expect_navigation():
            press(page, "Enter")
        expect(page).to_have_url(f"{nodes.b.url}{SPACE}/inquiries/{place}/")
        with page.expect_navigation():
            press(page, "v")
        expect(page).to_have_url(f"{nodes.b.url}{SPACE}/inquiries/{place}/as-they-see-it/")
        with page.expect_navigation():
            press(page, "g", "d")
        expect(page).to_have_url(f"{nodes.b.url}/")


def test_a_letter_in_a_field_is_a_letter(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://keys.example/four")
    before = nodes.said()
    letters = "acdefgjknorstuvwxz?/"
    with seated(browser, nodes.b) as chen:
        page = chen.go(f"{SPACE}/inquiries/{place}/")
        press(page, "n")
        expect(page.locator("#note")).to_be_focused()
        page.keyboard.type(letters)

        expect(page.locator("#note")).to_have_value(letters)
        expect(page).to_have_url(f"{nodes.b.url}{SPACE}/inquiries/{place}/")
        press(page, "Control+Enter")
        press(page, "Escape")
        expect(page.locator("#note")).not_to_be_focused()
        assert nodes.said() == before


def test_single_keys_can_be_switched_off(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://keys.example/five")
    before = nodes.said()
    with seated(browser, nodes.b) as chen:
        page = chen.go("/me/")
        page.locator("#keys").uncheck()
        with page.expect_navigation():
            page.locator("form[action='/looks/'] button").click()
        page = chen.go(f"{SPACE}/inquiries/{place}/")
        for key in ("a", "j", "?", "/", "n", "g", "d", "Escape"):
            press(page, key)

        expect(page).to_have_url(f"{nodes.b.url}{SPACE}/inquiries/{place}/")
        assert page.evaluate("() => document.activeElement === document.body")
        assert nodes.said() == before
        chen.go(f"{SPACE}/inquiries/{place}/say/acknowledge/")
        with page.expect_navigation():
            press(page, "Control+Enter")
        assert nodes.said() == before + 1


def test_every_stop_of_the_composer_shows_that_it_has_the_focus(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(f"{SPACE}/new/")
        page.locator("main button[data-ctrl-enter]").click()
        page.locator("#paste").fill("hxxp://focus[.]example/1\nhxxp://focus[.]example/2\n")
        with page.expect_navigation():
            page.locator("button[value=check]").click()
        path = page.url.removeprefix(nodes.a.url).split("?")[0]
        for part in (1, 2, 3, 4):
            zhao.go(f"{path}?part={part}")
            page.locator(".skip").focus()
            stops = 0
            for _step in range(TAB_STOPS):
                page.keyboard.press("Tab")
                at = page.evaluate(FOCUSED)
                if at is None:
                    break
                stops += 1
                assert at["marked"], at
                assert at["wide"] >= 1, at
                assert at["high"] >= 1, at
                assert not at["covered"], at
            assert 20 < stops < TAB_STOPS, f"part {part} has {stops} stops"
