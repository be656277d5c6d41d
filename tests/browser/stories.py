"""What stands in the record so that every page has something to show: one inquiry of each kind of fate."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.nodes import SPACE, Nodes
from tests.browser.seats import Seat
from tests.cli.side import LINK

LATER = "2027-03-01T12:00Z"


@dataclass(frozen=True, kw_only=True)
class Story:
    """Places of inquiries as addresses have them, and the batch that the first stands in."""

    fresh: str
    """Sent, and nothing more."""
    told: str
    """Acknowledged, admitted, returned, supplied, answered, corrected, disputed."""
    waiting: str
    """Conditions, a postponement and an extension wait for a reply."""
    done: str
    """Answered, rated, closed."""
    batch: str


def tell(nodes: Nodes) -> Story:
    """Say all of it on the command lines."""
    batch = f"A-2026-{nodes.said()}"
    rows = [
        (f"http://www.story{n}.example/{bank}", f"Bank {bank} 甲银行") for bank in range(4) for n in range(4)
    ]
    cover = {
        "batch": batch,
        "group": "bank",
        "title": "仿冒网站 Sites of banks",
        "facts": "a\nb",
        "case": "7",
    }
    fresh, told, waiting, done = nodes.send_all(rows, **cover)
    _tell_all(nodes, told)
    for verb, words in _WAITING.items():
        nodes.b.side.say(verb, waiting, *words)
    nodes.b.side.say("answer", done, "--finding", "0,1,2,3=no_data")
    nodes.settle()
    scores = ("--timely", "3", "--complete", "2", "--usable", "3", "--understandable", "1")
    nodes.a.side.say("rate", done, *scores, "--text", "thank you")
    nodes.a.side.say("close", done)
    nodes.settle()
    return Story(fresh=fresh, told=told, waiting=waiting, done=done, batch=batch)


_WAITING: Mapping[str, tuple[str, ...]] = {
    "condition": ("--items", "0", "--condition", "confidential", "--due", LATER),
    "postpone": ("--items", "1", "--ground", "P01", "--until", LATER),
    "extend": ("--items", "2", "--clock", "evidence", "--until", LATER, "--reason", "volume"),
}


def _tell_all(nodes: Nodes, place: str) -> None:
    a, b = nodes.a, nodes.b
    nodes.say(b, "acknowledge", place, "--text", "收到", "--ref", "B-1")
    nodes.say(b, "admit", place)
    returned = nodes.say(b, "return", place, "--items", "0", "--field", "url=unclear", "--text", "which one?")
    nodes.say(a, "supply", returned, "--field", "0:url=http://www.story0.example/login", "--text", "this one")
    answered = nodes.say(b, "answer", place, "--finding", "0=mitigated:content_removed", "--text", "下线")
    nodes.say(b, "refuse", place, "--items", "1", "--ground", "G09")
    nodes.say(b, "correct", answered, "--items", "0", "--finding", "0=no_data", "--text", "a slip")
    nodes.say(a, "dispute", answered, "--ground", "facts", "--text", "它还在线")


def drafts(sitting: Seat, *, run: str) -> Mapping[str, str]:
    """Write a draft with faults and one that could be sent, and return their addresses."""
    return {
        "with faults": _draft(sitting, f"hxxp://draft[.]example/{run}\nhxxp://user@draft[.]example/{run}/2"),
        "ready": _ready(sitting, f"hxxp://ready[.]example/{run}"),
    }


def _draft(sitting: Seat, pasted: str) -> str:
    page = sitting.go(f"{SPACE}/new/")
    _press(page, "main button[data-ctrl-enter]")
    page.locator("#paste").fill(pasted)
    _press(page, "button[value=check]")
    return page.url.removeprefix(sitting.node.url).split("?")[0]


def _ready(sitting: Seat, pasted: str) -> str:
    path, page = _draft(sitting, pasted), sitting.page
    page.locator("[name='all.time']").fill("2026-11-02 09:10 +08:00")
    page.locator("[name='all.brand']").fill("Bank 1")
    _press(page, "#part-2 button[value='go:3']")
    page.locator("#purpose").fill("stop the fraud")
    page.locator("#legal_basis").fill("guidelines")
    page.locator("#title").fill("Title")
    _press(page, "#part-3 button[value='go:4']")
    return path


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def pages_of_a(story: Story, drafts_: Mapping[str, str]) -> tuple[str, ...]:
    """Return every page that A's officer reads or writes."""
    space = f"{SPACE}/inquiries"
    return (
        *(
            "/",
            "/me/",
            "/keys/",
            "/api/docs/",
            "/desk/roster/",
            "/links/",
            f"/links/{LINK}/",
            f"/links/{LINK}/verify/",
            f"/links/{LINK}/terms/",
            f"/links/{LINK}/judge/",
            f"/links/{LINK}/suspend/",
            f"/links/{LINK}/suspensions/",
            f"/links/{LINK}/recover/",
            f"/links/{LINK}/erasures/",
            f"{SPACE}/tests/",
            f"/links/{LINK}/erase/?place={story.told}",
        ),
        *(f"{space}/", f"{space}/?state=open", f"{SPACE}/batches/{story.batch}/"),
        *(f"{space}/{place}/" for place in (story.fresh, story.told, story.waiting, story.done)),
        f"{space}/{story.told}/as-they-see-it/",
        *(f"{SPACE}/record/", f"{SPACE}/record/{story.told}/"),
        *("/search/", "/search/?q=story0", "/search/?q=nothing-has-this"),
        f"{SPACE}/new/",
        *(f"{drafts_['with faults']}?part={part}" for part in (1, 2)),
        *(f"{drafts_['ready']}?part={part}" for part in (3, 4)),
        f"{drafts_['ready']}history/title/",
        *(
            f"{space}/{story.waiting}/say/{verb}/"
            for verb in ("undertake", "agree", "withdraw", "notify-outcome")
        ),
        f"{space}/{story.done}/say/rate/",
    )


def pages_of_b(story: Story) -> tuple[str, ...]:
    """Return the pages of the asked side: its inquiries, and a form for each thing it may say."""
    space = f"{SPACE}/inquiries"
    verbs = (
        "acknowledge",
        "admit",
        "return",
        "answer",
        "refuse",
        "progress",
        "extend",
        "postpone",
        "condition",
    )
    return (
        *("/", f"{space}/", f"{space}/{story.told}/", f"{space}/{story.fresh}/"),
        *(f"{space}/{story.fresh}/say/{verb}/" for verb in (*verbs, "refer", "dispute")),
        f"{space}/{story.told}/say/correct/",
    )
