"""Two countries work on a case and share information on pages: persons sign, and drafts stay sealed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import Node, Nodes, said
from tests.browser.seats import Seat, seated
from tests.browser.test_every_page import look_at
from tests.cli.side import LINK, SECRET
from tests.node.served import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(name="keyed", scope="module")
def fixture_keyed(nodes: Nodes) -> Nodes:
    """Return the two nodes, of whose officers one has a key."""
    for node in (nodes.a, nodes.b):
        roles = ("--role", "desk", "--role", "principal")
        said(node.side.ask("officer", "key", "zhao", *roles, "--secret-file", str(node.side.secret)))
    nodes.settle()
    return nodes


def say(sitting: Seat, nodes: Nodes) -> str:
    """Press the button that says what the form holds, and return the place of the statement."""
    page = sitting.page
    with page.expect_navigation():
        page.locator("#say button.btn-primary").click()
    expect(page.locator("main .notice.good")).to_be_visible()
    place = page.url.partition("saved=")[2].partition("#")[0]
    nodes.settle()
    return place


def blank(sitting: Seat, path: str) -> Page:
    """Open a form, and put away what somebody else typed there before, which is kept."""
    page = sitting.go(path)
    away = page.locator("main button[value=put_away], main button[name=put_away]")
    if away.count():
        with page.expect_navigation():
            away.click()
        sitting.go(path)
    return page


def fill(page: Page, **fields: str) -> None:
    """Fill a form by the names of its fields."""
    for name, text in fields.items():
        field = page.locator(f"#{name}")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def test_a_finding_is_given_contested_and_revised_by_persons_on_the_pages_of_two_nodes(
    browser: Browser, keyed: Nodes
) -> None:
    with seated(browser, keyed.a) as zhao, seated(browser, keyed.b, language="zh") as reed:
        case = open_case(zhao, reed, keyed)
        page = zhao.go(f"{case}say/give/")
        fill(page, statement_en="A state did it.", statement_zh="系国家行为。", likelihood="likely")
        fill(page, responsibility="state_executed", confidence="low", dissent="One of us doubts it.")
        fill(page, secret=SECRET)
        first = say(zhao, keyed)
        page = reed.go(f"{case}say/answer/?on={first}")
        fill(page, position="does_not_concur", text="看不出国家行为。", secret=SECRET)
        say(reed, keyed)
        page = zhao.go(f"{case}say/revise/?on={first}")
        expect(page.locator("#statement_en")).to_have_value("A state did it.")
        fill(page, statement_en="Criminals did it.", statement_zh="系犯罪行为。", responsibility="no_state")
        fill(page, likelihood="very_likely", confidence="high", dissent="", secret=SECRET)
        fill(page, changed_en="A wallet was found.", changed_zh="发现一个钱包地址。")
        page.locator("#public").check()
        page.locator("#reasons-new_evidence").check()
        second = say(zhao, keyed)

        for sitting in (zhao, reed):
            page = sitting.go(case)
            old = page.locator("tr.replaced")
            expect(old.locator("s")).to_contain_text("A state did it.")
            expect(old).to_contain_text(second.replace("-", " "))
            expect(old).to_contain_text("One of us doubts it.")
            expect(page.locator("tbody tr:not(.replaced)").first).to_contain_text("Criminals did it.")
            expect(page.locator(".said-line").last.locator(".instants li")).to_have_count(3)
        wrong = look_at(reed, case, is_narrow_checked=False)
    assert not wrong, "\n".join(wrong)


def open_case(zhao: Seat, reed: Seat, nodes: Nodes) -> str:
    """Have A propose a case and B join it; return its address."""
    page = blank(zhao, f"/cases/{LINK}/new/")
    fill(page, title_en="Theft of personnel records", title_zh="人事档案失窃案", text="Shall we?")
    page.locator("#items-trade_secrets").check()
    case = f"/cases/{LINK}/{say(zhao, nodes)}/"
    reed.go(f"{case}say/join/")
    say(reed, nodes)
    return case


def test_rows_are_offered_declined_and_then_nowhere_on_the_disk_of_who_offered_them(
    browser: Browser, keyed: Nodes
) -> None:
    aside = keyed.a.home.vault / "offered"
    before = names_in(aside)
    rows = "\n".join(f"203.0.113.{n},sinkhole" for n in range(60, 90))
    with seated(browser, keyed.a) as zhao, seated(browser, keyed.b) as reed:
        page = zhao.go(f"/shared/{LINK}/new/")
        fill(page, what="indicators", title="Addresses of a botnet", tlp="AMBER", pap="GREEN")
        fill(page, expects="consideration", rows_of="ip", rows=rows)
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        # The page is lost, and with it what stands in its fields; the draft has the rows, sealed.
        page = zhao.go(f"/shared/{LINK}/new/")
        expect(page.locator("#rows")).to_have_value(rows)
        wrong = look_at(zhao, f"/shared/{LINK}/new/", is_narrow_checked=False)
        zhao.go(f"/shared/{LINK}/new/")
        offer = say(zhao, keyed)
        (sealed,) = names_in(aside) - before
        reed.go(f"/shared/{LINK}/{offer}/say/decline/")
        fill(reed.page, reason="no_need")
        say(reed, keyed)
        until(lambda: names_in(aside) <= before)

    assert holding(keyed.a, b"203.0.113.61,sinkhole") == []
    assert [path for path in keyed.a.home.vault.rglob(sealed) if path.is_file()] == []
    assert not wrong, "\n".join(wrong)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*")}


def holding(node: Node, trace: bytes) -> list[Path]:
    """Return the files of a node, write-ahead logs among them, in which these bytes lie."""
    files = [path for path in node.home.root.rglob("*") if path.is_file()]
    return [path for path in files if trace in path.read_bytes()]
