"""A person who gets through the rooms as people do: by the rail, by links, by forms; no address is typed.

Both languages run, so what is pressed is found by where it leads and by what a field is called in the form.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.nodes import Nodes, said
from tests.browser.seats import Seat, seated
from tests.cli.side import LINK, SECRET

SIGNERS = (("zhao", "head"), ("chen", "principal"))
SAID = "main .notice.good[role=status]"


@dataclass(frozen=True, kw_only=True)
class Walker:
    """Somebody who is signed in."""

    seat: Seat

    @property
    def page(self) -> Page:
        return self.seat.page

    def leads(self, mark: str) -> Locator:
        """Return the links of the page to an address with `mark` in it; the page keeps itself new."""
        return self.page.locator(f'main a[href*="{mark}"]')

    def follow(self, mark: str) -> None:
        """Click the newest such link as soon as there is one."""
        expect(self.leads(mark).last).to_be_visible()
        with self.page.expect_navigation():
            self.leads(mark).last.click()

    def enter(self, room: str) -> None:
        """Go to a room by the rail."""
        with self.page.expect_navigation():
            self.page.locator(f'nav.rail a[href="{room}"]').click()

    def open_newest(self, room: str) -> None:
        """Open what the list of a room has in its first line, once there is one."""
        self.enter(room)
        line = self.page.locator("#rows [data-rows] tbody tr, #rows table tbody tr").first
        expect(line).to_be_visible()
        with self.page.expect_navigation():
            line.locator("a.id").click()

    def write(self, **fields: str) -> None:
        """Fill a form by the names of its fields, and leave the others as they are."""
        for name, text in fields.items():
            field = self.page.locator(f'main form [name="{name}"]').last
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(text)
            elif field.evaluate("each => each.type") == "checkbox":
                self.page.locator(f'main form [name="{name}"][value="{text}"]').check()
            else:
                field.fill(text)

    def press(self, form: str = "#say", **fields: str) -> None:
        """Fill a form and press its main button; the next page is there then."""
        self.write(**fields)
        with self.page.expect_navigation():
            self.page.locator(f"{form} button.btn-primary").last.click()

    def say(self, mark: str, **fields: str) -> None:
        """Follow a link to a form, fill it, and say it; then the page tells that it is saved."""
        self.follow(mark)
        self.press(**fields)
        expect(self.page.locator(SAID)).to_be_visible()

    def sign_next(self) -> None:
        """Sign what another officer prepared, as the desk asks it of everybody else."""
        self.enter("/")
        self.follow(f"/links/{LINK}/sign/")
        self.press("main form", secret=SECRET)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Two persons of each side: `zhao` and `chen` of A in English, `reed` and `doyle` of B in Chinese."""

    zhao: Walker
    chen: Walker
    reed: Walker
    doyle: Walker


def key_all(nodes: Nodes) -> None:
    """Let two officers of each side have keys that count for what two persons sign."""
    for node in (nodes.a, nodes.b):
        for name, role in SIGNERS:
            words = ("officer", "key", name, "--role", role, "--secret-file", str(node.side.secret))
            said(node.side.ask(*words))
    nodes.settle()


@contextmanager
def table(browser: Browser, nodes: Nodes) -> Iterator[Table]:
    """Sit both sides down; no page of theirs may have failed when the block ends."""
    with ExitStack() as stack:
        zhao, chen, reed, doyle = (
            Walker(seat=stack.enter_context(seated(browser, node, name, language=language)))
            for node, language in ((nodes.a, "en"), (nodes.b, "zh"))
            for name, _role in SIGNERS
        )
        yield Table(zhao=zhao, chen=chen, reed=reed, doyle=doyle)
