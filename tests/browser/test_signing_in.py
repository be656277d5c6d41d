"""People at the door, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.nodes import Nodes
from tests.browser.seats import seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.mark.parametrize(("language", "title"), [("en", "Sign in"), ("zh", "登录")])
@pytest.mark.parametrize("javascript", [True, False])
def test_one_click_signs_a_person_of_the_play_in(
    browser: Browser, nodes: Nodes, language: str, title: str, *, javascript: bool
) -> None:
    with seat(browser, nodes.a, language=language, javascript=javascript) as zhao:
        zhao.go("/")
        expect(zhao.page.get_by_role("heading", level=1)).to_have_text(title)

        zhao.sign_in()

        expect(zhao.page.get_by_role("link", name="zhao")).to_be_visible()
