"""A person before a browser, and everything that a page did which it must not do."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Response

from tests.browser.nodes import Node

AXE: Final = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
VIOLATIONS: Final = """
async rules => {
    const found = await axe.run(rules ? { runOnly: rules } : {});
    return found.violations.map(each => each.id + ": " + each.nodes.map(n => n.html).join(" | "));
}
"""
PATIENCE_MS: Final = 60_000
"""How long a page is waited for: a test says what comes about, and never how quickly on a busy computer."""
SEEN: Final = "() => (document.querySelector('main') || document.body).innerText"
FAILED: Final = ("Failed to load resource", "Response Status Error Code")
LEFT: Final = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says of a part that was being fetched as the page was left; of one that failed it says more."""
UNWANTED: Final = (
    # Chromium's own line for addresses, which is a page of its own in each window: half a second of computing
    # for each seat, and no test looks at it.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    # Of two such lists Chromium takes the last one, so this one holds what Playwright's own does.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
)
ARGUMENTS: Final = (
    f"--disable-features={','.join(UNWANTED)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TAGS: Final = {"en": "en", "zh": "zh-hans"}


@dataclass(kw_only=True)
class Seat:
    """A person before a screen. `wrongs` is what pages did that they must not."""

    context: BrowserContext
    page: Page
    node: Node
    language: str
    wrongs: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Answers of 400 and more that the test brings about itself."""
    asked: int = 0
    """How often a page asked whether what is typed may be dropped; it is then left all the same."""

    def go(self, path: str) -> Page:
        self.page.goto(self.node.url + path)
        return self.page

    def open(self, path: str) -> Page:
        """Open one more tab."""
        page = self.context.new_page()
        page.goto(self.node.url + path)
        return page

    def sign_in(self, name: str = "zhao") -> Page:
        """Sign in with one click, and come to the desk, in the language of this seat."""
        self.go("/")
        self.page.get_by_role("button", name=name).click()
        self.page.locator(".person").wait_for()
        self.speak(self.language)
        return self.page

    def speak(self, language: str) -> None:
        """Have pages in this language, as after its button in the strip, but only in this browser."""
        node = self.node.side.node.replace(".", "-")
        self.context.add_cookies(
            [
                {
                    "name": f"parley-{node}-language",
                    "value": TAGS[language],
                    "url": self.node.url,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )

    def axe(self, *rules: str) -> list[str]:
        """Return what the checker of accessibility finds wrong on the page; by all rules if none is named."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return list(self.page.evaluate(VIOLATIONS, list(rules) or None))


@contextmanager
def seat(
    browser: Browser,
    node: Node,
    *,
    language: str = "en",
    javascript: bool = True,
    width: int = 1366,
    dark: bool = False,
) -> Iterator[Seat]:
    """Sit somebody down; when the block ends, no page may have broken the policy or failed.

    Raises:
        AssertionError: one did.
    """
    context = browser.new_context(
        locale={"en": "en-GB", "zh": "zh-CN"}[language],
        java_script_enabled=javascript,
        viewport={"width": width, "height": 768},
        color_scheme="dark" if dark else "light",
    )
    context.set_default_timeout(PATIENCE_MS)
    sitting = Seat(context=context, page=context.new_page(), node=node, language=language)
    context.on("console", lambda message: _heard(sitting, message))
    context.on("weberror", lambda error: sitting.wrongs.append(f"script: {error.error}"))
    context.on("response", lambda response: _answered(sitting, response))
    context.on("dialog", lambda dialog: _interrupted(sitting, dialog))
    try:
        yield sitting
        _leave(sitting)
    except Exception as error:
        _tell(sitting, error)
        raise
    finally:
        context.close()
    assert sitting.wrongs == [], sitting.wrongs


@contextmanager
def seated(
    browser: Browser, node: Node, name: str = "zhao", *, language: str = "en", **how: int
) -> Iterator[Seat]:
    """Sit somebody down who is signed in."""
    with seat(browser, node, language=language, **how) as sitting:  # type: ignore[arg-type] # as there
        sitting.sign_in(name)
        yield sitting


def _tell(sitting: Seat, error: Exception) -> None:
    """Note with what went wrong what this person saw, and what pages did that they must not."""
    for page in sitting.context.pages:
        with suppress(Exception):
            text = " ".join(page.evaluate(SEEN).split())[:600]
            error.add_note(f"seen by {sitting.node.side.node} ({sitting.language}): {page.url}: {text}")
    error.add_note(f"wrong there: {sitting.wrongs}")


def _leave(sitting: Seat) -> None:
    # Chromium forgets that a page is to be closed if the next one is just coming, and Playwright then waits
    # for the end of that for ever. Where a page was left behind for an empty one, none is coming.
    for page in sitting.context.pages:
        page.goto("about:blank")


def _heard(sitting: Seat, message: ConsoleMessage) -> None:
    # A failed request has its own entry below; everything else that is an error is the page's fault.
    if message.type == "error" and not any(each in message.text for each in FAILED + LEFT):
        sitting.wrongs.append(f"console: {message.text}")


def _interrupted(sitting: Seat, dialog: Dialog) -> None:
    # A page asks before it drops what is typed; any other box is somebody else's script.
    if dialog.type == "beforeunload":
        sitting.asked += 1
        dialog.accept()
    else:
        sitting.wrongs.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def _answered(sitting: Seat, response: Response) -> None:
    if response.status >= 400 and response.status not in sitting.expected:
        asked = response.request
        sitting.wrongs.append(f"{response.status} {asked.resource_type} {asked.method} {response.url}")
    if not response.url.startswith(sitting.node.url):
        sitting.wrongs.append(f"elsewhere: {response.url}")
