"""The page for a telephone: one decision, signed by the second person; taken there; small and quick."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.nodes import Nodes, said
from tests.browser.seats import Seat, seat, seated
from tests.cli.side import LINK, SECRET

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.usefixtures("rings_no_more")]

PHONE: Final = 390
MAX_BYTES: Final = 60 * 1024
MAX_PAINT_MS: Final = 1_500
# A third-generation network, as browsers' own tools slow a line down for a test.
LATENCY_MS: Final = 150
BYTES_PER_MS: Final = 1_600_000 / 8 / 1_000
SEEN_MS: Final = 1_500
"""How long news that both nodes have may take to an open page."""
ROUNDS: Final = 4
"""A name, a connection, the page, and at once all that the page waits for before it is seen."""
AWAITED: Final = """
() => performance.getEntriesByType("resource")
    .filter(each => each.renderBlockingStatus === "blocking")
    .map(each => new URL(each.name).pathname)
"""
"""Names what the browser waits for before anything is seen."""
FIRST: Final = """
if (location.protocol.startsWith("http")) {
    addEventListener("DOMContentLoaded",
        () => sessionStorage.setItem("first", document.querySelector("button.yes")?.disabled));
}
"""
"""Notes whether the button took a press as the page came; the empty page that ends a test keeps nothing."""
OVERFLOW: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(name="keyed", scope="session")
def fixture_keyed(nodes: Nodes) -> Nodes:
    """Give both officers of A a key in the role of a head, once."""
    for name in ("zhao", "chen"):
        secret = ("--secret-file", str(nodes.a.side.secret))
        said(nodes.a.side.ask("officer", "key", name, "--role", "head", *secret))
    nodes.settle()
    return nodes


def prepare(sitting: Seat, *, text: str) -> Page:
    """Prepare a call to the vice-minister there, and sign it as the first person."""
    page = sitting.go(f"/calls/new/{LINK}/")
    page.locator("#what").select_option("public_report")
    page.locator("#object_type").select_option("none")
    page.locator("#where").select_option("both")
    page.locator("[name=ask][value=voice_call]").check()
    page.locator("#text").fill(text)
    page.locator("#scope").select_option("public_attention")
    page.locator("[name=urgency][value=U1]").check()
    page.locator("#level-vice_minister").check()
    page.locator("#secret").fill(SECRET)
    with page.expect_navigation():
        page.locator("button[data-ctrl-enter]").click()
    expect(page.locator("main")).to_contain_text("You have signed")
    # Wherever a list leads to what waits for a signature, a call is shown as what it is.
    address = page.url
    sitting.go(address.removeprefix(sitting.node.url).replace("/calls/new/", "/links/"))
    assert page.url == address
    return page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_principal_signs_by_telephone_and_the_other_office_takes_it_there(
    browser: Browser, keyed: Nodes, language: str
) -> None:
    words = f"A report in public, {language}"
    with seated(browser, keyed.a) as zhao:
        prepare(zhao, text=words)
    with seat(browser, keyed.a, language=language, width=PHONE) as chen:
        chen.sign_in("chen")
        page = weighed(chen)
        assert chen.axe() == []
        assert page.evaluate(OVERFLOW) == 0
        expect(page.locator("main h1")).to_have_count(1)
        expect(page.locator(".futures dt")).to_have_count(3)
        expect(page.locator("main")).to_contain_text(words)
        chen.expected.add(422)
        decide(page)
        expect(page.locator(".error[role=alert]").first).to_be_visible()
        assert chen.axe() == []
        page.locator("#secret").fill(SECRET)
        decide(page)
        page.wait_for_url(f"{keyed.a.url}/m/")
    keyed.settle()

    with seat(browser, keyed.b, language=language, width=PHONE) as office:
        office.sign_in("zhao")
        page = weighed(office)
        expect(page.locator("main")).to_contain_text(words)
        assert office.axe() == []
        startle(page)
        decide_amid_news(page, keyed)
        expect(page.locator("main")).not_to_contain_text(words)
        # In a tab of its own: the page of decisions may just be fetching itself again.
        expect(office.open("/calls/").locator("main")).to_contain_text(
            {"en": "vice-minister", "zh": "副部长"}[language]
        )


def startle(page: Page) -> None:
    """Have the page come again by itself: at first it takes no press, as another call may stand on it now."""
    page.add_init_script(FIRST)
    page.reload()
    assert page.evaluate("() => sessionStorage.getItem('first')") == "true"
    expect(page.locator("button.yes")).to_be_enabled()


def decide_amid_news(page: Page, nodes: Nodes) -> None:
    """Press yes, and have news come in before the node has heard of it.

    With news the page fetches itself again: it must not, while that would take back what was pressed.
    """
    held: list[Route] = []
    page.route("**/take/", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks what it is given
    page.locator("button.yes").click(no_wait_after=True)
    while not held:
        page.wait_for_timeout(50)
    nodes.send("http://news.example/telephone")
    page.wait_for_timeout(SEEN_MS)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held[0].continue_()


def decide(page: Page) -> None:
    """Press yes, and wait for the page that answers; the page may just be fetching itself again."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("button.yes").first.click()
    page.wait_for_load_state()


def weighed(sitting: Seat) -> Page:
    """Open the page as a telephone that never saw it, and check what it weighs on a slow network.

    How long the line itself takes follows from that; how long a computer takes that does more than this,
    says nothing about the page.
    """
    sitting.go("/keys/")
    line = sitting.context.new_cdp_session(sitting.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[int] = []
    line.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page = sitting.go("/m/")
    awaited = page.evaluate(AWAITED)
    assert {each.rpartition(".")[2] for each in awaited} == {"css"}, awaited
    assert 0 < sum(received) <= MAX_BYTES, received
    assert ROUNDS * LATENCY_MS + sum(received) / BYTES_PER_MS <= MAX_PAINT_MS, received
    line.detach()
    return page


def test_nothing_waits_is_one_sentence(browser: Browser, keyed: Nodes) -> None:
    with seat(browser, keyed.a, width=PHONE) as guest:
        guest.sign_in("guest")
        page = guest.go("/m/")
        expect(page.locator("h1")).to_have_text("Nothing waits for your decision")
        assert guest.axe() == []
