"""Refusing one of twenty items: two keys and a code, and both sides read why in words."""

import pytest
from playwright.sync_api import Browser, expect

from parley.ui.words import GROUNDS
from tests.browser.nodes import SITES, SPACE, Nodes
from tests.browser.seats import seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

COUNTED = {"en": "1 refused", "zh": "1项已拒绝"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_item_of_twenty_is_refused_with_two_keys_and_a_code(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    place = nodes.send(*(f"{site}?refusing={language}" for site in SITES))
    address = f"{SPACE}/inquiries/{place}/"
    with (
        seated(browser, nodes.a, language=language) as zhao,
        seated(browser, nodes.b, "chen", language=language) as chen,
    ):
        ours, page = zhao.go(address), chen.go(address)
        page.locator("#item-7 input[type=checkbox]").focus()
        page.keyboard.press("Space")

        with page.expect_navigation():
            page.keyboard.press("f")
        expect(page.locator("#grounds")).to_be_focused()
        ticked = page.locator("#items input[type=checkbox]:checked")
        assert ticked.evaluate_all("boxes => boxes.map(box => box.value)") == ["7"]
        page.keyboard.type("G09")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")

        for each in (page, ours):
            head = each.locator(".inquiry-head")
            expect(head).to_contain_text(COUNTED[language])
            expect(head).to_contain_text(f"G09 {GROUNDS['G09'][language == 'zh']}")
            expect(each.locator("#item-7")).to_contain_text("G09")
            expect(each.locator("#item-6")).not_to_contain_text("G09")
    assert nodes.a.side.states(place).count("refused") == 1
