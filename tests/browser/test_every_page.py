"""Every page, in both languages, in the light and in the dark, wide and narrow: readable by everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import Seat, seat, seated
from tests.browser.stories import Story, drafts, pages_of_a, pages_of_b, tell
from tests.cli.side import LINK

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WIDE: Final = ViewportSize(width=1366, height=768)
NARROW: Final = ViewportSize(width=360, height=740)
TAGS: Final = {"en": "en", "zh": "zh-Hans"}
SHARES: Final = 3
STRUCTURE: Final = """
() => {
    const wrong = [];
    const must = (what, is) => { if (!is) wrong.push(what); };
    const all = selector => [...document.querySelectorAll(selector)];
    const seen = all("h1, h2, h3, h4, h5, h6").filter(each => each.getClientRects().length > 0);
    const levels = seen.map(each => Number(each.tagName[1]));
    must("one h1", levels.filter(level => level === 1).length === 1);
    const main = document.querySelector("main");
    const inMain = seen.filter(each => main.contains(each) && !each.closest(".error-summary"));
    must("the first heading is the h1", inMain[0] && inMain[0].tagName === "H1");
    inMain.map(each => Number(each.tagName[1])).reduce((before, level) => {
        must("headings in order: " + before + " " + level, level <= before + 1);
        return level;
    }, 0);
    for (const one of ["header.strip", "main", "footer", "#polite[role=status]", "#alerts"])
        must("one " + one, all(one).length === 1);
    must("navigation", all("nav").length >= 1 || all("form[action$='/sign-in/']").length >= 1);
    must("a title", document.title.includes(" · "));
    for (const each of all("[role=alert]"))
        must("an alert that is none", each.closest(".error-summary") || each.closest("#alerts"));
    for (const each of all("[style], [onclick], [onload], [onerror], main script, main style"))
        must("inline: " + each.outerHTML.slice(0, 80), false);
    for (const each of all("input:not([type=hidden]), select, textarea"))
        must("a label for " + each.name, each.labels.length || each.hasAttribute("aria-label"));
    const ids = all("[id]").map(each => each.id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    must("ids are unique: " + twice, twice.length === 0);
    return wrong;
}
"""
OVERFLOW: Final = """
() => {
    const page = document.scrollingElement;
    if (page.scrollWidth <= innerWidth) return [];
    const far = [...document.querySelectorAll("body *")].filter(each =>
        each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".table-responsive"));
    const told = far.slice(0, 4).map(each => each.outerHTML.slice(0, 120));
    return ["wider by " + (page.scrollWidth - innerWidth), ...told];
}
"""
OUTSIDE: Final = """
() => {
    const wrong = [], range = document.createRange();
    const style = at => getComputedStyle(at);
    const hides = at => !at.matches("body") && (style(at).overflowX !== "visible" || hides(at.parentElement));
    const isFlowing = at => /^(inline|contents)/.test(style(at).display);
    const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const node = words.currentNode;
        let box = node.parentElement;
        if (!node.data.trim() || !box.checkVisibility() || hides(box)) continue;
        while (isFlowing(box)) box = box.parentElement;
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect(), around = box.getBoundingClientRect();
        // Where spaces are kept, the one at the end of a line hangs out of it, unseen.
        const room = style(box).whiteSpace.startsWith("pre") ? 8 : 1;
        if (text.width && (text.right > around.right + room || text.left < around.left - room))
            wrong.push("outside its box: " + node.data.trim().slice(0, 80));
    }
    return wrong.slice(0, 4);
}
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The story, and the drafts that belong to it."""

    story: Story
    drafts: Mapping[str, str]


@pytest.fixture(name="told", scope="session")
def fixture_told(browser: Browser, nodes: Nodes) -> Told:
    story = tell(nodes)
    with seated(browser, nodes.a) as zhao:
        written = drafts(zhao, run=story.batch)
    return Told(story=story, drafts=written)


def look_at(sitting: Seat, path: str, *, is_narrow_checked: bool) -> list[str]:
    """Return all that is wrong with the page, each with its address."""
    page = sitting.page
    page.set_viewport_size(WIDE)
    # A colour on its way to another one is nobody's fault.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    sitting.go(path)
    wrong = [*page.evaluate(STRUCTURE), *page.evaluate(OUTSIDE), *sitting.axe()]
    if page.evaluate("() => document.documentElement.lang") != TAGS[sitting.language]:
        wrong.append("another language")
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {each}" for each in sitting.axe("color-contrast")]
    page.set_viewport_size(NARROW)
    wrong += [f"narrow: {each}" for each in (*page.evaluate(OVERFLOW), *page.evaluate(OUTSIDE))]
    if is_narrow_checked:
        page.emulate_media(color_scheme="light")
        wrong += [f"narrow: {each}" for each in sitting.axe()]
    return [f"{path}: {each}" for each in wrong]


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_asking_side_is_accessible(
    browser: Browser, nodes: Nodes, told: Told, language: str, share: int
) -> None:
    wrong: list[str] = []
    with seated(browser, nodes.a, language=language) as zhao:
        for path in pages_of_a(told.story, told.drafts)[share::SHARES]:
            wrong += look_at(zhao, path, is_narrow_checked=language == "en")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_asked_side_is_accessible(
    browser: Browser, nodes: Nodes, told: Told, language: str
) -> None:
    wrong: list[str] = []
    with seated(browser, nodes.b, "chen", language=language) as chen:
        for path in pages_of_b(told.story):
            wrong += look_at(chen, path, is_narrow_checked=language == "en")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_shown_to_strangers_viewers_and_the_lost_is_accessible(
    browser: Browser, nodes: Nodes, told: Told, language: str
) -> None:
    space = f"{SPACE}/inquiries"
    with seat(browser, nodes.a, language=language) as nobody:
        wrong = look_at(nobody, "/sign-in/", is_narrow_checked=True)
    with seated(browser, nodes.a, "guest", language=language) as guest:
        guest.expected |= {403, 404, 409}
        for path in (
            *("/", f"{space}/{told.story.told}/", f"{space}/A-99999/", f"{SPACE}/new/"),
            f"{space}/{told.story.fresh}/say/withdraw/",
        ):
            wrong += look_at(guest, path, is_narrow_checked=language == "en")
    with seated(browser, nodes.a, language=language) as zhao:
        zhao.expected.add(409)
        wrong += look_at(zhao, f"{space}/{told.story.done}/say/acknowledge/", is_narrow_checked=True)
    assert not wrong, "\n".join(wrong)


ERROR: Final = {"en": "Error:", "zh": "错误："}


def expect_error(sitting: Seat) -> list[str]:
    """Expect a summary that has the focus, and a title that says so first; return what else is wrong."""
    page = sitting.page
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    assert page.title().startswith(ERROR[sitting.language]), page.title()
    for link in summary.locator("a[href^='#']").all():
        anchor = str(link.get_attribute("href"))
        assert page.evaluate("id => document.getElementById(decodeURIComponent(id)) !== null", anchor[1:]), (
            anchor
        )
    return [*page.evaluate(STRUCTURE), *sitting.axe()]


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_error_is_in_the_title_in_a_summary_with_the_focus_and_at_its_field(
    browser: Browser, nodes: Nodes, told: Told, language: str
) -> None:
    wrong: list[str] = []
    with seat(browser, nodes.a, language=language) as nobody:
        nobody.expected.add(401)
        nobody.go("/sign-in/").locator("#name").fill("zhao")
        nobody.page.locator("#secret").fill("wrong")
        press(nobody.page, "form[action='/sign-in/'] button")
        wrong += expect_error(nobody)
    with seated(browser, nodes.a, language=language) as zhao:
        zhao.expected |= {409, 422}
        zhao.go(f"{SPACE}/new/")
        press(zhao.page, "main button[data-ctrl-enter]")
        press(zhao.page, "button[value=check]")
        wrong += expect_error(zhao)
        zhao.go(f"/links/{LINK}/verify/").locator("ol.heard input").first.fill("12")
        press(zhao.page, "main form button")
        wrong += expect_error(zhao)
        zhao.go(f"{SPACE}/inquiries/{told.story.fresh}/").locator("#note").fill("   ")
        press(zhao.page, "#note-form .btn-secondary")
        wrong += expect_error(zhao)
    with seated(browser, nodes.b, language=language) as chen:
        chen.expected |= {409, 422}
        for verb in ("refuse", "return", "extend", "answer"):
            chen.go(f"{SPACE}/inquiries/{told.story.fresh}/say/{verb}/")
            press(chen.page, "#send button[data-ctrl-enter]")
            wrong += expect_error(chen)
            expect(chen.page.locator("main .error").first).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_what_is_printed_is_the_page_without_its_frame(browser: Browser, nodes: Nodes, told: Told) -> None:
    with seated(browser, nodes.a) as zhao:
        for path in (
            f"{SPACE}/inquiries/{told.story.told}/",
            f"{SPACE}/inquiries/",
            f"{SPACE}/batches/{told.story.batch}/",
            f"{SPACE}/record/{told.story.told}/",
            f"/links/{LINK}/terms/",
        ):
            page = zhao.go(path)
            page.emulate_media(media="print")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            for frame in (".strip", ".rail", "#offers button", ".languages"):
                for each in page.locator(frame).all():
                    expect(each).to_be_hidden()
            assert len(page.screenshot(full_page=True)) > 20_000, f"{path} prints blank"
            page.emulate_media(media="screen")
