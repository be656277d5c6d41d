"""One side of the demonstration: its home, its officers, its hand on the command line, its node."""

import secrets
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from parley.demo.hand import Hand, Result
from parley.demo.keeper import Keeper
from parley.demo.people import PEOPLE, Person
from parley.demo.telling import Said
from parley.work.home import Home

WORLD: Final = "demo"
LINK: Final = "a-b"
LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Country A or B. `people` may sign in to its pages; the first of them acts in the story.

    `offset` is how many minutes its wall clocks are ahead of UTC.
    """

    letter: str
    node: str
    name_en: str
    name_zh: str
    people: tuple[Person, ...]
    offset: int
    folder: Path
    hand: Hand
    keeper: Keeper

    @property
    def home(self) -> Home:
        """Return the home of its node."""
        return Home(root=self.folder / "home")

    @property
    def name(self) -> Said:
        """Return what people call it, in the language in which it is read."""
        return _("Country A") if self.letter == "A" else _("Country B")

    @property
    def officer(self) -> str:
        """Return the name of the person at its desk."""
        return self.people[0].name

    @property
    def host(self) -> str:
        """Return the name under which a browser on this computer finds its pages: cookies go by names."""
        return f"{self.letter.lower()}.localhost"

    @property
    def offer(self) -> Path:
        """Return the file that it hands to the other side."""
        return self.folder / f"{self.node}.offer"

    @property
    def secret(self) -> Path:
        """Return the file with the secret of its people."""
        return self.folder / "secret"

    def do(self, *words: str) -> Result:
        """Type a command that only looks, or sets up."""
        return self.hand.do(*words)

    def act(self, key: str, *words: str) -> Result:
        """Type a command by which the officer says something; the same `key` twice says it once.

        What Parley itself adds, such as a title made from rows, is in the officer's own language.
        """
        who = ("--as", self.officer, "--secret-file", str(self.secret), "--key", f"{key}-{self.letter}")
        return self.hand.do(*words, *who, "--lang", self.people[0].language)

    def prepare(self) -> None:
        """Write the secret of its people, once."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.secret.exists():
            self.secret.touch(mode=0o600)
            self.secret.write_text(secrets.token_urlsafe(24) + "\n", encoding="ascii")


def country(letter: str, folder: Path, *, pause: Callable[[float], None]) -> Country:
    """Return the side `letter`, A or B, that lives in `folder`."""
    own = folder / letter.lower()
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Country(
        letter=letter,
        node=f"{letter.lower()}.example",
        name_en=f"Country {letter}",
        name_zh={"A": "甲国", "B": "乙国"}[letter],
        people=PEOPLE[letter],
        offset={"A": 8 * 60, "B": -5 * 60}[letter],
        folder=own,
        hand=Hand(home=own / "home", log=own / "hand.log", pause=pause),
        keeper=Keeper(own / "home", own / "node.log"),
    )


def put_away(sides: Iterable[Country]) -> None:
    """Let go of every hand, and end the nodes, all at the same time."""
    ending = []
    for side in sides:
        side.hand.stop()
        ending.append(threading.Thread(target=side.keeper.stop))
        ending[-1].start()
    for each in ending:
        each.join()


def is_free(port: int) -> bool:
    """Return whether nobody listens on this port of the loopback address now."""
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError:
        return False
    return True


def free_ports(count: int) -> tuple[int, ...]:
    """Return so many ports of the loopback address on which nobody listens now."""
    held = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports = tuple(each.getsockname()[1] for each in held)
    for each in held:
        each.close()
    return ports
