"""Two nodes as two countries run them, with pages: what both sides' officers sit before.

Each is a served home on loopback with its own host name, since cookies know no ports. People:
`zhao` and `chen` (officers) and `guest` (a viewer) on each side. Who sits before them is in
`seats.py`.
"""

import csv
import http.client
import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parley.ledger.database import open_for_reading
from parley.work.home import Home
from tests.cli.side import LINK, WORLD, Answer, Side
from tests.node.served import HOST, Served, family, free_port, served, until

PEOPLE: Final = (("zhao", "officer"), ("chen", "officer"), ("guest", "viewer"))
SITES: Final = tuple(f"http://www.bank{1 + n % 5}-safe{n}.example/login" for n in range(20))
SPACE: Final = f"/l/{LINK}"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One side: its command line, its processes, and where its pages are."""

    side: Side
    served: Served
    url: str

    @property
    def home(self) -> Home:
        return self.served.home

    @property
    def link(self) -> Any:  # noqa: ANN401 - a test looks into it as it likes
        """Return what `link status` says of the link."""
        return self.side.ask("link", "status").result["links"][0]

    @property
    def in_step(self) -> bool:
        """Return whether everything in the record stands in the rows of the pages."""
        with closing(open_for_reading(self.home.record)) as record:
            ((newest,),) = record.execute("SELECT MAX(seq) FROM change")
        with closing(open_for_reading(self.home.view)) as view:
            ((told,),) = view.execute("SELECT MIN(seq) FROM watermark WHERE stage <> 'scrubbed'")
        return bool(told == newest)

    def said(self) -> int:
        """Return how many statements of people this side holds, its own and the other's."""
        (link,) = self.side.ask("record", "show").result["links"]
        return sum(entry["by"]["role"] != "node" for entry in link["entries"])

    def kill_pages(self) -> None:
        """End the pages without a word; the supervisor starts them again."""
        os.kill(self.served.pids()["pages"], signal.SIGKILL)

    @contextmanager
    def without_pages(self) -> Iterator[None]:
        """Kill the pages, and let nobody start them again until the block ends."""
        supervisor = self.served.pids()["supervisor"]
        os.kill(supervisor, signal.SIGSTOP)
        try:
            self.kill_pages()
            until(lambda: not self.answers())
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)
            until(self.answers)

    @contextmanager
    def asleep(self, name: str) -> Iterator[None]:
        """Stop a process and all its children, as a computer that sleeps does, until the block ends."""
        pids = family(self.served.pids()[name])
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def answers(self) -> bool:
        """Return whether the pages answer."""
        pages = http.client.HTTPConnection(HOST, int(self.url.rpartition(":")[2]), timeout=5)
        try:
            pages.request("GET", "/healthz")
            return pages.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            pages.close()


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Both sides, paired and open."""

    a: Node
    b: Node
    folder: Path

    def send(self, *urls: str, **cover: str) -> str:
        """Let A ask about `urls` on the command line, and return the place once both sides show it.

        `cover` are options of `parley inquiry import`, such as `tlp="RED"`.
        """
        (place,) = self.send_all([(url, "Bank 1") for url in urls], **cover)
        return place

    def send_all(self, rows: Sequence[tuple[str, str]], **cover: str) -> Sequence[str]:
        """Do the same with addresses and banks; with `group="bank"` each bank is an inquiry of its own."""
        sheet = self.folder / "sheet.csv"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("url", "bank", "observed at"))
            table.writerows((url, bank, "2026-11-02T09:10+08:00") for url, bank in rows)
        options = _ASKED | {"again": f"1-{len(rows)}"} | cover
        words = [word for name, text in options.items() for word in (f"--{name.replace('_', '-')}", text)]
        sent = said(self.a.side.act("inquiry", "import", str(sheet), *words))
        self.settle()
        return [str(each["place"]).replace(" ", "-") for each in sent.result["inquiries"]]

    def say(self, node: Node, verb: str, place: str, *words: str) -> str:
        """Let an officer of `node` say something on the command line, until both sides show it."""
        answer = said(node.side.act("inquiry", verb, place, *words))
        self.settle()
        return str(answer.result["place"]).replace(" ", "-")

    def settle(self) -> None:
        """Wait until each side holds what the other said, and the pages of both show it."""
        until(self._is_even)
        until(lambda: self.a.in_step and self.b.in_step)

    def _is_even(self) -> bool:
        one, two = self.a.link, self.b.link
        is_known = (one["my_size"], two["my_size"]) == (two["their_size"], one["their_size"])
        return bool(is_known and one["waiting"] == two["waiting"] == 0)

    def said(self) -> int:
        """Return how many statements of people there are, once both sides hold the same."""
        self.settle()
        assert self.a.said() == self.b.said()
        return self.a.said()


_ASKED: Final = {
    "item": "fraud_phishing",
    "urgency": "U3",
    "purpose": "stop the fraud",
    "legal_basis": "guidelines, item 3",
    "want": "confirm,mitigate",
}


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
