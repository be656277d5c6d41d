"""A node that does not know any more what it signed last: two officers compare digits, and it goes on."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from parley.protocol.names import LANES
from tests.browser.nodes import Node, Nodes, two_nodes
from tests.browser.seats import Seat, seated
from tests.browser.test_every_page import look_at
from tests.cli.side import LINK, SECRET
from tests.node.served import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PAGE = f"/links/{LINK}/"


@pytest.fixture(name="own")
def fixture_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two nodes of which nobody else needs the first."""
    with two_nodes(tmp_path_factory.mktemp("own")) as nodes:
        yield nodes


def forget(node: Node) -> None:
    """Have the node lose its anchor, as if the disk under it had died."""
    supervisor = node.served.pids()["supervisor"]
    os.kill(supervisor, signal.SIGSTOP)
    for name in ("core", "signer"):
        os.kill(node.served.pids()[name], signal.SIGKILL)
    shutil.rmtree(node.home.anchor)
    os.kill(supervisor, signal.SIGCONT)


def lost(node: Node) -> object:
    answer = node.side.ask("link", "recover", LINK)
    return answer.result["lost"] if answer.exit == 0 else "no answer"


def digits_at(sitting: Seat) -> dict[str, list[str]]:
    """Read the digits of the other side's newest heads from the page of the link, lane by lane."""
    page = sitting.go(PAGE)
    page.locator("#their-digits summary").click()
    groups = page.locator("#their-digits .digits span").all_inner_texts()
    return {lane: groups[12 * place : 12 * place + 12] for place, lane in enumerate(LANES)}


def decide(sitting: Seat, lane: str, digits: list[str]) -> None:
    page = sitting.go(f"{PAGE}recover/?lane={lane}")
    for number in range(2, 13, 2):
        page.locator(f"#group-{number}").fill(digits[number - 1])
    page.locator("#secret").fill(SECRET)
    with page.expect_navigation():
        page.locator("button[value=confirm]").click()


def follow(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_two_officers_read_digits_with_the_other_side_and_the_link_goes_on(
    browser: Browser, own: Nodes
) -> None:
    own.send("https://before.example/")
    wrong: list[str] = []
    forget(own.a)
    until(lambda: isinstance(lost(own.a), dict))
    with seated(browser, own.b) as reed:
        digits = digits_at(reed)

    for name, language in (("zhao", "en"), ("chen", "zh")):
        with seated(browser, own.a, name, language=language) as officer:
            officer.go("/")
            follow(officer.page, "#desk ol.needs a")
            expect(officer.page.locator("#recovering")).to_be_visible()
            follow(officer.page, "#recovering a")
            wrong += look_at(officer, f"{PAGE}recover/", is_narrow_checked=True)
            wrong += look_at(officer, PAGE, is_narrow_checked=True)
            for lane in LANES:
                decide(officer, lane, digits[lane])

    until(lambda: lost(own.a) is None)
    with seated(browser, own.a) as zhao:
        expect(zhao.go(PAGE).locator("#recovering")).to_have_count(0)
        wrong += look_at(zhao, f"{PAGE}recover/", is_narrow_checked=True)
    own.send("https://afterwards.example/")
    assert not wrong, "\n".join(wrong)
