"""The pages of one node of a pair, as its people see them; and a core that says what a test wants."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from parley.agencies.actions import add_officer
from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.node.projector import projections
from parley.protocol.strictjson import JsonSource
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import LENGTH, read_body, read_length, write_frame
from tests.two_nodes.pair import LINK, A, Pair

SECRET: Final = "correct-horse-battery"


class Office:
    """People of ours before the pages of one node. The clocks of both nodes are those of this machine."""

    def __init__(self, pair: Pair, settings: Settings, node: str = A) -> None:
        self.pair = pair
        self.node = node
        self.home: Home = pair.homes[node]
        settings.HOME = self.home
        # Who may sign in is tested elsewhere; here a secret must only be cheap.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        self.set_clocks(clock.now())

    def set_clocks(self, now: int) -> None:
        for each in self.pair.clocks.values():
            each.time = now

    def person(self, name: str = "Chen", *, role: Role = Role.OFFICER, language: str = "en") -> Client:
        """Return the browser of somebody who has just signed in."""
        row = add_officer(name, role=role, language=language, secret=SECRET, now=1)
        return signed_in(row)

    def project(self) -> None:
        """Tell all rows of the node as the projector does."""
        with self.pair.reader(self.node) as reader:
            (link,) = reader.links()
            (module,) = projections(("parley.inquiries.projection",))
            threads = [thread for lane in reader.lane_names(link.name) for thread in reader.threads(lane)]
            for thread in threads:
                module.project(reader, link, thread, reader.thread(link.name, thread))


def signed_in(officer: OfficerRow) -> Client:
    """Sign the officer in with one click, as in world `demo`."""
    client = Client(headers={"host": "localhost"})
    answer = client.post(f"/sign-in/{officer.number}/")
    assert answer.status_code == 302
    return client


def words(answer: HttpResponse | Any) -> str:  # noqa: ANN401 - the test client's answers have no type
    """Return what stands in the page's main part, in one line."""
    found = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    assert found is not None, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


@contextmanager
def core_that_says(home: Home, status: Mapping[str, JsonSource]) -> Iterator[None]:
    """Listen at the home's socket and give the same answer to every request."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(home.core_socket))
        listening.listen()
        threading.Thread(target=_serve, args=(listening, dict(status)), daemon=True).start()
        try:
            yield
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            home.core_socket.unlink()


def _serve(listening: socket.socket, status: dict[str, JsonSource]) -> None:
    while True:
        try:
            line, _address = listening.accept()
        except OSError:
            return
        with line:
            read_body(line.recv(read_length(line.recv(LENGTH.size))))
            line.sendall(write_frame({"answer": status}))


def courier(**said: JsonSource) -> dict[str, JsonSource]:
    """Return what core says of the courier to the partner."""
    standing: dict[str, JsonSource] = {
        "link": LINK,
        "attempted_at": None,
        "succeeded_at": None,
        "polled_at": None,
        "error": None,
        "failures": 0,
        "waiting_since": None,
    }
    return {"couriers": [standing | said], "refused": {}}
