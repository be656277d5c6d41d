"""The demonstration with its pages, as a person starts it, and what the start page answers."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from parley.work import clock
from tests.keyboard import hear_signals

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 300.0


@contextmanager
def started(folder: Path | None, *words: str, temp: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Start `parley demo` with its pages; what it says, and what it makes for a while, goes to `temp`."""
    place = () if folder is None else ("--dir", str(folder))
    hear_signals()
    with (temp / "told").open("ab") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "parley.cli",
                "demo",
                "--no-browser",
                "--lang",
                "en",
                *place,
                *words,
            ],
            cwd=temp,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(temp)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(SECONDS)


def until(is_so: Callable[[], bool], *, seconds: float = SECONDS) -> None:
    """Wait until `is_so`.

    Raises:
        AssertionError: it never was.
    """
    end = clock.monotonic() + seconds
    while not is_so():
        assert clock.monotonic() < end, "it never came true"
        # What is asked reads both records: asked ten times a second it would be most of what the play does.
        clock.sleep(0.5)


class Shown:
    """The start page of the demonstration in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        until(lambda: "page" in self.noted())
        page = self.noted()["page"]
        self.port, self.token = int(page["port"]), str(page["token"])
        self.host = f"localhost:{self.port}"

    def noted(self) -> dict[str, Any]:
        """Return what `place.json` says."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "place.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> tuple[int, Mapping[str, str], str]:
        """Return status, headers and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers={"Host": self.host, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def post(self, path: str, *, origin: str = "", token: str | None = None, **fields: str) -> int:
        """Send a form as the page would, or with another origin or token, and return the status."""
        form = {"token": self.token if token is None else token, **fields}
        headers = {
            "Origin": origin or f"http://{self.host}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.ask("POST", path, headers=headers, body=urlencode(form))[0]

    def now(self) -> dict[str, Any]:
        """Return what the page's script gets; nothing while nobody answers."""
        try:
            found: dict[str, Any] = json.loads(self.ask("GET", "/en/now")[2])
        except OSError:
            return {}
        return found

    def stands(self) -> dict[str, str]:
        """Return how far each step is."""
        return {step["name"]: step["stand"] for step in self.now()["steps"]}

    def note(self, name: str) -> str:
        """Return what the records show of a step."""
        return next(str(step["note"]) for step in self.now()["steps"] if step["name"] == name)

    def ready(self) -> None:
        """Wait until both nodes are up and paired."""
        until(lambda: bool(self.now().get("is_ready")) and all_up(self.now()))

    def watch(self, upto: str) -> None:
        """Watch up to a step, as fast as it goes, and wait for its end."""
        assert self.post("/en/watch", upto=upto, speed="fast") == 303
        until(lambda: self.stands()[upto] == "done")
        until(lambda: not self.now()["is_playing"])


def all_up(now: Mapping[str, Any]) -> bool:
    return all(lamp["state"] == "up" for lamp in now["lamps"].values())


def end(process: "subprocess.Popen[bytes]", *, number: int = signal.SIGINT) -> int:
    """Press Ctrl-C, and return the exit code."""
    process.send_signal(number)
    return process.wait(SECONDS)


def family(pid: int) -> list[int]:
    """Return all descendants of `pid`."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdecimal():
            parents[int(entry.name)] = int(words[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def is_alive(pid: int) -> bool:
    """Return whether the process runs; a dead one that nobody asked about yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
