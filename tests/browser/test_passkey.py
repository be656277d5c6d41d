"""An officer makes a passkey on his own page, the administrator enrols it, and it signs as the second."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.nodes import Nodes, said, two_nodes
from tests.browser.seats import Seat, seated
from tests.browser.test_every_page import look_at
from tests.cli.side import LINK, SECRET

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

STOP = ("--scope", "link", "--reason", "policy", "--text", "We stop.", "--text-zh", "我方中止。")


@pytest.fixture(name="own", scope="module")
def fixture_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two nodes whose link may be suspended without anybody else missing it."""
    with two_nodes(tmp_path_factory.mktemp("own")) as nodes:
        yield nodes


@contextmanager
def authenticator(sitting: Seat, *, is_verified: bool = True) -> Iterator[CDPSession]:
    """Put a device before the person, who presses it whenever it asks."""
    device = sitting.context.new_cdp_session(sitting.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": is_verified,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield device
    device.detach()


def make(page: Page) -> None:
    page.locator("#passkey #secret").fill(SECRET)
    page.locator("#passkey form button").click()


def prepared(nodes: Nodes) -> str:
    """Have zhao prepare a suspension on the command line, and return where it is signed."""
    answer = nodes.a.side.act("link", "suspend", LINK, *STOP)
    assert answer.exit == 5, answer.json
    return f"/links/{LINK}/sign/{answer.result['draft']}/"


def test_a_device_that_does_not_know_its_person_makes_nothing(browser: Browser, own: Nodes) -> None:
    with seated(browser, own.a, "chen") as chen, authenticator(chen, is_verified=False):
        page = chen.go("/me/")
        make(page)

        expect(page.locator("#passkey [data-told]")).to_contain_text("The device did nothing.")
    none = own.a.side.ask("officer", "key", "chen", "--passkey", "--secret-file", str(own.a.side.secret))
    assert none.fault["code"] == "no_passkey"


@pytest.mark.parametrize(("language", "times"), [("en", 1), ("zh", 2)])
def test_a_passkey_is_made_enrolled_and_signs_as_the_second_officer(
    browser: Browser, own: Nodes, language: str, times: int
) -> None:
    secret = ("--secret-file", str(own.a.side.secret))
    said(own.a.side.ask("officer", "key", "zhao", *secret))
    address = prepared(own)
    with seated(browser, own.a, "chen", language=language) as chen, authenticator(chen):
        page = chen.go("/me/")
        with page.expect_navigation():
            make(page)
        expect(page.locator("#passkey form button")).to_be_visible()
        wrong = look_at(chen, "/me/", is_narrow_checked=True)

        # It counts for nothing before it is enrolled.
        chen.expected.add(422)
        chen.go(address)
        with page.expect_navigation():
            page.locator("form[data-passkey] button").click()
        expect(page.locator(".error-summary")).to_be_visible()
        chen.expected.clear()
        said(own.a.side.ask("officer", "key", "chen", "--passkey", *secret))
        wrong += look_at(chen, address, is_narrow_checked=True)
        chen.go(address)
        with page.expect_navigation():
            page.locator("form[data-passkey] button").click()

    own.settle()
    with seated(browser, own.b, language=language) as reed:
        stated = reed.go(f"/links/{LINK}/suspensions/").locator("main blockquote[lang=en]")
        expect(stated).to_have_text(["We stop."] * times)
    assert not wrong, "\n".join(wrong)
