"""A pager with a file of its own, and people to ring."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import pytest

from parley.gates.pager.deliveries import Deliveries
from parley.gates.pager.pager import Pager
from parley.gates.pager.ring import News, Reason, Ring
from parley.gates.pager.settings import Settings, parse
from parley.watch.policy import Addressee, Channel, Contact

PHONE: Final = "+9995551234"
MAIL: Final = "wang@house.example"


def way(number: int, channel: Channel, address: str, *, person: int = 4) -> Addressee:
    contact = Contact(number=number, channel=channel, address=address)
    return Addressee(contact=contact, person=person, language="en")


BY_SMS: Final = way(1, Channel.SMS, PHONE)
BY_MAIL: Final = way(2, Channel.MAIL, MAIL)


def call(key: str = "H-1/0", *, person: int = 4) -> Ring:
    return Ring(key=key, person=person, reason=Reason.CALL, link="a-b", urgency="U0")


def smpp(name: str, port: int, *, seconds: float = 5, at_once: int = 4) -> str:
    return (
        f'[providers.{name}]\nkind = "smpp"\nhost = "127.0.0.1"\nport = {port}\nuser = "p"\n'
        f'password = "secret"\nsource = "Parley"\nseconds = {seconds}\nat_once = {at_once}\n'
    )


def mail(name: str, port: int, *, seconds: float = 5) -> str:
    return (
        f'[providers.{name}]\nkind = "mail"\nhost = "127.0.0.1"\nport = {port}\n'
        f'sender = "parley@house.example"\nseconds = {seconds}\n'
    )


def board(name: str, port: int, *, seconds: float = 5) -> str:
    return (
        f'[providers.{name}]\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/ring"\nseconds = {seconds}\n'
    )


def channels(**providers: str) -> str:
    """Return the tables of channels, each with its providers: `sms="one two"`."""
    return "".join(
        f"[channels.{channel}]\nproviders = [{', '.join(repr(name) for name in names.split())}]\n"
        for channel, names in providers.items()
    )


class Room:
    """Pagers over one file, one after the other, and what they told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pager.db"
        self.news: SimpleQueue[News] = SimpleQueue()
        self._stack = ExitStack()

    def settings(self, *texts: str) -> Settings:
        return parse("".join(texts), world="live")

    def deliveries(self) -> Deliveries:
        found = Deliveries(self.path)
        self._stack.callback(found.close)
        return found

    def pager(
        self,
        settings: Settings,
        *,
        ways: Callable[[int], Sequence[Addressee]] = lambda _person: (BY_SMS, BY_MAIL),
        told: Callable[[News], None] | None = None,
        takes_up: bool = True,
    ) -> Pager:
        pager = Pager(settings, self.deliveries(), ways=ways, told=told or self.news.put)
        pager.start(takes_up=takes_up)
        pager.go_on(lambda _key: True)
        self._stack.callback(pager.stop)
        return pager

    def rows(self, key: str = "H-1/0") -> list[tuple[str, str, str]]:
        """Return channel, provider and outcome of every try, in the order in which they were written."""
        return [(row.channel, row.provider, row.outcome.value) for row in self.deliveries().of(key)]

    def close(self) -> None:
        self._stack.close()


@pytest.fixture(name="room")
def fixture_room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.close()
