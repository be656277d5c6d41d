"""A call in a browser: read back with a wrong value, the keyboard alone, no script, nothing lost."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import Nodes
from tests.browser.seats import Seat, seated
from tests.browser.test_every_page import look_at
from tests.browser.test_keyboard import press, tab_to
from tests.cli.side import LINK

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.usefixtures("rings_no_more")]

NEW: Final = f"/calls/new/{LINK}/"
BUDGET_MS: Final = 1_000
PAGES: Final = 20
"""From the press on the button to the wrong value on the other side's page (screens J3), on a computer that
does nothing else; one that is busy is given the time of so many pages, of which a call takes about ten."""
SPENT: Final = """
async () => {
    const begun = performance.now();
    await (await fetch(location.href, { headers: { "Parley-Unattended": "1" } })).text();
    return performance.now() - begun;
}
"""
WAIT: Final = """
text => new Promise(done => {
    const look = () => {
        const told = document.querySelector("#misread");
        if (told && told.textContent.includes(text)) done(Date.now());
    };
    const all = { childList: true, subtree: true, characterData: true };
    new MutationObserver(look).observe(document.body, all);
    look();
})
"""
"""Tells when a wrong value was first seen on a page."""
XSS: Final = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def fill_call(page: Page, *, text: str = "We see outbound data.", obj: str = "203.0.113.77") -> None:
    """Fill in the form that opens a call."""
    page.locator("#what").select_option("data_theft")
    page.locator("#object_type").select_option("system" if obj.startswith("<") else "ip")
    page.locator("#object").fill(obj)
    page.locator("#where").select_option("B")
    page.locator("#since-text").fill("2026-11-02T18:40Z")
    page.locator("#by-text").fill("2026-11-02T20:00Z")
    page.locator("[name=ask][value=isolate_host]").check()
    page.locator("#text").fill(text)
    page.locator("#scope").select_option("attack_in_progress")
    page.locator("[name=urgency][value=U0]").check()


def call(nodes: Nodes, sitting: Seat, **words: str) -> str:
    """Call the other side from the page, until both sides show it; return the path of its page."""
    page = sitting.go(NEW)
    fill_call(page, **words)
    send(page)
    nodes.settle()
    return page.url.removeprefix(sitting.node.url).partition("?")[0]


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[data-ctrl-enter]").click()


def read(page: Page, *, tail: str = "77") -> None:
    """Fill in what was read."""
    page.locator("#what").select_option("data_theft")
    page.locator("#tail").fill(tail)
    page.locator("#where").select_option("B")
    page.locator("#since").fill("1840")
    page.locator("#by").fill("2000")
    page.locator("[name=ask][value=isolate_host]").check()


def misread(ours: Page, theirs: Page, *, tail: str) -> float:
    """Send a wrong reading, and return after how many milliseconds the caller's page shows it."""
    read(theirs, tail=tail)
    ours.evaluate(f"() => {{ window.seen = ({WAIT})('203.0.113.{tail}') }}")
    begun = theirs.evaluate("() => Date.now()")
    with theirs.expect_navigation():
        press(theirs, "Control+Enter")
    expect(theirs.locator("#misread")).to_contain_text(f"203.0.113.{tail}")
    return float(ours.evaluate("() => window.seen") - begun)


