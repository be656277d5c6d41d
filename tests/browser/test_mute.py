"""Ring my phone instead: the screens of whoever has the watch are silent, and the phone rings at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.nodes import Node, Nodes
from tests.browser.ringing import COVERED, on_watch, ringing
from tests.browser.seats import seated
from tests.browser.test_every_page import STRUCTURE
from tests.house.tree import ROOT
from tests.node.served import until
from tests.pager.conftest import channels, smpp
from tests.pager.servers import Centre, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PHONE: Final = "+999555123417"
PROVED: Final = f"""
import django
django.setup()
from parley.agencies.queries import find_officer
from parley.watch import actions
from parley.watch.policy import Channel
from parley.work import clock
now, number = clock.now(), find_officer("chen").number
for channel, address in ((Channel.SMS, "{PHONE}"), (Channel.MAIL, "chen@house.example")):
    way = actions.add_way(number, channel=channel, address=address, now=now)
    actions.begin_proof(way, code="482913", now=now)
    actions.finish_proof(way, code="482913", now=now)
"""

ABOUT_U2: Final = (
    *("--urgency", "U2", "--scope", "attack_in_progress", "--what", "service_attack"),
    *("--where", "B", "--object", "ip:203.0.113.9", "--ask", "stop_activity"),
)


NOTE_SOUND: Final = """
() => new MutationObserver(() => {
    window.sounded = document.documentElement.dataset.sounding || window.sounded;
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-sounding"] })
"""
"""Keeps what the page sounded last."""


@contextmanager
def phone_of_chen(node: Node) -> Iterator[Centre]:
    """Have a centre take text messages to the phone of chen, which was proved, until the block ends."""
    environ = os.environ | {
        "PARLEY_HOME": str(node.home.root),
        "DJANGO_SETTINGS_MODULE": "parley.node.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", PROVED], env=environ, check=True, cwd="/")
    centre, settings = Centre(), node.home.root / "pager.toml"
    with running(centre.serve) as server:
        settings.write_text(channels(sms="centre") + smpp("centre", server.port), encoding="utf-8")
        try:
            yield centre
        finally:
            settings.unlink()


def sounding(page: Page) -> str:
    return str(page.evaluate("() => document.documentElement.dataset.sounding || ''"))


def mute(page: Page) -> None:
    """Press the button of the desk, once core knows the phone, and choose the first time."""
    button = page.locator("button[value=mute]")
    until(lambda: bool(page.goto(page.url)) and button.count() > 0)
    with page.expect_navigation():
        button.click()
    expect(page.locator("#muted")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_muted_desk_is_covered_in_silence_while_the_phone_rings_and_sounds_for_anybody_who_says_so(
    browser: Browser, nodes: Nodes, language: str
) -> None:
    with (
        seated(browser, nodes.b, "chen", language=language) as chen,
        seated(browser, nodes.b, "zhao") as zhao,
        on_watch(chen),
        phone_of_chen(nodes.b) as centre,
    ):
        page, other = chen.go("/desk/mute/"), zhao.go("/desk/")
        mute(page)
        assert [*page.evaluate(STRUCTURE), *chen.axe()] == []
        page.evaluate(NOTE_SOUND)
        with ringing(nodes):
            page.wait_for_selector(COVERED)
            until(lambda: len(centre.got) > 0)
            assert page.evaluate("() => window.sounded || ''") == "", "not even for its first minute"
            until(lambda: sounding(other) == "call")

            expect(other.locator("#cover")).not_to_have_attribute("data-startled", "")
            other.keyboard.press("Escape")
            with other.expect_navigation():
                other.locator("#muted button").click()
            until(lambda: sounding(page) == "call")
            expect(page.locator("#muted")).to_have_count(0)


def test_what_rings_no_phone_sounds_on_a_muted_desk(browser: Browser, nodes: Nodes) -> None:
    with (
        seated(browser, nodes.b, "chen") as chen,
        on_watch(chen),
        phone_of_chen(nodes.b) as centre,
    ):
        page = chen.go("/desk/mute/")
        mute(page)
        with ringing(nodes, *ABOUT_U2):
            until(lambda: sounding(page) == "call")

            assert centre.got == []
            assert page.locator("#muted").count() == 1
