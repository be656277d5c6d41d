"""Enter sends nothing: not while a word is composed, and not from a field of one line."""

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import Seat, seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

FIELDS = (
    "main textarea:visible, main input:visible:not([type=checkbox]):not([type=radio]):not([type=file])"
    ":not([type=date]):not([type=time]), #seek"
)
MARK = "() => { window.isHere = true; }"
IS_MARKED = "() => window.isHere === true"
SYNTHETIC = """
field => {
    field.focus();
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true, data: "zhong" }));
    for (const more of [{ isComposing: true }, { keyCode: 229 }])
        field.dispatchEvent(new KeyboardEvent("keydown",
            { key: "Enter", code: "Enter", ctrlKey: false, bubbles: true, cancelable: true, ...more }));
    for (const more of [{ isComposing: true }, { keyCode: 229 }])
        field.dispatchEvent(new KeyboardEvent("keydown",
            { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...more }));
    field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "中" }));
}
"""


def compose(cdp: CDPSession, page: Page) -> None:
    """Compose a word as an input method does, and choose it with Enter; then with Ctrl+Enter."""
    for modifiers in (0, 2):
        cdp.send("Input.imeSetComposition", {"text": "zhong", "selectionStart": 5, "selectionEnd": 5})
        key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229, "modifiers": modifiers}
        cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        cdp.send("Input.insertText", {"text": "中"})


def compose_everywhere(sitting: Seat, path: str) -> int:
    """Compose a word in every field of the page, and return how many there are."""
    page = sitting.go(path)
    cdp = sitting.context.new_cdp_session(page)
    page.evaluate(MARK)
    fields = page.locator(FIELDS).all()
    for each in fields:
        each.evaluate(SYNTHETIC)
        compose(cdp, page)
        assert "中中" in each.input_value()
    page.wait_for_timeout(100)
    assert page.evaluate(IS_MARKED), f"{path} was left"
    return len(fields)


def press_enter_everywhere(sitting: Seat, path: str) -> int:
    """Press Enter in every one-line field of forms with consequences; the page stays, and sends nothing."""
    page = sitting.go(path)
    page.evaluate(MARK)
    fields = page.locator("form[data-no-enter] input:visible:not([type=file]):not([type=hidden])").all()
    for each in fields:
        each.focus()
        page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.evaluate(IS_MARKED), f"{path} was left"
    return len(fields)


def ready_draft(sitting: Seat, *, run: str) -> str:
    """Write a draft that could be sent, and return its address."""
    sitting.go(f"{SPACE}/new/").locator("main button[data-ctrl-enter]").click()
    sitting.page.locator("#paste").fill(f"hxxp://enter[.]example/{run}")
    sitting.page.locator("button[value=check]").click()
    sitting.page.locator("[name='all.time']").fill("2026-11-02 09:10 +08:00")
    sitting.page.locator("[name='all.brand']").fill("Bank 1")
    sitting.page.locator("button[value='go:3'][data-ctrl-enter]").click()
    sitting.page.locator("#purpose").fill("stop the fraud")
    sitting.page.locator("#legal_basis").fill("guidelines")
    sitting.page.locator("button[value='go:4'][data-ctrl-enter]").click()
    expect(sitting.page.locator("button[value=send]")).to_be_enabled()
    return sitting.page.url.removeprefix(sitting.node.url).split("?")[0]


def test_enter_in_any_field_of_the_composer_sends_nothing(browser: Browser, nodes: Nodes) -> None:
    with seated(browser, nodes.a) as zhao:
        path = ready_draft(zhao, run=f"{nodes.said()}")
        before = nodes.said()

        composed = sum(compose_everywhere(zhao, f"{path}?part={part}") for part in (1, 2, 3, 4))
        pressed = sum(press_enter_everywhere(zhao, f"{path}?part={part}") for part in (1, 2, 3, 4))

        assert composed > 20
        assert pressed > 12
        assert nodes.said() == before


def test_enter_in_any_form_that_says_something_sends_nothing(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://enter.example/say", "http://enter.example/say-2")
    before = nodes.said()
    with seated(browser, nodes.a) as zhao, seated(browser, nodes.b) as chen:
        page = f"{SPACE}/inquiries/{place}/"
        for sitting, verbs in (
            (chen, ("acknowledge", "answer", "refuse", "return", "extend", "condition")),
            (zhao, ("withdraw", "notify-outcome")),
        ):
            for path in (page, *(f"{page}say/{verb}/" for verb in verbs)):
                assert compose_everywhere(sitting, path) > 0
                press_enter_everywhere(sitting, path)

        assert nodes.said() == before
        assert chen.go(page).locator("#notes li").count() == 0


@pytest.mark.parametrize("verb", ["answer", "extend"])
def test_without_scripts_enter_shows_what_they_would_see_and_sends_nothing(
    browser: Browser, nodes: Nodes, verb: str
) -> None:
    place = nodes.send(f"http://enter.example/{verb}/without")
    before = nodes.said()
    with seated(browser, nodes.b, javascript=False) as chen:
        chen.go(f"{SPACE}/inquiries/{place}/say/{verb}/").locator("#ref").focus()
        with chen.page.expect_navigation():
            chen.page.keyboard.press("Enter")

        expect(chen.page.locator("#preview")).to_be_visible()
    assert nodes.said() == before


def test_without_scripts_enter_in_the_composer_saves_the_draft_and_sends_nothing(
    browser: Browser, nodes: Nodes
) -> None:
    before = nodes.said()
    with seated(browser, nodes.a, javascript=False) as zhao:
        path = ready_draft(zhao, run=f"without-{before}")
        zhao.go(f"{path}?part=3").locator("#case").fill("77")
        with zhao.page.expect_navigation():
            zhao.page.locator("#case").press("Enter")

        expect(zhao.page.locator("#case")).to_have_value("77")
        expect(zhao.page.locator("button[value='go:2'].btn-link")).to_be_visible()
    assert nodes.said() == before
