"""The journey of twenty sites: from a bank's table to “acknowledged by a person”, nothing typed twice."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.nodes import SITES, SPACE, Nodes
from tests.browser.seats import seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

HEADER = "序号,被仿冒机构,网址,发现时间\n"
BANK = {"en": "Bank 1", "zh": "甲银行"}
ACKNOWLEDGED = {"en": "acknowledged by a person", "zh": "人员已确认收到"}


@dataclass(kw_only=True)
class Hand:
    """A hand at mouse and keyboard. Each click, each key that acts, each paste, file and text counts."""

    page: Page
    interactions: int = 0
    typed: list[str] = field(default_factory=list)

    def follow(self, target: Locator) -> None:
        """Click what leads to another page, and wait for it: a key pressed before would go to the old one."""
        self.interactions += 1
        with self.page.expect_navigation():
            target.click()

    def press(self, key: str) -> None:
        self.interactions += 1
        self.page.keyboard.press(key)

    def go_on(self) -> None:
        """Press Ctrl+Enter, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.press("Control+Enter")

    def write(self, name: str, text: str) -> None:
        """Fill or choose, unless the page knows it from before."""
        field_ = self.page.locator(f"[name='{name}']:not([type=hidden])")
        if field_.input_value() == text:
            return
        self.interactions += 1
        self.typed.append(text)
        if field_.evaluate("field => field.tagName") == "SELECT":
            field_.select_option(text)
        else:
            field_.fill(text)

    def drop(self, name: str, raw: bytes) -> None:
        self.interactions += 1
        self.page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": raw})

    def paste(self, text: str) -> None:
        self.interactions += 1
        self.page.locator("#paste").focus()
        self.page.keyboard.insert_text(text)


def table(bank: str, *, run: str) -> str:
    """Return twenty rows, of which row 19 has no address and row 20 a time without a zone."""
    rows = [f"{n},{bank},{site}?{run},2026-11-02 09:10 +08:00" for n, site in enumerate(SITES, start=1)]
    rows[18] = f"19,{bank},not an address,2026-11-02 09:10 +08:00"
    rows[19] = f"20,{bank},{SITES[19]}?{run},2026-11-02 09:10"
    return HEADER + "\n".join(rows) + "\n"


@pytest.mark.parametrize(("language", "way"), [("zh", "file"), ("en", "paste")])
def test_twenty_sites_go_out_in_twelve_interactions_and_come_back_acknowledged(
    browser: Browser, nodes: Nodes, language: str, way: str
) -> None:
    with (
        seated(browser, nodes.b, "chen", language=language) as chen,
        seated(browser, nodes.a, language=language) as zhao,
    ):
        theirs = chen.go(f"{SPACE}/inquiries/")
        before = nodes.said()
        hand = Hand(page=zhao.page)
        hand.follow(zhao.page.locator(f".rail a[href='{SPACE}/new/']"))
        hand.go_on()
        text = table(BANK[language], run=f"said={before}")
        if way == "file":
            hand.drop("名单.csv", text.encode("gb18030"))
        else:
            hand.paste(text)
        _finish(hand, mended=f"hxxp://www[.]bank1-safe18[.]example/said={before}")

        assert hand.interactions <= 12, hand
        assert len(set(hand.typed)) == len(hand.typed), "something was typed twice"
        sent = zhao.page.locator("#results a.id")
        place = sent.inner_text()
        with zhao.page.expect_navigation():
            sent.click()

        _acknowledge(theirs, place)

        said = zhao.page.locator(".two-sided strong")
        expect(said.get_by_text(ACKNOWLEDGED[language], exact=True)).to_be_visible()
    assert nodes.said() == before + 2


def _finish(hand: Hand, *, mended: str) -> None:
    """Mend both faults, say what for, look at it, and send it."""
    hand.go_on()
    expect(hand.page.locator("tr.needs")).to_have_count(2)
    hand.write("row.19.url", mended)
    hand.write("all.zone", "+08:00")
    hand.go_on()
    hand.write("purpose", "stop the fraud / 制止诈骗")
    hand.write("legal_basis", "Guidelines, item 3")
    hand.go_on()
    expect(hand.page.locator(".checks .failed")).to_have_count(0)
    expect(hand.page.locator(".as-seen .letter-items li")).to_have_count(20)
    hand.go_on()


def _acknowledge(list_page: Page, place: str) -> None:
    """Wait for the inquiry on a list that was open all the time; open and acknowledge it by keys alone."""
    row = list_page.locator("[data-rows] tbody tr", has=list_page.get_by_role("link", name=place, exact=True))
    expect(row).to_have_count(1)
    list_page.keyboard.press("j")
    expect(row.get_by_role("link", name=place, exact=True)).to_be_focused()
    with list_page.expect_navigation():
        list_page.keyboard.press("Enter")
    with list_page.expect_navigation():
        list_page.keyboard.press("a")
    expect(list_page.locator(".notice.good")).to_be_visible()