def timed(ours: Page, theirs: Page, *, tail: str) -> tuple[float, float]:
    """Send a wrong reading, and return how long it took to be seen, and then one page, in milliseconds."""
    return misread(ours, theirs, tail=tail), float(ours.evaluate(SPENT))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_value_is_on_both_pages_within_a_second(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    told = {"en": "203.0.113.78; said", "zh": "203.0.113.78"}[language]
    with seated(browser, nodes.a, language=language) as zhao, seated(browser, nodes.b, "chen") as chen:
        path = call(nodes, zhao)
        theirs = chen.go(path)
        with theirs.expect_navigation():
            press(theirs, "Space")
        expect(zhao.page.locator(".ladder > .taken")).to_have_count(1)
        spent, pages = zip(*(timed(zhao.page, theirs, tail=tail) for tail in ("17", "71", "78")), strict=True)
        assert min(spent) <= max(BUDGET_MS, PAGES * max(pages)), (spent, pages)
        expect(zhao.page.locator("#misread")).to_contain_text(told)
        for each in (zhao, chen):
            assert look_at(each, path, is_narrow_checked=language == "zh") == []


def test_a_whole_call_goes_by_the_keyboard_alone(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.b) as chen:
        ours, theirs = zhao.go("/"), chen.page
        go_to(ours, "a[href='/calls/']")
        go_to(ours, f"a[href='{NEW}']")
        type_call(ours)
        pressed(ours, "Control+Enter")
        nodes.settle()

        chen.go("/calls/")
        press(theirs, "j")
        pressed(theirs, "Enter")
        assert theirs.url.removeprefix(nodes.b.url) in ours.url
        pressed(theirs, "Space")
        type_reading(theirs)
        pressed(theirs, "Control+Enter")
        expect(theirs.locator("main")).to_contain_text("Read back rightly")

        press(theirs, "u")
        theirs.keyboard.type("The host is isolated.")
        pressed(theirs, "Control+Enter")
        expect(ours.locator("#log")).to_contain_text("The host is isolated.")
        for page in (theirs, ours):
            pressed(page, "z")
            tab_to(page, "[name=ending]")
            press(page, "Space")
            pressed(page, "Control+Enter")
        expect(theirs.locator(".call-head")).to_contain_text("closed by both")


def test_enter_in_a_field_of_a_call_sends_nothing(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(NEW)
        fill_call(page)
        before = nodes.said()
        for field in ("#object", "#by-text", "#authority"):
            page.locator(field).focus()
            press(page, "Enter")
        assert page.url == nodes.a.url + NEW
        assert nodes.said() == before


def go_to(page: Page, selector: str) -> None:
    """Go to a link by Tab, and follow it."""
    tab_to(page, selector)
    pressed(page, "Enter")


def pressed(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        press(page, key)


def type_call(page: Page) -> None:
    """Fill in the form that opens a call without a mouse."""
    tab_to(page, "#what")
    page.keyboard.type("theft")
    tab_to(page, "#object_type")
    page.keyboard.type("IP")
    tab_to(page, "#object")
    page.keyboard.type("203.0.113.77")
    tab_to(page, "#where")
    page.keyboard.type("in B")
    tab_to(page, "#by-text")
    page.keyboard.type("2026-11-02T20:00Z")
    tab_to(page, "[name=ask][value=isolate_host]")
    press(page, "Space")
    tab_to(page, "#scope")
    page.keyboard.type("attack")
    tab_to(page, "[name=urgency]")
    press(page, "Space")


def type_reading(page: Page) -> None:
    """Fill in what was read without a mouse."""
    tab_to(page, "#what")
    page.keyboard.type("theft")
    tab_to(page, "#tail")
    page.keyboard.type("77")
    tab_to(page, "#where")
    page.keyboard.type("in B")
    tab_to(page, "#by")
    page.keyboard.type("2000")
    tab_to(page, "[name=ask][value=isolate_host]")
    press(page, "Space")


def test_a_call_is_opened_taken_read_back_answered_and_closed_without_a_script(
    browser: Browser, nodes: Nodes
) -> None:
    with (
        seated(browser, nodes.a, javascript=False) as zhao,
        seated(browser, nodes.b, javascript=False, language="zh") as chen,
    ):
        path = call(nodes, zhao)
        theirs = chen.go(path)
        send(theirs)
        read(theirs)
        send(theirs)
        nodes.settle()
        theirs = chen.go(path)
        theirs.locator("[name=sort][value=holding]").check()
        theirs.locator("#next_word-text").fill("+15m")
        theirs.locator("textarea[name=text]").fill("正在联系服务提供者。")
        send(theirs)
        nodes.settle()
        expect(zhao.go(path).locator("#log")).to_contain_text("正在联系服务提供者。")
        for sitting in (chen, zhao):
            sitting.go(f"{path}say/close/").locator("[name=ending][value=answered]").check()
            send(sitting.page)
            nodes.settle()
        expect(zhao.go(path).locator(".call-head")).to_contain_text("closed by both")


def test_what_is_typed_stays_while_the_call_moves_on_and_after_the_pages_are_killed(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.b, language="zh") as chen:
        path = call(nodes, zhao)
        theirs = chen.go(path)
        with theirs.expect_navigation():
            press(theirs, "Space")
        theirs.locator("#tail").fill("7")
        expect(theirs.locator("[data-saved]").first).to_have_attribute("data-state", "saved")

        # A colleague reads it back from another screen: this form is not the next one any more.
        with seated(browser, nodes.b, "chen") as colleague:
            page = colleague.go(f"{path}say/read-back/")
            read(page)
            send(page)
        expect(theirs.locator("#moved")).to_be_visible()
        expect(theirs.locator("#tail")).to_have_value("7")

        ours = zhao.go(path)
        ours.locator("textarea[name=text]").fill("Half a sentence")
        expect(ours.locator("[data-saved]").first).to_have_attribute("data-state", "saved")
        with nodes.a.without_pages():
            expect(ours.locator("textarea[name=text]")).to_have_value("Half a sentence")
        expect(zhao.go(path).locator("textarea[name=text]")).to_have_value("Half a sentence")


def test_whatever_the_other_side_writes_into_a_call_runs_nowhere(browser: Browser, nodes: Nodes) -> None:
    """The seat itself fails if a script of theirs ran, a box opened, or anything came from elsewhere."""
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.b, language="zh") as chen:
        path = call(nodes, zhao, text=XSS, obj=XSS)
        theirs = chen.go(path)
        expect(theirs.locator("#original")).to_contain_text("onerror=")
        for address in ("/calls/", f"{path}say/close/", "/m/", path):
            assert chen.go(address).locator("main img, main script").count() == 0, address
        wrong = [
            look_at(chen, each, is_narrow_checked=True) for each in (path, "/calls/", f"{path}say/close/")
        ]
        assert wrong == [[], [], []]
        for each in (NEW, f"{path}say/clarify/", f"{path}say/message/", f"{path}say/close/"):
            assert look_at(zhao, each, is_narrow_checked=False) == [], each
