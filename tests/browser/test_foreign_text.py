"""What an attacker writes, partner or not, is text: on every page that shows it, and in no link."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.protocol.strictjson import JsonObject
from tests.browser import hostile
from tests.browser.hostile import ADDRESSES, SHORT, TEXT
from tests.browser.nodes import SPACE, Node, Nodes
from tests.browser.seats import Seat, seat, seated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CLEAN: Final = """
mark => {
    const wrong = [];
    if (mark in window) wrong.push("a script ran");
    const foreign = "main :is(script, iframe, img[src=x], base, meta, object, embed, svg[onload]), [onerror],"
        + " [onload], [onfocus], [hx-on\\\\:load], [href^='javascript:' i], [src^='javascript:' i]";
    const told = each => each.outerHTML.slice(0, 200);
    for (const each of document.querySelectorAll(foreign)) wrong.push("foreign: " + told(each));
    const places = ["href", "src", "srcset", "action", "formaction", "data", "poster", "hx-get", "hx-post"];
    for (const each of document.querySelectorAll(places.map(name => `[${name}]`).join()))
        for (const name of places)
            if (each.hasAttribute(name) && new URL(each.getAttribute(name), location).host !== location.host)
                wrong.push(name + "=" + each.getAttribute(name).slice(0, 200));
    const hidden = new RegExp("[\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff"
        + "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
    const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.parentElement;
        if (hidden.test(texts.currentNode.data) && !at.closest("textarea")) wrong.push("hidden: " + told(at));
    }
    for (const each of document.querySelectorAll("[title]:not(input), [aria-label]"))
        if (hidden.test(each.title + each.getAttribute("aria-label"))) wrong.push("hidden: " + told(each));
    return wrong;
}
"""
VISIBLE_OVERRIDE: Final = "U+202E"
LINES: Final = "input:visible:is(:not([type]), [type=text])"
FETCHED: Final = """
async url => {
    const answer = await fetch(url);
    return [answer.status, answer.headers.get("content-type") || "", await answer.text()];
}
"""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Inquiries whose every field is hostile: one of A about sites, one of B about persons."""

    sites: str
    persons: str
    places: Sequence[str]


@pytest.fixture(name="attack", scope="module")
def fixture_attack(nodes: Nodes) -> Attack:
    run = f"X{nodes.said()}"
    a, b = nodes.a, nodes.b
    sites = hostile.say(a, "sent", hostile.asks(run=run), body=hostile.letter())
    about: JsonObject = {
        **hostile.asks(run=run),
        "groups": [{"count": 1, "type": "information", "wants": ["subscriber"]}],
    }
    persons = hostile.say(b, "sent", about, body=hostile.questions())
    nodes.settle()
    places = [sites, persons, *_answers(nodes, sites)]
    working: JsonObject = {"items": "all", "code": "working"}
    places.append(hostile.say(a, "progressed", working, body=hostile.remark(), on=persons))
    nodes.settle()
    return Attack(sites=sites, persons=persons, places=places)


ANSWERS: Final[Sequence[tuple[str, JsonObject]]] = (
    ("acknowledged", {}),
    ("answered", {"findings": [{"items": [0, 1], "code": "no_data"}, {"items": [2], "code": "confirmed"}]}),
    ("refused", {"items": [3], "grounds": ["G09"]}),
    ("conditioned", {"items": [4], "codes": ["confidential"], "due": 2_000_000_000}),
    ("returned", {"items": [5], "fields": [{"field": "url", "reason": "unclear"}]}),
)


def _answers(nodes: Nodes, place: str) -> list[str]:
    """Have B say everything about A's inquiry, and A what it may say back, all in hostile words."""
    a, b, body = nodes.a, nodes.b, hostile.remark()
    said = [hostile.say(b, kind, d, body=body, on=place) for kind, d in ANSWERS]
    nodes.settle()
    answered, returned = said[1], said[-1]
    said.append(hostile.say(a, "supplied", {}, body=body, on=returned))
    said.append(hostile.say(a, "disputed", {"ground": "facts"}, body=body, on=answered))
    corrected: JsonObject = {"items": [0], "findings": [], "grounds": ["G20"]}
    said.append(hostile.say(b, "corrected", corrected, body=body, on=answered))
    nodes.settle()
    return said


