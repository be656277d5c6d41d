"""Calls that ring on a desk, and the people who have the watch: for tests that sit before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.nodes import Node, Nodes, said
from tests.browser.seats import Seat
from tests.cli.side import SECRET
from tests.node.served import until

ABOUT: Final = (
    *("--urgency", "U0", "--scope", "attack_in_progress", "--what", "service_attack", "--where", "B"),
    *("--object", "ip:203.0.113.7", "--since", "2026-11-02T08:00Z", "--by", "2026-12-02T10:00Z"),
    *("--ask", "stop_activity,confirm_or_deny"),
)
TEST: Final = (
    *("--urgency", "U3", "--what", "line_test", "--object", "none", "--where", "unknown"),
    *("--ask", "take_note"),
)
QUESTIONS: Final = ("open_call", "due_first", "degraded")
COVERED: Final = "html[data-covered='call']"
BLIND: Final = "html[data-covered='blind']"
STATE: Final = """
() => {
    const { covered, sounding, audible, blind } = document.documentElement.dataset;
    return { covered, sounding, audible, blind, title: document.title };
}
"""

PRESS_AS_IT_CHANGES: Final = """
() => new MutationObserver(() => {
    const key = { key: " ", bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
    document.querySelector("#cover-call form button").click();
    window.pressed = (window.pressed || 0) + 1;
}).observe(document.getElementById("cover-title"), { childList: true, characterData: true, subtree: true })
"""
"""Presses Space and clicks at the very moment at which the cover comes, or another call comes onto it."""


def ring(nodes: Nodes, *about: str) -> str:
    """Have A call B, and return the place of the call as it stands in an address."""
    return str(said(nodes.a.side.act("call", "open", *(about or ABOUT))).result["place"]).replace(" ", "-")


@contextmanager
def ringing(nodes: Nodes, *about: str) -> Iterator[str]:
    """Have A call B until the block ends; then A needs the call no longer, and nobody is rung."""
    place = ring(nodes, *about)
    try:
        yield place
    finally:
        cancel(nodes, place)


def cancel(nodes: Nodes, place: str) -> None:
    """Have A need the call no longer, and wait until B knows."""
    end(place, "cancelled", own=nodes.a, other=nodes.b)


def end_all(nodes: Nodes) -> None:
    """Have whoever called close every call that is open, and wait until the other side knows."""
    for own, other in ((nodes.a, nodes.b), (nodes.b, nodes.a)):
        for call in said(own.side.ask("call", "list", "--open")).result["calls"]:
            if call["is_ours"] and "us" not in str(call["stands"]):
                ending = "cancelled" if call["taken_at"] is None else "answered"
                end(str(call["place"]), ending, own=own, other=other)


def end(place: str, ending: str, *, own: Node, other: Node) -> None:
    """Close a call for the side that called, and wait until the other side knows."""
    said(own.side.act("call", "close", place, "--ending", ending))
    until(lambda: "them" in str(call_at(other, place)["stands"]))


def call_at(node: Node, place: str) -> dict[str, object]:
    """Return a call as the command line of `node` shows it."""
    return dict(node.side.ask("call", "show", place).result["call"])


def take_watch(sitting: Seat, name: str) -> Page:
    """Take the watch that nobody has, on its page, from what the page says of the record.

    What the record says may change meanwhile; the answer is then rightly refused, and given again.
    """
    is_new = 422 not in sitting.expected
    sitting.expected.add(422)
    until(lambda: _takes(sitting, name))
    if is_new:
        sitting.expected.discard(422)
    expect(sitting.page.locator(".duty-watch strong").first).to_have_text(name)
    return sitting.page


def _takes(sitting: Seat, name: str) -> bool:
    """Return whether the watch was taken, and the desk came."""
    page = sitting.go("/desk/handover/")
    prove(page)
    page.locator("#incoming_name").fill(name)
    page.locator("#incoming_secret").fill(SECRET)
    with page.expect_navigation():
        page.locator("button[value=take]").click()
    return page.url.endswith("/desk/")


def prove(page: Page) -> None:
    """Hear the sound, and answer the three questions."""
    page.locator("[data-trial-sound]").click()
    page.locator("#heard-box").check()
    told = page.locator(".handover-lines strong").all_inner_texts()
    for name, text in zip(QUESTIONS, told[1:4], strict=True):
        page.locator(f"#{name}").fill(text.split(" · ")[0])


def leave_watch(sitting: Seat) -> None:
    """Leave the watch, whoever has it; nothing if nobody does."""
    page = sitting.go("/desk/handover/")
    if not page.locator("#outgoing_secret").count():
        return
    page.locator("details summary").click()
    page.locator("#outgoing_secret").fill(SECRET)
    with page.expect_navigation():
        page.locator("button[value=leave]").click()


@contextmanager
def on_watch(sitting: Seat, name: str = "chen") -> Iterator[Page]:
    """Give somebody the watch until the block ends."""
    take_watch(sitting, name)
    try:
        yield sitting.page
    finally:
        leave_watch(sitting)
