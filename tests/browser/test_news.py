"""A page follows the record by itself, and says so when it cannot; four words, each when it is proved."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SAVED = "saved, not yet at their node"
AT_THEIR_NODE = re.compile("at their node: a machine signed for it|received: their node says so")
HIDE = """
hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    Object.defineProperty(document, "visibilityState",
        { configurable: true, get: () => (hidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange"));
}
"""
FOLLOW = """
() => {
    const part = document.createElement("div");
    document.querySelector("main").append(part);
    const box = number => `<li><input type=checkbox name=row value=${number}>${number}</li>`;
    const button = what => `<button name=do value=${what}>${what}</button>`;
    const page = (ways, rows, does) => {
        const html = ways.map(way => `<p><a href="${way}">${way}</a></p>`).join("")
            + `<ul>${rows.map(box).join("")}</ul><form action="/say">${does.map(button).join("")}</form>`;
        return [Object.assign(document.createElement("div"), { innerHTML: html })];
    };
    const follow = (...what) => Idiomorph.morph(part, page(...what), {});
    follow(["/withdraw", "/offer"], [1, 2, 3], ["no", "yes"]);
    const before = [...part.querySelectorAll("a, input, button")];
    const told = each => [each.getAttribute("href") || each.value, each.isConnected].join(" ");
    part.querySelector("[value='2']").checked = true;
    follow(["/offer", "/freeze"], [2, 3, 4], ["yes"]);
    const ticked = [...part.querySelectorAll("input:checked")].map(each => each.parentElement.textContent);
    return { before: before.map(told), ticked, ids: part.querySelectorAll("[id]").length };
}
"""


def acknowledged(page: Page) -> None:
    said = page.locator(".two-sided strong").get_by_text("acknowledged by a person", exact=True)
    expect(said).to_be_visible()


def test_every_open_window_follows_even_after_many_quick_clicks(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://news.example/windows")
    address = f"{SPACE}/inquiries/{place}/"
    with seated(browser, nodes.a) as zhao:
        for path in ("/", f"{SPACE}/inquiries/", address, "/links/", f"{SPACE}/record/", address):
            zhao.go(path)
        second, desk = zhao.open(address), zhao.open("/")
        desk.locator("#desk").wait_for()
        opened = second.locator("details", has_text="Why due then?").first
        opened.locator("summary").click()

        nodes.say(nodes.b, "acknowledge", place)

        acknowledged(zhao.page)
        acknowledged(second)
        assert opened.get_attribute("open") is not None, "what was opened was shut by the news"


def test_a_hidden_tab_catches_up_when_somebody_looks_at_it_again(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://news.example/hidden")
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        page.evaluate(HIDE, arg=True)
        asked: list[str] = []
        page.wait_for_timeout(200)
        page.on("request", lambda request: asked.append(request.url))

        nodes.say(nodes.b, "acknowledge", place)
        page.wait_for_timeout(1_000)
        # A request that was held when the tab went away may still be answered; none follows it.
        assert len([url for url in asked if "/news" in url]) <= 1
        page.evaluate(HIDE, arg=False)

        acknowledged(page)


def test_what_is_typed_into_a_note_stays_while_news_come_in(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://news.example/typing")
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        page.locator("#note").focus()
        page.keyboard.type("half a sen")

        nodes.say(nodes.b, "acknowledge", place)
        acknowledged(page)

        expect(page.locator("#note")).to_be_focused()
        page.keyboard.type("tence")
        expect(page.locator("#note")).to_have_value("half a sentence")


def test_a_page_that_hears_nothing_says_that_it_is_blind_and_recovers(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://news.example/blind")
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.a, "chen", language="zh") as chen:
        for each in (zhao, chen):
            each.go(f"{SPACE}/inquiries/{place}/")
            each.page.wait_for_timeout(300)
        with nodes.a.asleep("pages"):
            blind = zhao.page.locator("#alerts .blind")
            expect(blind).to_contain_text("This page has not heard from the node for")
            expect(blind).to_contain_text("What you see may be old. What is saved stays saved.")
            expect(chen.page.locator("#alerts .blind")).to_contain_text("秒")
            nodes.b.side.say("acknowledge", place)

        for each in (zhao, chen):
            expect(each.page.locator("#alerts .blind")).to_have_count(0)
        acknowledged(zhao.page)


def test_saved_and_at_their_node_are_two_words(browser: Browser, nodes: Nodes) -> None:
    """While their node sleeps a page says “saved”, and that theirs has it only when theirs signed for it."""
    place = nodes.send("http://news.example/asleep")
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        last = page.locator(".two-sided ol > li").last
        expect(last).to_contain_text(AT_THEIR_NODE)
        with nodes.b.asleep("core"):
            page.keyboard.press("r")
            page.wait_for_url("**/say/ask-status/")
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
            # Two mentions: over the page, and at the statement.
            expect(page.locator(".notice.good")).to_contain_text(SAVED)
            expect(last).to_contain_text(SAVED)
            expect(last).not_to_contain_text(AT_THEIR_NODE)

        expect(last).to_contain_text(AT_THEIR_NODE)
        expect(page.locator("main")).not_to_contain_text(SAVED)
        expect(last).not_to_contain_text("acknowledged")


def test_no_link_button_or_tick_turns_into_another_while_its_page_follows(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.a) as zhao:
        told = zhao.page.evaluate(FOLLOW)

    assert told == {
        "before": ["/withdraw false", "/offer true", "1 false", "2 true", "3 true", "no false", "yes true"],
        "ticked": ["2"],
        "ids": 0,
    }


def test_a_press_whose_end_nobody_sees_holds_no_page_back_for_long(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://news.example/press")
    with seated(browser, nodes.a) as zhao:
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        page.locator("h1").hover()
        page.mouse.down()

        nodes.say(nodes.b, "acknowledge", place)

        acknowledged(page)
        page.mouse.up()
