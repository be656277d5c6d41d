"""parley serve: two children that come back, and nobody who stays behind."""

import http.client
import os
import signal
import stat
import tomllib
from pathlib import Path

import pytest

from parley.node.start import BAD_HOME, TRY_LATER, address_of
from parley.work.home import Home, HomeError
from parley.work.sock import BrokenCoreError, NoCoreError
from tests.node.served import SECONDS, Served, family, is_alive, make_home, served, start, until

pytestmark = pytest.mark.slow


def answers(node: Served) -> bool:
    try:
        return node.ask(ask="ping")["node"] == "a.example"
    except (NoCoreError, BrokenCoreError):
        return False


def shows_pages(home: Home) -> bool:
    host, port = address_of(tomllib.loads(home.settings_file.read_text(encoding="utf-8"))["listen"]["pages"])
    pages = http.client.HTTPConnection(host, port, timeout=60)
    try:
        pages.request("GET", "/healthz")
        return pages.getresponse().status == 200
    except OSError:
        return False
    finally:
        pages.close()


def test_a_node_runs_comes_back_and_ends_without_a_trace(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a")

    with served(home) as node:
        first = node.pids()
        everybody = family(node.process.pid)
        assert set(first) == {"supervisor", "signer", "core", "pages"}
        assert answers(node)
        assert shows_pages(home)

        for name in ("core", "pages"):
            os.kill(first[name], signal.SIGKILL)
        until(lambda: node.pids()["core"] != first["core"] and answers(node))
        until(lambda: node.pids()["pages"] != first["pages"] and shows_pages(home))
        everybody |= family(node.process.pid)

    assert node.process.returncode == 0
    until(lambda: not any(map(is_alive, everybody)))
    assert not home.core_socket.exists()
    assert not (home.root / "serve.pid").exists()


def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    with served(make_home(tmp_path / "a")) as node:
        everybody = family(node.process.pid)
        assert len(everybody) >= 4

        node.process.kill()

        until(lambda: not any(map(is_alive, everybody)))


def test_what_a_node_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a")

    with served(home):
        made = [path for path in home.root.rglob("*") if path.name != "log"]
        open_to_others = {path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077}

    assert {"core.sock", "core.lock", "serve.lock", "serve.pid", "view.db"} <= {path.name for path in made}
    assert open_to_others == set()


def test_a_home_is_served_once(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a")

    with served(home) as node:
        second = start(home)
        assert second.wait(SECONDS) == TRY_LATER
        assert second.communicate()[0] == ""
        assert answers(node)


def test_without_a_node_in_the_home_nothing_is_tried_again(tmp_path: Path) -> None:
    process = start(Home(root=tmp_path))

    assert process.wait(SECONDS) == BAD_HOME
    assert process.communicate()[0] == ""
    assert "no such file" in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_home_that_only_core_finds_wrong_ends_everything(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a")
    text = home.settings_file.read_text(encoding="utf-8")
    home.settings_file.write_text(
        text.replace('partner = "127.0.0.1:', 'partner = "127.0.0.1/'), encoding="utf-8"
    )

    process = start(home)

    assert process.wait(SECONDS) == BAD_HOME
    assert process.communicate()[0] == ""


@pytest.mark.parametrize(
    "text", ["", "8441", ":8441", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "h:-1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(HomeError, match="host:port"):
        address_of(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8441", ("127.0.0.1", 8441)),
        ("[::1]:80", ("::1", 80)),
        ("a.localhost:0", ("a.localhost", 0)),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address
