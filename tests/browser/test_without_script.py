"""The whole way without JavaScript: compose, send, read, acknowledge, return, supply, answer, take along."""

import csv
import io

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import Seat, seated
from tests.cli.side import LINK

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def follow(page: Page, link: Locator) -> Page:
    with page.expect_navigation():
        link.click()
    return page


def say(sitting: Seat, place: str, verb: str) -> Page:
    """Open the form of a verb from the page of the inquiry."""
    page = sitting.go(f"{SPACE}/inquiries/{place}/")
    offer = page.locator(f"#offers [formaction$='/say/{verb}/'], #offers a[href*='/say/{verb}/']").first
    return follow(page, offer)


def table_behind(link: Locator) -> str:
    """Download a table, and return its cells in one line."""
    with link.page.expect_download() as taken:
        link.click()
    table = taken.value.path().read_text(encoding="utf-8-sig")
    return " ".join(cell for row in csv.DictReader(io.StringIO(table)) for cell in row.values())


def send(page: Page) -> None:
    follow(page, page.locator("button[data-ctrl-enter]"))
    expect(page.locator(".notice.good")).to_be_visible()


def test_an_inquiry_is_composed_looked_at_and_sent(browser: Browser, nodes: Nodes) -> None:
    before = nodes.said()
    with seated(browser, nodes.a, javascript=False) as zhao:
        page = zhao.page
        follow(page, page.locator(f".rail a[href='{SPACE}/new/']"))
        follow(page, page.locator("main button[data-ctrl-enter]"))
        page.locator("#paste").fill(
            f"hxxp://without[.]example/{before}/1\nhxxp://without[.]example/{before}/2\nnothing here"
        )
        follow(page, page.locator("button[value=save]"))
        expect(page.locator("#found")).to_contain_text("2 rows")
        expect(page.locator("#found")).to_contain_text("1 line ignored")
        follow(page, page.locator("button[value=check]"))
        page.locator("[name='all.time']").fill("2026-11-02 09:10")
        page.locator("[name='all.zone']").select_option("+08:00")
        page.locator("[name='all.brand']").fill("甲银行")
        follow(page, page.locator("#part-2 button[value='go:3']"))
        page.locator("#purpose").fill("stop the fraud")
        page.locator("#legal_basis").fill("guidelines, item 3")
        follow(page, page.locator("#part-3 button[value='go:4']"))
        expect(page.locator(".as-seen")).to_contain_text(f"hxxp://without[.]example/{before}/1")
        follow(page, page.locator("button[value=send]"))

        expect(page.locator("#results .chip.proved")).to_contain_text("saved")
        place = page.locator("#results a.id").inner_text()
        assert nodes.said() == before + 1
        assert nodes.b.side.show(place.replace(" ", "-"))["inquiry"]


def test_the_asked_side_reads_acknowledges_admits_returns_and_answers(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://without.example/a", "http://without.example/b")
    with (
        seated(browser, nodes.b, "chen", javascript=False) as chen,
        seated(browser, nodes.a, javascript=False) as zhao,
    ):
        page = chen.page
        spoken = place.replace("-", " ")
        expect(page.locator("#desk").get_by_role("link", name=spoken, exact=True).first).to_be_visible()
        follow(page, page.locator(f".rail a[href='{SPACE}/inquiries/']"))
        follow(page, page.get_by_role("link", name=spoken, exact=True))
        expect(page.locator(".inquiry-head")).to_contain_text("they ask")

        follow(page, page.locator("#offers button", has_text="cknowledge"))
        expect(page.locator(".notice.good")).to_be_visible()
        nodes.settle()
        said = chen.go(f"{SPACE}/inquiries/{place}/").locator(".two-sided strong")
        expect(said.get_by_text("acknowledged by a person", exact=True)).to_be_visible()
        send(say(chen, place, "admit"))
        page = say(chen, place, "return")
        page.locator("[name='lack.url']").select_option("unclear")
        page.locator("#in-words").fill("which of the two?")
        follow(page, page.locator("#send button[name=look]"))
        expect(page.locator("#preview")).to_contain_text("which of the two?")
        send(page)
        nodes.settle()

        supply(zhao, place)
        nodes.settle()
        answer(chen, place)
        nodes.settle()

        assert nodes.a.side.states(place)[0] == "answered"
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        expect(page.locator("#item-0")).to_contain_text("mitigated")
        follow(page, page.get_by_role("link", name="View as they see it"))
        expect(page.get_by_role("heading", level=1)).to_contain_text(spoken)


def supply(zhao: Seat, place: str) -> None:
    page = say(zhao, place, "supply")
    page.locator("[name='supply.0.url']").fill("http://without.example/a/login")
    send(page)


def answer(chen: Seat, place: str) -> None:
    page = say(chen, place, "answer")
    page.locator("[name='code.0.0']").select_option("mitigated")
    page.locator("[name='measure.0.0']").select_option("content_removed")
    page.locator("[name='items'][value='1']").uncheck()
    send(page)


def test_tables_and_raw_entries_can_be_taken_along(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://without.example/table", batch=f"A-2026-{nodes.said()}")
    with seated(browser, nodes.a, javascript=False) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/")
        assert "without" in table_behind(page.locator("p.take a").first)
        follow(page, page.locator("a.id[href*='/batches/']").first)
        assert "without" in table_behind(page.locator("p.take a"))

        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        follow(page, page.locator(f".two-sided a[href$='/record/{place}/']").first)
        with page.expect_download() as taken:
            page.locator("a[href$='/raw']").first.click()
        assert taken.value.path().read_bytes().startswith(b"parley/v1\n")


def test_every_other_page_works(browser: Browser, nodes: Nodes) -> None:
    nodes.send("http://without.example/found-by-searching")
    with seated(browser, nodes.a, javascript=False) as zhao:
        page = zhao.page
        follow(page, page.locator(".languages button[value='zh-hans']"))
        expect(page.get_by_role("heading", level=1)).to_have_text("今日")
        follow(page, page.locator(".languages button[value='en']"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        page.locator("#seek").fill("found-by-searching")
        page.locator("#seek").press("Enter")
        expect(page.locator("[data-rows] tbody tr")).to_have_count(1)
        for path in (
            f"/links/{LINK}/verify/",
            f"/links/{LINK}/terms/",
            f"/links/{LINK}/",
            f"{SPACE}/record/",
        ):
            expect(zhao.go(path).get_by_role("heading", level=1)).to_be_visible()
        expect(zhao.go(f"/links/{LINK}/verify/").locator(".spoken li").first).to_be_visible()