def pages_of(attack: Attack) -> tuple[str, ...]:
    """Return every page on which either side may see it."""
    space = f"{SPACE}/inquiries"
    return (
        *("/", f"{space}/", "/search/?q=pwned", f"{SPACE}/record/", "/links/", "/links/a-b/"),
        *(f"{space}/{place}/" for place in (attack.sites, attack.persons)),
        *(f"{space}/{place}/as-they-see-it/" for place in (attack.sites, attack.persons)),
        *(f"{SPACE}/record/{place}/" for place in attack.places),
    )


def forms_of(node: Node, attack: Attack) -> tuple[str, ...]:
    """Return the forms in which what they wrote stands beside the fields."""
    asking, asked = (
        ("undertake", "withdraw", "notify-outcome", "dispute"),
        ("answer", "correct", "extend", "refuse", "postpone"),
    )
    verbs = {
        "A": {attack.sites: asking, attack.persons: ("answer", "refuse", "return")},
        "B": {attack.sites: asked, attack.persons: ("withdraw", "dispute")},
    }[node.side.letter]
    return tuple(f"{SPACE}/inquiries/{at}/say/{verb}/" for at, each in verbs.items() for verb in each)


def see(page: Page, url: str) -> list[str]:
    """Open the page and return what is wrong with it."""
    page.goto(url)
    return [f"{url}: {each}" for each in page.evaluate(CLEAN, hostile.MARK)]


@pytest.mark.parametrize("letter", ["A", "B"])
def test_what_the_partner_writes_runs_nowhere(
    browser: Browser, nodes: Nodes, attack: Attack, letter: str
) -> None:
    node = {"A": nodes.a, "B": nodes.b}[letter]
    wrong: list[str] = []
    with seated(browser, node) as sitting:
        for path in (*pages_of(attack), *forms_of(node, attack)):
            wrong += see(sitting.page, node.url + path)
        page = sitting.go(f"{SPACE}/inquiries/{attack.sites}/")
        expect(page.locator("main")).to_contain_text(VISIBLE_OVERRIDE)
        expect(page.locator("main")).to_contain_text("<script>pwned=1</script>")
        expect(page.locator("#item-0")).to_contain_text("hxxp://evil1[.]example")
        batch = page.locator(".inquiry-head a[href*='/batches/']")
        assert batch.count() == 1
        wrong += see(page, node.url + str(batch.get_attribute("href")))
    assert not wrong, "\n".join(wrong)


def test_what_an_officer_types_runs_nowhere(browser: Browser, nodes: Nodes) -> None:
    place = nodes.send("http://typed.example/one", "http://typed.example/two")
    with seated(browser, nodes.a) as zhao:
        wrong = _compose(zhao)
        page = zhao.go(f"{SPACE}/inquiries/{place}/")
        page.locator("#note").fill(TEXT)
        with page.expect_navigation():
            page.locator("#note-form .btn-secondary").first.click()
        wrong += see(page, zhao.node.url + f"{SPACE}/inquiries/{place}/")
        expect(page.locator("#notes")).to_contain_text(f"<script>{hostile.MARK}=1</script>")
        for query in (TEXT, SHORT):
            page.locator("#seek").fill(query)
            with page.expect_navigation():
                page.locator("#seek").press("Enter")
            wrong += page.evaluate(CLEAN, hostile.MARK)
    with seated(browser, nodes.b) as chen:
        for verb in ("acknowledge", "return", "answer"):
            wrong += _say(chen, f"{SPACE}/inquiries/{place}/say/{verb}/")
        nodes.settle()
        wrong += see(chen.page, f"{chen.node.url}{SPACE}/inquiries/{place}/")
    with seat(browser, nodes.a) as nobody:
        nobody.expected |= {401, 429}
        nobody.go("/sign-in/").locator("#name").fill(SHORT)
        nobody.page.locator("#secret").fill(TEXT)
        with nobody.page.expect_navigation():
            nobody.page.locator("form[action='/sign-in/'] button").click()
        wrong += nobody.page.evaluate(CLEAN, hostile.MARK)
    assert not wrong, "\n".join(wrong)


