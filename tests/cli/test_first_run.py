"""The first run without the demonstration, as the handbook tells it: every command a start of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from parley.demo.country import free_ports
from parley.work import clock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
SECRET = "correct horse battery staple\n"
SHEET = "网址,被仿冒银行,发现时间\nhxxp://one[.]example/login,第一银行,2026-11-02 09:10 +08:00\n"


class Desk:
    """One side: a folder, and a person who types."""

    def __init__(self, folder: Path, letter: str) -> None:
        self.letter = letter
        self.home = folder / f"home-{letter}"
        self.folder = folder
        self.name = f"desk-{letter}"
        self.serving: subprocess.Popen[bytes] | None = None

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PARLEY_HOME": str(self.home)}

    def type(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "parley.cli", *words, "--json"],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout.decode(), done.stderr.decode())
        answer: dict[str, Any] = json.loads(done.stdout)["result"]
        return answer

    def act(self, *words: str) -> dict[str, Any]:
        return self.type(*words, "--as", self.name, "--secret-file", str(self.folder / "secret"))

    def serve(self) -> None:
        with (self.folder / f"{self.name}.log").open("wb") as log:
            self.serving = subprocess.Popen(
                [sys.executable, "-P", "-m", "parley.cli", "serve"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self.serving is not None:
            self.serving.send_signal(signal.SIGTERM)
            assert self.serving.wait(60) == 0


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    (tmp_path / "secret").write_text(SECRET, encoding="ascii")
    a, b = Desk(tmp_path, "a"), Desk(tmp_path, "b")
    yield a, b
    for desk in (a, b):
        desk.stop()


def init(desk: Desk) -> None:
    pages, partner = free_ports(2)
    desk.type(
        "init",
        *("--node", f"{desk.letter}.example", "--name-en", f"Country {desk.letter.upper()}"),
        *("--name-zh", f"{desk.letter} 国", "--world", "demo"),
        *("--pages", f"127.0.0.1:{pages}", "--partner", f"127.0.0.1:{partner}"),
        *("--url", f"http://127.0.0.1:{partner}/parley/v1"),
    )
    desk.type("officer", "add", desk.name, "--role", "officer", "--secret-file", str(desk.folder / "secret"))
    desk.type("link", "card", "--out", str(desk.folder / f"{desk.letter}.offer"))


def test_from_the_first_key_to_the_first_answer(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    a, b = desks
    for desk in desks:
        init(desk)
        desk.serve()

    for desk, other in ((a, b), (b, a)):
        added = desk.type("link", "add", str(tmp_path / f"{other.letter}.offer"))
        (tmp_path / "digits").write_text(" ".join(added["digits"]), encoding="ascii")
        desk.act("link", "verify", "a-b", "--digits", str(tmp_path / "digits"))
    until(lambda: all(desk.type("link", "status")["links"][0]["is_active"] for desk in desks))
    (tmp_path / "sites.csv").write_text(SHEET, encoding="gb18030")
    sent = a.act(
        *("inquiry", "import", str(tmp_path / "sites.csv"), "--link", "a-b", "--item", "fraud_phishing"),
        *("--urgency", "U1", "--urgency-reason", "live", "--purpose", "fraud", "--legal-basis", "guidelines"),
        *("--want", "mitigate", "--wait", "20"),
    )
    until(lambda: len(b.type("inquiry", "list")["inquiries"]) == 1)
    (arrived,) = b.type("inquiry", "list")["inquiries"]
    b.act("inquiry", "acknowledge", arrived["statement"])
    b.act("inquiry", "answer", arrived["statement"], "--finding=0=mitigated:content_removed", "--wait", "20")

    assert sent
    shown = a.type("inquiry", "show", arrived["statement"])
    assert [item["state"] for item in shown["items"]] == ["answered"]
    digests = [desk.type("record", "show", "--link", "a-b")["links"][0]["digest"] for desk in desks]
    assert digests[0] == digests[1]


def until(is_so: Callable[[], bool]) -> None:
    deadline = clock.monotonic() + 60
    while not is_so():
        assert clock.monotonic() < deadline, "it did not come about"
        clock.sleep(0.1)
