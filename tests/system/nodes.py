"""Two served nodes that are linked and open, started with whatever a test puts around their processes."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from parley.ledger.digest import Digest, digest
from parley.ledger.drafts import Draft
from parley.ledger.home import Config, create_home
from parley.ledger.ledger import Ledger
from parley.ledger.reading import LinkStatus, Reader
from parley.node.supervisor import PID_FILE
from parley.protocol.names import MAIN
from parley.protocol.strictjson import JsonObject
from parley.protocol.suite import Standard
from parley.work.home import Home
from tests.node.served import HOST, SECONDS, Served, free_port
from tests.two_nodes.pair import INQUIRY, LINK, A, B, offer_of

SCALE: Final = int(os.environ.get("SCALE", "1"))
"""How many times as long a run is wanted as the one before each change."""


def tell(text: str) -> None:
    """Print a figure of the run; `./run test --system` shows them."""
    print(text)  # noqa: T201 - what a run found is no less than that it passed


def chance() -> random.Random:
    """Return dice, and tell from which seed; `SEED` in the environment throws the same again."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    tell(f"SEED={seed}")
    return random.Random(seed)  # noqa: S311 - a run must be repeatable


def make_home(
    folder: Path, node: str, *, address: str = HOST, world: str = "demo", dialled: bool = True
) -> Home:
    """Make the home of `node`, whose partner's door is at `address`; pages stay on this computer."""
    home, partner = Home(root=folder), f"{address}:{free_port()}"
    config = Config(
        node=node,
        world=world,
        name_en=f"Country {node[0].upper()}",
        name_zh=f"{node[0].upper()} 国",
        pages=f"{HOST}:{free_port()}",
        partner=partner,
        url=f"http://{partner}/parley/v1" if dialled else None,
    )
    create_home(home, config, suite=Standard())
    return home


def link(one: Home, other: Home, *, world: str = "demo") -> None:
    """Pair the two while nothing runs, and let both say that the link is open."""
    with closing(Mail(one, other)) as mail:
        for home in (one, other):
            mine, theirs = offer_of(home), offer_of(other if home is one else one)
            mail.ledgers[home].add_link(mine, theirs, world=world, lanes=(MAIN,))
            mail.ledgers[home].verify_link(LINK)
            mail.ledgers[home].sign_opening(LINK, mine, theirs, draft="open")
        mail.settle()


class Mail:
    """Both ledgers in this process, and a hand that carries their parcels; nothing else may run meanwhile."""

    def __init__(self, one: Home, other: Home, *, lanes: Sequence[str] = (LINK,)) -> None:
        self.homes = (one, other)
        self.lanes = lanes
        self.ledgers = {home: Ledger(home) for home in self.homes}
        for ledger in self.ledgers.values():
            ledger.start()

    def carry(self, one: Home, other: Home) -> bool:
        return any(self._carry(lane, one, other) for lane in self.lanes)

    def _carry(self, lane: str, one: Home, other: Home) -> bool:
        parcel = self.ledgers[one].compose(lane)
        if parcel is not None:
            self.ledgers[one].take_answer(lane, self.ledgers[other].accept(parcel).parcel)
        return parcel is not None

    def settle(self) -> None:
        one, other = self.homes
        for _ in range(100):
            if not any([self.carry(one, other), self.carry(other, one)]):
                return
        raise AssertionError("they never come to an end")

    def close(self) -> None:
        for ledger in self.ledgers.values():
            ledger.stop()


def inquiry(name: str, *, text: str = "x") -> Draft:
    """Return a draft that says its own name, so that a doubled one is seen."""
    body: JsonObject = {"title": {"lang": "en", "text": text}}
    return Draft(id=name, link=LINK, kind="inquiry.sent", d=INQUIRY, body=body, ref=name)


@dataclass
class Node:
    """A node that a test starts and ends: `prefix` stands before the command, `more` in its environment."""

    home: Home
    prefix: Sequence[str] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None

    def start(self, module: str = "parley.node.supervisor") -> None:
        environ = os.environ | {
            "PARLEY_HOME": str(self.home.root),
            "PARLEY_RESTART_SECONDS": "0.2",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, sys.executable, "-P", "-m", module],
                env=environ | dict(self.more),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait(self) -> None:
        """Wait until both children answer."""
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n", self.log.read_text(encoding="utf-8")

    @property
    def log(self) -> Path:
        # Beside the home: on a full disk it goes on.
        return self.home.root.with_name(f"{self.home.root.name}.log")

    @property
    def served(self) -> Served:
        assert self.process is not None
        return Served(home=self.home, process=self.process)

    @property
    def pids(self) -> dict[str, int]:
        return self.served.pids() if (self.home.root / PID_FILE).exists() else {}

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(number)
            self.process.communicate(timeout=SECONDS)

    def status(self) -> LinkStatus:
        with closing(Reader(self.home)) as reader:
            found = reader.status(LINK)
        assert found is not None
        return found

    def digest(self) -> Digest:
        with closing(Reader(self.home)) as reader:
            return digest(reader, LINK)

    def alarms(self) -> set[str]:
        return {alarm.code for alarm in self.status().alarms}


@dataclass(frozen=True)
class Two:
    """Both nodes."""

    a: Node
    b: Node

    @property
    def both(self) -> tuple[Node, Node]:
        return self.a, self.b

    def are_even(self) -> bool:
        """Return whether each has the other's receipt for all that it said, and both hold the same."""
        one, two = self.a.status(), self.b.status()
        sizes = (one.my_size, two.my_size) == (two.their_size, one.their_size)
        return sizes and one.waiting == two.waiting == 0 and self.a.digest() == self.b.digest()


@contextmanager
def running(*nodes: Node) -> Iterator[Two]:
    """Serve both until the block ends."""
    with ExitStack() as stack:
        for node in nodes:
            node.start()
            stack.callback(node.stop)
        for node in nodes:
            node.wait()
        yield Two(*nodes)


def linked(folder: Path) -> tuple[Node, Node]:
    """Return two nodes on this computer, paired and open, that do not run yet."""
    homes = make_home(folder / "a", A), make_home(folder / "b", B)
    link(*homes)
    return Node(homes[0]), Node(homes[1])
