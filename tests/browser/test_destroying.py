"""Two officers have content destroyed on both sides; two officers of the other side answer for theirs."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import SPACE, Node, Nodes, said
from tests.browser.seats import Seat, seated
from tests.browser.test_every_page import look_at
from tests.cli.side import LINK, SECRET
from tests.node.served import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(name="principals", scope="session")
def fixture_principals(nodes: Nodes) -> None:
    """Give both officers of A a key in the role of a principal, once."""
    for name in ("zhao", "chen"):
        secret = ("--secret-file", str(nodes.a.side.secret))
        said(nodes.a.side.ask("officer", "key", name, "--role", "principal", *secret))
    nodes.settle()


def press(page: Page, do: str, *, field: str = "secret") -> None:
    """Give the secret and press a button."""
    page.locator(f"#{field}").fill(SECRET)
    with page.expect_navigation():
        page.locator(f"main button[value='{do}']").click()


def has_words(node: Node, place: str) -> bool:
    return bool(node.side.show(place)["letter"])


def asks(sitting: Seat, place: str) -> str:
    """Ask for it from the page of the inquiry, and return the address where the second officer signs."""
    page = sitting.go(f"{SPACE}/inquiries/{place}/")
    with page.expect_navigation():
        page.locator(f"a[href^='/links/{LINK}/erase/']").click()
    page.locator("#ground").select_option("mistaken")
    with page.expect_navigation():
        page.locator("main button[value=preview]").click()
    assert sitting.axe() == []
    press(page, "sign")
    return page.url.removeprefix(sitting.node.url)


def follow_answers(sitting: Seat, order: str) -> None:
    """Go from the record to what the statements about an order belong to: the order, which is no inquiry."""
    answers = sitting.go(f"{SPACE}/record/").locator(f"main a[href='{SPACE}/record/{order}/']")
    assert answers.count() >= 2, order
    answers.first.click()
    expect(sitting.page.locator("h1")).to_contain_text(order.replace("-", " "))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_content_is_destroyed_by_two_officers_of_each_side(
    browser: Browser, nodes: Nodes, principals: None, language: str
) -> None:
    place = nodes.send(f"https://mistaken.example/{language}")
    wrong: list[str] = []
    with seated(browser, nodes.a, language=language) as zhao:
        address = asks(zhao, place)
        wrong += look_at(zhao, address, is_narrow_checked=True)
    assert nodes.a.side.ask("record", "erasures").result["orders"] == [] or language == "zh"
    with seated(browser, nodes.a, "chen", language=language) as chen:
        page = chen.go("/")
        with page.expect_navigation():
            page.locator(f"a[href='{address}']").click()
        press(page, "sign")
        until(lambda: "mistaken.example" not in str(nodes.a.side.show(place)))
        for path in (f"/links/{LINK}/erasures/", f"{SPACE}/record/{place}/", f"{SPACE}/inquiries/{place}/"):
            wrong += look_at(chen, path, is_narrow_checked=True)
    nodes.settle()
    order = nodes.b.side.ask("record", "erasures").result["orders"][-1]["order"].replace(" ", "-")
    theirs = f"/links/{LINK}/erasures/{order}/"
    for name in ("zhao", "chen"):
        assert "mistaken.example" in str(nodes.b.side.show(place))
        with seated(browser, nodes.b, name, language=language) as officer:
            page = officer.go("/")
            with page.expect_navigation():
                page.locator(f"a[href^='{theirs}']").first.click()
            wrong += look_at(officer, theirs, is_narrow_checked=True)
            press(page, "erase")
    until(lambda: "mistaken.example" not in str(nodes.b.side.show(place)))
    nodes.settle()
    with seated(browser, nodes.a, language=language) as zhao:
        expect(zhao.go(f"/links/{LINK}/erasures/").locator("main .panel").first).to_contain_text(
            place.replace("-", " ")
        )
        follow_answers(zhao, order)
    assert not wrong, "\n".join(wrong)
