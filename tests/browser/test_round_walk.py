"""A whole round by four persons on the pages of two nodes, A in English and B in Chinese: nothing is typed elsewhere.

Each finds every next act from the page on which he or she stands.
"""  # noqa: E501 - the first line says it whole

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from parley.work import clock
from tests.browser.nodes import Nodes, two_nodes
from tests.browser.seats import seat
from tests.browser.walkers import SAID, Table, Walker, key_all, table
from tests.cli.side import LINK, SECRET
from tests.node.served import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

REVIEWS: Final = f"/l/{LINK}/reviews/"
PROMISE: Final = {
    "en": "Each side names a contact for phishing sites.",
    "zh": "双方各指定一名钓鱼网站联络人。",
    "measure_en": "The contact is named in the record.",
    "measure_zh": "联络人已在记录中写明。",
    "owners": "A,B",
    "due": "+30d",
}
STATE: Final = {"statement_en": "A state did it.", "statement_zh": "系国家行为。"}
CRIME: Final = {"statement_en": "Criminals did it.", "statement_zh": "系犯罪行为。"}
UNEQUAL: Final = {"place": "1", "en": "Sites are closed within 14 days.", "zh": "网站在15天内关闭。"}
EQUAL: Final = UNEQUAL | {"zh": "网站在14天内关闭。"}
SHORTER: Final = {"place": "1", "en": "Sites are closed within 7 days.", "zh": "网站在7天内关闭。"}
COMING: Final = """
() => {
    window.coming = [];
    const note = event => window.coming.push(event.detail.serverResponse);
    document.body.addEventListener("htmx:beforeSwap", note);
}
"""
EXPERTS: Final = {"place": "2", "en": "Experts meet in December.", "zh": "专家于12月会晤。"}


