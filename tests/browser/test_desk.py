"""The duty desk: a call covers every page and sounds until somebody takes it; a blind screen says so."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from parley.work import clock
from tests.browser.nodes import SPACE, Nodes
from tests.browser.ringing import (
    BLIND,
    COVERED,
    PRESS_AS_IT_CHANGES,
    STATE,
    TEST,
    call_at,
    on_watch,
    ringing,
)
from tests.browser.seats import Seat, seated
from tests.browser.test_news import HIDE
from tests.node.served import family, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

BLIND_SECONDS = 15
SIZES = """
() => [...document.querySelectorAll(".duty .btn, .duty .needs a, .duty-links a")]
    .filter(each => each.getClientRects().length > 0 && each.getBoundingClientRect().height < 44)
    .map(each => each.outerHTML.slice(0, 120))
"""
FITS = """
() => {
    const page = document.scrollingElement;
    return [page.scrollHeight <= innerHeight, page.scrollWidth <= innerWidth];
}
"""
NOTE_BLIND = """
() => new MutationObserver(() => {
    if (document.documentElement.dataset.covered !== "blind" || window.blindAfter) return;
    window.blindAfter = document.querySelector("[data-part='silent']").textContent;
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-covered"] })
"""
"""Keeps after how many seconds without an answer the page covered itself."""
LISTEN = """
() => {
    window.heard = [];
    const listen = () => window.heard.push(document.documentElement.dataset.sounding || "");
    new MutationObserver(listen).observe(document.documentElement,
        { attributes: true, attributeFilter: ["data-sounding"] });
}
"""
"""Keeps every sound, however short it is."""
WORDS = {
    "en": ("attack on a service 攻击网络服务", "stop the activity 停止该活动", "Country A"),
    "zh": ("attack on a service 攻击网络服务", "stop the activity 停止该活动", "甲国"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_call_covers_whatever_page_is_open_sounds_and_is_taken_by_one_key(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    """J2. Somebody types meanwhile: the next letter is no answer, and what was typed stays."""
    place = nodes.send("http://desk.example/typing")
    with seated(browser, nodes.b, "chen", language=language) as chen, on_watch(chen):
        page = chen.go(f"{SPACE}/inquiries/{place}/")
        page.locator("#note").click()
        page.keyboard.type("half a sen")
        # A letter of a word that is being typed as the cover comes: whoever waits for the cover is too late.
        page.evaluate(PRESS_AS_IT_CHANGES)
        with ringing(nodes) as call:
            page.wait_for_selector(COVERED)
            # Core rings before the rows tell of a call.
            nodes.settle()
            expect(page.locator("html")).to_have_attribute("data-audible", "yes")
            expect(page.locator("html")).to_have_attribute("data-sounding", "call")
            told = page.locator("#cover-call").inner_text()

            assert all(each in told for each in (*WORDS[language], "203.0.113.7", "FLASH 特提"))
            assert page.evaluate("() => window.pressed") > 0
            assert call_at(nodes.b, call)["state"] == "opened", "a letter of a word took the call"
            assert page.locator("#note").input_value() == "half a sen"
            assert chen.axe() == []
            expect(page.locator("#cover")).not_to_have_attribute("data-startled", "")
            said: list[str] = []
            page.on("request", lambda asked: said.append(asked.url) if asked.method == "POST" else None)
            # What lies below hears no key: A would acknowledge the inquiry there.
            page.keyboard.press("a")
            page.keyboard.press(" ")
            page.wait_for_url(f"**/calls/a-b/{call}/**")
            assert [url.partition("/calls/")[2] for url in said] == [f"a-b/{call}/take/"]
            until(lambda: call_at(nodes.b, call)["state"] == "taken")
            expect(page.locator(COVERED)).to_have_count(0)


def test_a_call_rings_in_every_tab_sounds_in_one_and_is_opened_by_enter(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen, on_watch(chen):
        desk, other = chen.go("/desk/"), chen.open("/links/")
        desk.mouse.click(700, 60)
        other.mouse.click(700, 700)
        with ringing(nodes) as call:
            for each in (desk, other):
                each.wait_for_selector(COVERED)
            nodes.settle()
            until(lambda: sorted(sounding(each) for each in (desk, other)) == ["", "call"])
            expect(other.locator("#cover-call [data-part='since']")).to_contain_text("ringing for")

            expect(other.locator("#cover")).not_to_have_attribute("data-startled", "")
            other.keyboard.press("Enter")
            other.wait_for_url(f"**/calls/a-b/{call}/")
            # The page of the call is not covered by it; whoever looks at the desk sees it in the list.
            expect(other.locator("main h1")).to_be_visible()
            expect(other.locator(COVERED)).to_have_count(0)
            # Nor are its forms: whoever declines types why while it rings.
            other.goto(f"{nodes.b.url}/calls/a-b/{call}/say/close/")
            expect(other).to_have_title(re.compile("CALL · "))
            expect(other.locator(COVERED)).to_have_count(0)
            desk.keyboard.press("Escape")
            expect(desk.locator(COVERED)).to_have_count(0)
            expect(desk.locator(".duty-call button kbd")).to_be_visible()
            desk.keyboard.press(" ")
            desk.wait_for_url(f"**/calls/a-b/{call}/**")
        until(lambda: not any(sounding(each) for each in (desk, other)))


def sounding(page: Page) -> str:
    return str(page.evaluate("() => document.documentElement.dataset.sounding || ''"))


def test_a_line_test_is_told_from_a_call_by_word_shape_and_sound(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.b, "chen") as chen, on_watch(chen):
        page = chen.go("/links/")
        with ringing(nodes, *TEST):
            page.wait_for_selector(COVERED)

            expect(page.locator("html")).to_have_attribute("data-sounding", "test")
            expect(page.locator(".cover-nature")).to_contain_text("test 测试")
            assert page.locator(".cover-nature").get_attribute("data-nature") == "test"


def test_a_browser_whose_tabs_share_no_worker_is_covered_as_well(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.b, "chen") as chen:
        chen.page.add_init_script("delete window.SharedWorker;")
        page = chen.go("/desk/")
        expect(page.locator("#seen-ago")).not_to_be_empty()
        assert page.evaluate("() => 'SharedWorker' in window") is False
        with ringing(nodes):
            page.wait_for_selector(COVERED)


def test_nobody_without_the_watch_is_covered_but_a_desk_is(browser: Browser, nodes: Nodes) -> None:
    with (
        seated(browser, nodes.b, "zhao") as zhao,
        seated(browser, nodes.b, "zhao") as elsewhere,
        seated(browser, nodes.b, "guest") as guest,
    ):
        zhao.go("/desk/")
        elsewhere.go("/links/")
        looks = guest.go("/desk/")
        with ringing(nodes) as call:
            zhao.page.wait_for_selector(COVERED)
            # Core rings before the rows tell of a call.
            nodes.settle()
            looks.reload()

            assert "beat" not in elsewhere.page.evaluate("() => ({ ...document.body.dataset })")
            expect(looks.locator(".duty-call .duty-title")).to_contain_text(call.replace("-", " "))
            expect(looks.locator(".duty-call button")).to_have_count(0)
            expect(looks.locator(".duty-watch")).to_contain_text("You may look only")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_desk_shows_all_at_once_and_can_be_read_by_everybody(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    nodes.send("http://desk.example/1", urgency="U1", urgency_reason="stolen now")
    for width in (2, 3, 4):
        nodes.send(f"http://desk.example/{width}")
    with seated(browser, nodes.b, "chen", language=language) as chen, ringing(nodes):
        chen.page.emulate_media(reduced_motion="reduce")
        page = chen.go("/desk/")
        page.wait_for_selector(COVERED)
        expect(page.locator("#cover")).not_to_have_attribute("data-startled", "")
        page.keyboard.press("Escape")
        expect(page.locator(COVERED)).to_have_count(0)

        assert page.evaluate(FITS) == [True, True]
        assert page.evaluate(SIZES) == []
        assert page.evaluate("() => document.documentElement.dataset.bsTheme") == "dark"
        assert chen.axe() == []
        page.evaluate("() => document.documentElement.setAttribute('data-bs-theme', 'light')")
        assert chen.axe("color-contrast") == []
        page.set_viewport_size(ViewportSize(width=360, height=740))
        assert page.evaluate(FITS)[1]
        assert chen.axe() == []


def test_without_a_script_the_desk_looks_again_by_itself_and_says_that_it_is_no_watch(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen", javascript=False) as chen, ringing(nodes) as call:
        nodes.settle()
        page = chen.go("/desk/")

        expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)
        expect(page.locator("main .notice.warn")).to_contain_text("makes no sound")
        assert "●" not in page.locator(".duty-watch").inner_text()
        with page.expect_navigation():
            page.locator(".duty-call button").click()
        assert call_at(nodes.b, call)["state"] == "taken"


def test_a_screen_without_the_node_or_its_core_is_blind_until_it_answers(
    browser: Browser, nodes: Nodes
) -> None:
    """J4, U-02: the pages of one node are killed, of the other core is; a hidden tab is blind as well."""
    with (
        seated(browser, nodes.b, "chen") as chen,
        seated(browser, nodes.b, "zhao", language="zh") as hidden,
        seated(browser, nodes.a, "chen") as other,
    ):
        for each in (chen, hidden, other):
            each.expected |= {503}
            each.go("/desk/").mouse.click(700, 60)
            expect(each.page.locator("#seen-ago")).not_to_be_empty()
            each.page.evaluate(NOTE_BLIND)
        hidden.page.evaluate(HIDE, arg=True)
        until(lambda: hidden.page.title().startswith("○"))
        with nodes.b.without_pages(), nodes.a.asleep("core"):
            for each in (chen, hidden, other):
                each.page.wait_for_selector(BLIND)
                assert int(each.page.evaluate("() => window.blindAfter")) >= BLIND_SECONDS

            told = chen.page.locator("#cover-blind").inner_text()
            assert "THIS SCREEN IS BLIND" in told
            assert "Nobody would be rung" in told
            assert chen.page.evaluate(STATE)["sounding"] == "call"
            assert "BLIND" in chen.page.title() or "失联" in chen.page.title()
            assert chen.axe() == []
            assert hidden.page.evaluate(STATE)["sounding"] == "call"

        for each in (chen, hidden, other):
            expect(each.page.locator(BLIND)).to_have_count(0)
        expect(chen.page.locator("#alerts .sees")).to_contain_text("This screen was blind for")
        until(lambda: sounding(chen.page) == "")
        assert chen.page.evaluate(STATE)["covered"] is None


def test_whoever_is_signed_out_sees_that_no_call_shows_until_somebody_signs_in(
    browser: Browser, nodes: Nodes
) -> None:
    with seated(browser, nodes.b, "chen") as chen:
        chen.expected |= {401, 403}
        page = chen.go("/desk/")
        expect(page.locator("#seen-ago")).not_to_be_empty()
        chen.context.clear_cookies(name="parley-b-example-session")

        page.wait_for_selector(BLIND)
        assert "You are signed out." in page.locator("#cover-blind").inner_text()
        assert page.locator("#cover-blind a").get_attribute("target") == "_blank"
        other = chen.open("/sign-in/")
        other.get_by_role("button", name="chen").click()
        other.locator(".person").wait_for()
        page.keyboard.press("r")
        expect(page.locator(BLIND)).to_have_count(0)


@contextmanager
def sleeping() -> Iterator[None]:
    """Stop everything that shows pages, as a computer that sleeps does, until the block ends."""
    mine = family(os.getpid())
    shows = [pid for pid in mine if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert shows
    for pid in shows:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in shows:
            os.kill(pid, signal.SIGCONT)


def test_a_computer_that_slept_says_so_and_shows_at_once_what_rings(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.b, "chen") as chen:
        page = chen.go("/desk/")
        expect(page.locator("#seen-ago")).not_to_be_empty()
        with sleeping():
            asleep = clock.monotonic()
            with_call = ringing(nodes)
            with_call.__enter__()
            until(lambda: clock.monotonic() > asleep + 12)

        page.wait_for_selector(COVERED)
        expect(page.locator("#alerts .slept")).to_contain_text("This computer slept for")
        with_call.__exit__(None, None, None)


def test_what_falls_due_soon_sounds_one_soft_note_and_no_more(browser: Browser, nodes: Nodes) -> None:
    nodes.send("http://desk.example/soon", urgency="U1", urgency_reason="stolen now")
    with seated(browser, nodes.b, "chen") as chen:
        page = chen.go("/desk/")
        page.mouse.click(700, 60)
        expect(page.locator("#seen-ago")).not_to_be_empty()

        page.evaluate(LISTEN)
        until(lambda: "soon" in heard_after(page, "Parley.now() + 890"))
        until(lambda: sounding(page) == "")
        assert len(notes(chen)) == 1


def heard_after(page: Page, due: str) -> list[str]:
    """Have the first clock of ours fall due then, whatever the news make of the page, and listen."""
    page.evaluate(f"() => {{ document.querySelector('[data-soon]').dataset.soon = String({due}); }}")
    return list(page.evaluate("() => window.heard"))


def notes(sitting: Seat) -> list[str]:
    return list(
        sitting.page.evaluate(
            "() => Object.keys(sessionStorage).filter(key => key.startsWith('parley-soon'))"
        )
    )
