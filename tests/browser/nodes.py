"""Two nodes as two countries run them, with pages, and a browser that tells whatever a page did wrong.

Each is a served home on loopback with its own host name, since cookies know no ports. People:
`zhao` and `chen` (officers) and `guest` (a viewer) on each side.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Response

from parley.work.home import Home
from tests.cli.side import LINK, WORLD, Answer, Side
from tests.node.served import HOST, Served, free_port, served, until

AXE: Final = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
VIOLATIONS: Final = """
async () => (await axe.run()).violations.map(each => each.id + ": " + each.nodes.map(n => n.html).join(" | "))
"""
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PEOPLE: Final = (("zhao", "officer"), ("chen", "officer"), ("guest", "viewer"))
SITES: Final = tuple(f"http://www.bank{1 + n % 5}-safe{n}.example/login" for n in range(20))


@dataclass(frozen=True, kw_only=True)
class Node:
    """One side: its command line, its processes, and where its pages are."""

    side: Side
    served: Served
    url: str

    @property
    def home(self) -> Home:
        return self.served.home


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Both sides, paired and open."""

    a: Node
    b: Node
    folder: Path

    def send(self, *urls: str, urgency: str = "U3", bank: str = "Bank 1", more: tuple[str, ...] = ()) -> str:
        """Let A ask about `urls` on the command line, and return the place once both sides show it."""
        sheet = self.folder / "sheet.csv"
        rows = "".join(f"{url},{bank},2026-11-02T09:10+08:00\n" for url in urls)
        sheet.write_text("url,bank,observed at\n" + rows, encoding="utf-8")
        words = [
            *("inquiry", "import", str(sheet), "--item", "fraud_phishing", "--urgency", urgency),
            *(
                "--urgency-reason",
                "live",
                "--purpose",
                "stop the fraud",
                "--legal-basis",
                "guidelines, item 3",
            ),
            *("--want", "confirm,mitigate", "--wait", "20", *more),
        ]
        place = str(said(self.a.side.act(*words)).result["inquiries"][0]["place"])
        self.until_both_show(place)
        return place.replace(" ", "-")

    def say(self, node: Node, verb: str, place: str, *words: str) -> str:
        """Let an officer of `node` say something on the command line, until both sides show it."""
        answer = said(node.side.act("inquiry", verb, place, *words, "--wait", "20"))
        self.until_both_show(str(answer.result["place"]))
        return str(answer.result["place"]).replace(" ", "-")

    def until_both_show(self, place: str) -> None:
        for node in (self.a, self.b):
            until(lambda node=node: node.side.ask("record", "show", place).exit == 0)  # type: ignore[misc] # bound


def said(answer: Answer) -> Answer:
    assert answer.exit == 0, answer.json or answer.err
    return answer


@contextmanager
def two_nodes(folder: Path) -> Iterator[Nodes]:
    """Run both nodes, paired, until the block ends."""
    with ExitStack() as stack:
        made = {letter: _made(folder, letter, stack) for letter in "AB"}
        for letter, other in (("A", "B"), ("B", "A")):
            added = said(made[letter].ask("link", "add", str(made[other].folder / "offer")))
            (made[other].folder / "digits").write_text(" ".join(added.result["digits"]), encoding="ascii")
        nodes = {letter: _node(side, stack) for letter, side in made.items()}
        for side in made.values():
            said(side.act("link", "verify", LINK, "--digits", str(side.folder / "digits")))
        for side in made.values():
            until(lambda side=side: side.ask("link", "status").result["links"][0]["is_active"])  # type: ignore[misc] # bound
        yield Nodes(a=nodes["A"], b=nodes["B"], folder=folder)


def _made(folder: Path, letter: str, stack: ExitStack) -> Side:
    side = Side(letter, folder / letter.lower())
    stack.callback(side.stop)
    side.officer = PEOPLE[0][0]
    partner = f"{HOST}:{free_port()}"
    words = [
        *("init", "--node", side.node, "--world", WORLD, "--pages", f"{HOST}:{free_port()}"),
        *("--name-en", f"Country {letter}", "--name-zh", {"A": "甲国", "B": "乙国"}[letter]),
        *("--utc-offset", {"A": "+08:00", "B": "-05:00"}[letter]),
        *("--partner", partner, "--url", f"http://{partner}/parley/v1"),
    ]
    said(side.ask(*words))
    for name, role in PEOPLE:
        said(side.ask("officer", "add", name, "--role", role, "--secret-file", str(side.secret)))
    said(side.ask("link", "card", "--out", str(side.folder / "offer")))
    return side


def _node(side: Side, stack: ExitStack) -> Node:
    node = stack.enter_context(served(side.home))
    pages = re.search(r'^pages = "(.*)"', side.home.settings_file.read_text(), re.MULTILINE)
    assert pages is not None
    port = pages[1].rpartition(":")[2]
    return Node(side=side, served=node, url=f"http://{side.letter.lower()}.localhost:{port}")


@dataclass(kw_only=True)
class Seat:
    """A person before a screen. `wrongs` is what pages did that they must not."""

    context: BrowserContext
    page: Page
    node: Node
    wrongs: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Answers of 400 and more that the test brings about itself."""

    def go(self, path: str) -> Page:
        self.page.goto(self.node.url + path)
        return self.page

    def sign_in(self, name: str = "zhao") -> Page:
        self.go("/")
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_load_state()
        return self.page

    def axe(self) -> list[str]:
        """Return what the checker of accessibility finds wrong on the page."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return list(self.page.evaluate(VIOLATIONS))


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
    context.set_default_timeout(15_000)
    page = context.new_page()
    sitting = Seat(context=context, page=page, node=node)
    context.on("console", lambda message: _heard(sitting, message))
    context.on("weberror", lambda error: sitting.wrongs.append(f"script: {error.error}"))
    context.on("response", lambda response: _answered(sitting, response))
    context.on(
        "dialog", lambda dialog: (sitting.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss())
    )
    try:
        yield sitting
    finally:
        context.close()
    assert sitting.wrongs == []


def _heard(sitting: Seat, message: ConsoleMessage) -> None:
    # A failed request has its own entry below; everything else that is an error is the page's fault.
    if message.type == "error" and "Failed to load resource" not in message.text:
        sitting.wrongs.append(f"console: {message.text}")


def _interrupted(sitting: Seat, dialog: Dialog) -> None:
    # A page asks before it drops what is typed; any other box is somebody else's script.
    if dialog.type != "beforeunload":
        sitting.wrongs.append(f"dialog: {dialog.message}")
    dialog.dismiss()


def _answered(sitting: Seat, response: Response) -> None:
    if response.status >= 400 and response.status not in sitting.expected:
        sitting.wrongs.append(f"{response.status} {response.url}")
    if not response.url.startswith(sitting.node.url):
        sitting.wrongs.append(f"elsewhere: {response.url}")