@pytest.fixture(name="own", scope="module")
def fixture_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two nodes on which no other test has met, whose officers have keys."""
    with two_nodes(tmp_path_factory.mktemp("own")) as nodes:
        key_all(nodes)
        yield nodes


def test_four_persons_take_a_round_from_its_promise_to_its_public_page(browser: Browser, own: Nodes) -> None:
    with table(browser, own) as at:
        promise(at)
        find_out(at)
        review(at)
        meet(at)
        begun = clock.now()
        agree_on_clauses(at)
        # The release lies ahead when the other side freezes, too, however busy the computer is.
        freeze(at, ahead=5 + 2 * (clock.now() - begun))
        path = release(at)
        meet_again(at)
    read_as_a_stranger(browser, own, path)


def promise(at: Table) -> None:
    at.zhao.enter("/commitments/")
    at.zhao.say("/commitments/new/", **PROMISE)
    at.reed.open_newest("/commitments/")
    at.reed.say("/commitment-agreed/")
    # Only what is in force is reported on: A's page has become new by itself.
    for walker in (at.zhao, at.reed):
        expect(walker.leads("/commitment-reported/").first).to_be_visible()


def find_out(at: Table) -> None:
    """Give a finding, contest it, revise it in the open, and concur."""
    at.zhao.enter("/cases/")
    title = {"title_en": "Theft of personnel records", "title_zh": "人事档案失窃案"}
    at.zhao.say(f"/cases/{LINK}/new/", **title, items="trade_secrets")
    at.reed.open_newest("/cases/")
    at.reed.say("/say/join/")
    at.zhao.open_newest("/cases/")
    held = {"likelihood": "likely", "responsibility": "state_executed", "confidence": "low"}
    at.zhao.say("/say/give/", **STATE, **held, secret=SECRET)
    at.reed.follow("/say/answer/")
    # Nobody signs an answer without the words to which it is given.
    expect(at.reed.page.locator("main blockquote")).to_contain_text(STATE["statement_zh"])
    at.reed.page.go_back()
    at.reed.say("/say/answer/", position="does_not_concur", text="看不出国家行为。", secret=SECRET)
    held = {"likelihood": "very_likely", "responsibility": "no_state", "confidence": "high"}
    why = {"changed_en": "A wallet was found.", "changed_zh": "发现一个钱包地址。", "reasons": "new_evidence"}
    at.zhao.say("/say/revise/", **CRIME, **held, **why, secret=SECRET)
    expect(at.reed.page.locator("tr.replaced s")).to_contain_text("A state did it.")
    at.reed.say("/say/answer/", position="concurs", secret=SECRET)
    newest = at.zhao.page.locator("tbody tr:not(.replaced)").first
    expect(newest).to_contain_text("Criminals did it.")
    expect(newest).to_contain_text("both sides stand behind it")


def review(at: Table) -> None:
    """Agree on a cut, and have two persons of each side sign what their own node computes."""
    for walker in (at.zhao, at.reed):
        walker.enter("/")
        walker.page.locator(f'nav.rail a[href^="/l/{LINK}/"]').first.click()
        walker.enter(REVIEWS)
    at.zhao.follow(f"{REVIEWS}new/")
    at.zhao.press()
    at.reed.open_newest(REVIEWS)
    at.reed.press("main form.panel")
    at.zhao.open_newest(REVIEWS)
    digests = set()
    for first, second in ((at.zhao, at.chen), (at.reed, at.doyle)):
        expect(first.page.locator("main form.panel [name=secret]")).to_be_visible()
        first.press("main form.panel", secret=SECRET)
        second.sign_next()
    for walker in (at.zhao, at.reed):
        walker.open_newest(REVIEWS)
        digests |= {signed_digest(walker.page)}
    assert len(digests) == 1, digests


def signed_digest(page: Page) -> str:
    """Return the digest that the node computes, and that both sides signed."""
    shown = page.locator("main dl.facts dd.break")
    expect(shown.nth(2)).not_to_have_text("–")
    computed, ours, theirs = shown.all_inner_texts()
    assert computed == ours == theirs
    return computed


def meet(at: Table) -> None:
    at.zhao.enter("/rounds/")
    plan = {
        "number": "1",
        "host": "A",
        "begins": "+1d",
        "ends": "+2d",
        "en": "Capital of A",
        "zh": "甲国首都",
    }
    at.zhao.say("/rounds/new/", **plan)
    at.reed.open_newest("/rounds/")
    at.reed.say("/round-agreed/")
    item = {"source": "other", "en": "Phishing sites", "zh": "钓鱼网站"}
    at.zhao.say("/round-item_proposed/", **item)
    at.reed.say("/round-agreed/")
    expect(at.zhao.page.locator("main ol").first).to_contain_text("Phishing sites")
    at.reed.say("/round-stated/", stance="view", words="我方对此表示关切。")
    expect(at.zhao.page.locator("#log")).to_contain_text("我方对此表示关切。")


def agree_on_clauses(at: Table) -> None:
    at.zhao.follow("/outcome-clause_proposed/")
    refused(at.zhao, **UNEQUAL)
    at.zhao.press(zh=EQUAL["zh"])
    at.reed.follow("/outcome-amended/")
    holds(at.reed.page, EQUAL)
    refused(at.reed, **SHORTER | {"zh": UNEQUAL["zh"]})
    expect(at.reed.page.locator(".error-summary")).to_contain_text("英文文本：7；中文文本：15")
    at.reed.press(zh=SHORTER["zh"])
    agree_under_a_press(at)
    at.reed.press(**EXPERTS)
    expect(at.reed.page.locator(SAID)).to_be_visible()
    at.zhao.say("/outcome-agreed/")
    for walker in (at.zhao, at.reed):
        clauses = walker.page.locator("#outcome ol li")
        expect(clauses).to_have_count(2)
        expect(clauses.first).to_contain_text(SHORTER["zh"])


def agree_under_a_press(at: Table) -> None:
    """Let A agree while B presses a link that the news would move or turn into another one."""
    page, link = at.reed.page, at.reed.leads("/outcome-clause_proposed/").last
    page.evaluate(COMING)
    link.hover()
    page.mouse.down()
    at.zhao.say("/outcome-agreed/")
    until(lambda: page.evaluate("() => window.coming.some(each => each.includes('/freeze/'))"))
    with page.expect_navigation():
        page.mouse.up()
    assert "/outcome-clause_proposed/" in page.url


def refused(walker: Walker, **fields: str) -> None:
    """Press what is not taken; everything that was typed is there again."""
    walker.seat.expected.add(422)
    walker.press(**fields)
    expect(walker.page.locator(".error-summary")).to_be_visible()
    holds(walker.page, fields)


def holds(page: Page, fields: Mapping[str, str]) -> None:
    """See that these texts stand in the form."""
    for name, text in fields.items():
        expect(page.locator(f"#say [name={name}]")).to_have_value(text)


def freeze(at: Table, *, ahead: int) -> None:
    """Have two persons of each side sign the same bytes and the same second, `ahead` of when A chooses it."""
    at.zhao.follow("/freeze/")
    when = datetime.fromtimestamp(clock.now() + ahead, UTC)
    at.zhao.press("main form", release=when.isoformat())
    at.zhao.press("main form", secret=SECRET)
    at.chen.sign_next()
    # The page of who signed first tells it by itself, and leads on to the list.
    expect(at.zhao.page.locator("#signing .chip.proved")).to_be_visible()
    at.zhao.follow(f"/rounds/{LINK}/")
    expect(at.reed.page.locator("#outcome strong")).to_have_text("一方已锁定")
    at.reed.follow("/freeze/")
    expect(at.reed.page.locator("#release")).to_have_value(f"{when:%Y-%m-%dT%H:%M:%SZ}")
    at.reed.press("main form")
    at.reed.press("main form", secret=SECRET)
    at.doyle.open_newest("/rounds/")
    at.doyle.follow("/rounds/sign/")
    at.doyle.press("main form", secret=SECRET)
    at.reed.follow(f"/rounds/{LINK}/")


def release(at: Table) -> str:
    """Make the list public on both sides as soon as it is time, and return the path of its page.

    Nobody loads a page for that: at its second the button is there, and later the word of the other side.
    """
    for walker in (at.zhao, at.reed):
        walker.press('#outcome form[action$="/release/"]')
        expect(walker.leads("/public/outcomes/")).to_be_visible()
    expect(at.zhao.page.locator("#outcome strong").first).to_have_text("released by both")
    return str(at.zhao.leads("/public/outcomes/").get_attribute("href"))


def meet_again(at: Table) -> None:
    plan = {"host": "B", "begins": "+180d", "ends": "+181d", "en": "Capital of B", "zh": "乙国首都"}
    at.reed.say("/round-next_proposed/", **plan)
    at.zhao.say("/round-agreed/")
    for walker in (at.zhao, at.reed):
        walker.say("/round-closed/")
    # What both said of it stands in the form already.
    at.reed.say("/rounds/new/")
    at.zhao.open_newest("/rounds/")
    at.zhao.say("/round-agreed/")
    expect(at.zhao.page.locator("h1")).to_contain_text("Round 2")
    expect(at.zhao.page.locator("main")).to_contain_text(plan["zh"])


def read_as_a_stranger(browser: Browser, nodes: Nodes, path: str) -> None:
    """Read the public page on both nodes without a sign-in, and compare every byte that is to be kept."""
    found = []
    for node in (nodes.a, nodes.b):
        with seat(browser, node) as stranger:
            page = stranger.go(path)
            expect(page.locator("main ol li")).to_have_count(2)
            kept = {
                link.inner_text(): kept_from(page, link) for link in page.locator("main a[download]").all()
            }
            found.append((page.locator("main").inner_text(), kept))
    assert len(found[0][1]) == 5
    assert found[0] == found[1]


def kept_from(page: Page, link: Locator) -> bytes:
    """Return what a browser keeps of a file."""
    with page.expect_download() as kept:
        link.click()
    return kept.value.path().read_bytes()
