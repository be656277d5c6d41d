"""A disk that is really full, under a served node: intake is refused clearly, reading goes on (F8, D1).

A's home lies on an ext4 file system of 20 MB in a file, mounted by a loop. Needs root.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.browser.nodes import Nodes, two_nodes
from tests.node.served import until
from tests.system.network import quietly, run
from tests.system.nodes import SCALE, Mail
from tests.two_nodes.pair import LINK
from tools.checker import check

pytestmark = [pytest.mark.system, pytest.mark.timeout(400 * SCALE)]

SIZE: Final = 20 * 1024 * 1024
URL: Final = "http://www.bank1-safe.example/login"


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Mount a small file system at `place`, and take it away again."""
    image = place.with_name(f"{place.name}.img")
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(SIZE)
    # No blocks kept back for root, as whom this test runs.
    run("mkfs.ext4", "-q", "-m", "0", str(image))
    run("mount", "-o", "loop", str(image), str(place))
    try:
        yield place
    finally:
        quietly("umount", "--lazy", str(place))


def fill(disk: Path) -> Path:
    """Write one file until nothing more goes on the disk, and return it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 512):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return ballast


@dataclass
class Person:
    """Somebody before A's pages."""

    url: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def get(self, path: str) -> tuple[int, str]:
        return self._open(path, None)

    def press(self, page: str, *, to: str) -> tuple[int, str]:
        """Send what stands in the forms of the page at `page` to the address `to`."""
        _status, text = self.get(page)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        return self._open(to, urlencode(hidden).encode())

    def _open(self, path: str, sent: bytes | None) -> tuple[int, str]:
        try:
            with self.opener.open(self.url + path, data=sent, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


def refused_by(nodes: Nodes) -> object:
    """Return what B's courier of the main lane heard last from A's door."""
    match nodes.b.served.ask(ask="status"):
        case {"couriers": list(couriers)}:
            (error,) = (each["error"] for each in couriers if isinstance(each, dict) and each["link"] == LINK)
            return error
        case other:
            raise AssertionError(other)


def test_on_a_full_disk_intake_is_refused_reading_goes_on_and_room_mends_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "a") as disk, two_nodes(tmp_path) as nodes:
        place = nodes.send(URL)
        form = f"/l/{LINK}/inquiries/{place}/say/ask-status/"
        person = Person(url=nodes.a.url.replace("a.localhost", "127.0.0.1"))
        assert person.press("/sign-in/", to="/sign-in/1/")[0] == 200
        said = nodes.said()

        ballast = fill(disk)
        typed = nodes.a.side.act("inquiry", "ask-status", place)
        status, page = person.press(form, to=form)
        nodes.b.side.act("inquiry", "acknowledge", place)
        until(lambda: refused_by(nodes) == "status-503")
        read = [person.get(path)[0] for path in (f"/l/{LINK}/inquiries/", form.partition("say")[0], "/")]
        ballast.unlink()

        assert (typed.exit, typed.fault["code"]) == (1, "disk_full")
        assert (status, "磁盘已满" in page) == (503, True)
        assert read == [200, 200, 200]
        nodes.say(nodes.a, "ask-status", place)
        assert person.press(form, to=form)[0] == 200
        assert nodes.said() == said + 3

        for node in (nodes.a, nodes.b):
            node.served.process.terminate()
            node.served.process.wait(60)
        # What a machine says of the last word may still have been under way.
        with closing(Mail(nodes.a.home, nodes.b.home, lanes=(LINK, f"{LINK}/hot", f"{LINK}/bulk"))) as mail:
            mail.settle()
        assert check(nodes.a.home, nodes.b.home) == ()
