"""One side as its officers have it: a home of its own, and the command line, typed word for word.

The words go to `parley lines` in a process of its own, so that each side has its own files
and its own language, and a test does not wait for a start-up at every line; nor for most of that of
the process (`nursery.py`). What every test begins with is typed once, and its files are copied for each.
"""

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from parley.ledger.ledger import Ledger
from parley.work.home import Home
from tests.two_nodes.pair import MEMORY

LINK: Final = "a-b"
SECRET: Final = "correct-horse-battery"
WORLD: Final = "demo"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command said. `json` is there if it was asked for."""

    exit: int
    out: str
    err: str
    json: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Any:  # noqa: ANN401 - a test looks into it as it likes
        return self.json["result"]

    @property
    def fault(self) -> Any:  # noqa: ANN401 - a test looks into it as it likes
        return self.json["fault"]


class Side:
    """Country A or B."""

    def __init__(self, letter: str, folder: Path) -> None:
        self.letter = letter
        self.node = f"{letter.lower()}.example"
        self.officer = f"desk-{letter.lower()}"
        self.folder = folder
        self.home = Home(root=folder / "home")
        self.secret = folder / "secret"
        folder.mkdir(parents=True, exist_ok=True)
        self.secret.write_text(SECRET + "\n", encoding="ascii")
        environ = os.environ | {
            "PARLEY_HOME": str(self.home.root),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "LANG": "C.UTF-8",
            "PYTHONWARNINGS": "error",
        }
        self._words, self._said = born(environ)

    def type(self, *words: str) -> Answer:
        """Type a command as it stands."""
        self._words.write(json.dumps(words) + "\n")
        self._words.flush()
        said = json.loads(self._said.readline())
        return Answer(exit=said["exit"], out=said["stdout"], err=said["stderr"])

    def ask(self, *words: str) -> Answer:
        """Type a command with `--json`."""
        said = self.type(*words, "--json")
        return Answer(exit=said.exit, out=said.out, err=said.err, json=json.loads(said.out))

    def act(self, *words: str) -> Answer:
        """Type a command by which the officer says something."""
        return self.ask(*words, "--as", self.officer, "--secret-file", str(self.secret))

    def say(self, *words: str) -> str:
        """Say something that must be taken, and return the place of the statement."""
        said = self.act("inquiry", *words)
        assert said.exit == 0, said.json
        return str(said.result["place"]).replace(" ", "-")

    def show(self, inquiry: str) -> Any:  # noqa: ANN401 - a test looks into it as it likes
        return self.ask("inquiry", "show", inquiry).result

    def states(self, inquiry: str) -> list[str]:
        return [item["state"] for item in self.show(inquiry)["items"]]

    def stop(self) -> None:
        """Close what it reads, and wait for its end; nothing if it was stopped before."""
        if self._said.closed:
            return
        with self._said as said:
            with suppress(BrokenPipeError):  # whoever died of a command was missed when it did not answer
                self._words.close()
            # Nothing more comes only once the process has ended.
            assert said.read() == ""


@cache
def nursery() -> socket.socket:
    """Return the door of the process of which those of all sides are copies."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "LANG": "C.UTF-8",
        "PYTHONWARNINGS": "error",
    }
    words = [sys.executable, "-P", str(Path(__file__).with_name("nursery.py")), str(theirs.fileno())]
    process = subprocess.Popen(words, env=environ, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
    theirs.close()
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def born(environ: Mapping[str, str]) -> tuple[IO[str], IO[str]]:
    """Return where to write commands to a new `parley lines` with this environment, and where to read."""
    (read, words), (said, write) = os.pipe(), os.pipe()
    try:
        socket.send_fds(nursery(), [json.dumps(dict(environ)).encode()], [read, write])
    finally:
        os.close(read)
        os.close(write)
    return os.fdopen(words, "w", encoding="utf-8"), os.fdopen(said, encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Both sides, and the wire between them."""

    a: Side
    b: Side

    def make(self) -> None:
        """Make both nodes, each with an officer, and let each have the other's offer."""
        self._copy(made())

    def make_paired(self) -> None:
        """Make both nodes, and their link, which is open."""
        self._copy(paired())

    def _copy(self, template: Path) -> None:
        for side in (self.a, self.b):
            shutil.copytree(template / side.folder.name, side.folder, dirs_exist_ok=True)

    def type_all(self) -> None:
        """Type what `make` copies."""
        for side, port in ((self.a, "18441"), (self.b, "18442")):
            made = side.ask(
                *("init", "--node", side.node, "--world", WORLD),
                *(
                    "--name-en",
                    f"Country {side.letter}",
                    "--name-zh",
                    {"A": "甲国", "B": "乙国"}[side.letter],
                ),
                *("--partner", f"127.0.0.1:{port}", "--url", f"http://127.0.0.1:{port}/parley/v1"),
            )
            assert made.exit == 0, made.json
            added = side.ask("officer", "add", side.officer, "--secret-file", str(side.secret))
            assert added.exit == 0, added.json
            assert side.ask("link", "card", "--out", str(side.folder / "offer")).exit == 0

    def pair(self) -> None:
        """Load both offers, compare the digits, and carry both openings."""
        for side, other in ((self.a, self.b), (self.b, self.a)):
            added = side.ask("link", "add", str(other.folder / "offer"))
            assert added.exit == 0, added.json
            (other.folder / "digits").write_text(" ".join(added.result["digits"]), encoding="ascii")
        for side in (self.a, self.b):
            verified = side.act("link", "verify", LINK, "--digits", str(side.folder / "digits"))
            assert verified.exit == 0, verified.json
        self.carry()

    def carry(self) -> None:
        """Be the core of both for a moment, and carry parcels until neither has anything to say."""
        ledgers = {side: Ledger(side.home) for side in (self.a, self.b)}
        for ledger in ledgers.values():
            ledger.start()
        try:
            while any([_carry(ledgers[self.a], ledgers[self.b]), _carry(ledgers[self.b], ledgers[self.a])]):
                pass
        finally:
            for ledger in ledgers.values():
                ledger.stop()

    def stop(self) -> None:
        for side in (self.a, self.b):
            side.stop()

    def import_sites(self, urls: Sequence[str], *more: str, wants: str = "confirm,mitigate") -> str:
        """Have A send one inquiry about `urls`, carry it, and return its place."""
        sheet = self.a.folder / "sheet.csv"
        rows = "".join(f"{url},First Bank,2026-11-02 09:10 +08:00\n" for url in urls)
        sheet.write_text("url,bank,observed at\n" + rows, encoding="utf-8")
        said = self.a.act("inquiry", "import", str(sheet), *ASKING, "--want", wants, *more)
        assert said.exit == 0, said.json
        self.carry()
        return str(said.result["inquiries"][0]["place"]).replace(" ", "-")


ASKING: Final = (
    *("--item", "fraud_phishing", "--urgency", "U3"),
    *("--purpose", "investigate fraud", "--legal-basis", "guidelines, item 3"),
)


def _carry(one: Ledger, two: Ledger) -> bool:
    """Carry one parcel in each lane that has something to say; return whether any had."""
    parcels = {lane: one.compose(lane) for lane in one.names()}
    for lane, parcel in parcels.items():
        if parcel is not None:
            one.take_answer(lane, two.accept(parcel).parcel)
    return any(parcel is not None for parcel in parcels.values())


def make_sides(folder: Path) -> Sides:
    return Sides(a=Side("A", folder / "a"), b=Side("B", folder / "b"))


@cache
def made() -> Path:
    """Return the folder of two nodes that have each other's offers."""
    folder = _template()
    sides = make_sides(folder)
    sides.type_all()
    sides.stop()
    return folder


@cache
def paired() -> Path:
    """Return the folder of two nodes whose link is open."""
    folder = _template()
    sides = make_sides(folder)
    sides.make()
    sides.pair()
    sides.stop()
    return folder


def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="parley-sides-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