def _compose(zhao: Seat) -> list[str]:
    """Put it into every field of a draft, and look at each part, the versions, and the draft put away."""
    page = zhao.go(f"{SPACE}/new/")
    with page.expect_navigation():
        page.locator("main button[data-ctrl-enter]").click()
    page.locator("#paste").fill("\n".join((*ADDRESSES, TEXT)))
    page.locator("#found .chip").first.wait_for()
    wrong = page.evaluate(CLEAN, hostile.MARK)
    with page.expect_navigation():
        page.locator("button[value=check]").click()
    path = page.url.split("?")[0]
    for part in (2, 3):
        page.goto(f"{path}?part={part}")
        for each in page.locator("#draft textarea:visible").all():
            each.fill(TEXT)
        for each in page.locator(f"#draft {LINES}").all():
            each.fill(SHORT)
        with page.expect_navigation():
            page.locator("button[value=save]").click()
        wrong += page.evaluate(CLEAN, hostile.MARK)
    for way in ("?part=1", "?part=2", "?part=4", "history/purpose/", "history/title/"):
        wrong += see(page, path + way)
    page.goto(f"{path}?part=3")
    with page.expect_navigation():
        page.locator("button[value=put_away]").click()
    return [*wrong, *see(page, path), *see(page, zhao.node.url + f"{SPACE}/new/")]


def _say(chen: Seat, path: str) -> list[str]:
    """Put it into every field of a form, look at what they would see, and try to say it."""
    page = chen.go(path)
    chen.expected |= {409, 422}
    for each in page.locator("#say textarea:visible").all():
        each.fill(TEXT)
    for each in page.locator(f"#say {LINES}").all():
        each.fill(SHORT)
    with page.expect_navigation():
        page.locator("#send button[name=look]").click()
    wrong = page.evaluate(CLEAN, hostile.MARK)
    with page.expect_navigation():
        page.locator("button[data-ctrl-enter]").click()
    return [f"{path}: {each}" for each in (*wrong, *page.evaluate(CLEAN, hostile.MARK))]


# ---- No link leads out


class Links(HTMLParser):
    """Every address that a browser may fetch or follow from a page."""

    NAMES: Final = frozenset(
        {"href", "src", "srcset", "action", "formaction", "hx-get", "hx-post", "data", "poster"}
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.followed: set[str] = set()
        self.all: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in self.NAMES and value:
                self.all.add(value)
            if tag == "a" and name == "href" and value:
                self.followed.add(value)


OF_ONE_KIND: Final = 12
"""So many pages whose addresses differ in nothing but figures are enough of their kind."""


@pytest.mark.parametrize("letter", ["A", "B"])
def test_every_link_leads_to_a_page_of_this_node(
    browser: Browser, nodes: Nodes, attack: Attack, letter: str
) -> None:
    """Follow all links from the desk: none is dead, and none leads to a host that somebody wrote."""
    node = {"A": nodes.a, "B": nodes.b}[letter]
    host = urlsplit(node.url).netloc
    wrong: list[str] = []
    kinds: Counter[str] = Counter()
    with seated(browser, node) as sitting:
        waiting = [node.url + path for path in ("/", *pages_of(attack))]
        seen = set(waiting)
        while waiting:
            url = waiting.pop(0)
            kinds[re.sub(r"\d+", "0", url)] += 1
            if kinds[re.sub(r"\d+", "0", url)] > OF_ONE_KIND:
                continue
            status, kind, html = sitting.page.evaluate(FETCHED, url)
            if status >= 400:
                wrong.append(f"{status} {url}")
            if not kind.startswith("text/html"):
                continue
            found = Links(html)
            wrong += [f"{url}: {each}" for each in found.all if not _is_ours(urljoin(url, each), host)]
            fresh = {urljoin(url, each).partition("#")[0] for each in found.followed} - seen
            seen |= fresh
            waiting += sorted(fresh)
    assert len(kinds) > 40, kinds
    assert not wrong, "\n".join(wrong)


def _is_ours(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.netloc == host
