"""People who say one thing after another, whatever befalls the node, and write down what was acknowledged."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from parley.ledger.append import ask
from parley.ledger.asking import read_results, write_draft
from parley.ledger.drafts import Appended
from parley.ledger.writer import StorageError
from parley.work.home import Home, node_name
from parley.work.sock import BrokenCoreError, CoreError
from tests.system.nodes import inquiry
from tools.checker import Said

REFUSALS: Final = (BrokenCoreError, CoreError, StorageError)


class Load:
    """Threads that append in the name of one node; each brings a draft until it is acknowledged.

    `mark` is asked right after each acknowledgement: what it gives is kept beside it. `pace` is the seconds
    from one draft to the next.
    """

    def __init__(
        self,
        home: Home,
        name: str,
        *,
        kept: Path,
        threads: int = 2,
        text: str = "x",
        pace: float = 0.01,
        mark: Callable[[], int] = lambda: 0,
    ) -> None:
        self._home, self._name, self._mark, self._text, self._pace = home, name, mark, text, pace
        self._node = node_name(home)
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._kept = kept
        self.said: list[Said] = []
        self.marks: list[int] = []
        self.refused: list[str] = []
        self._threads = [threading.Thread(target=self._speak, args=(n,)) for n in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def say(self, name: str) -> bool:
        """Bring the draft `name` once, and return whether it was acknowledged."""
        try:
            answer = ask(
                self._home, {"ask": "append", "drafts": [write_draft(inquiry(name, text=self._text))]}
            )
        except REFUSALS as error:
            self.refused.append(f"{type(error).__name__}: {error}")
            return False
        if answer is None:
            # Never the core for a moment: what is watched and killed is the node's own process.
            self.refused.append("no core runs")
            return False
        (done,) = read_results(answer)
        assert isinstance(done, Appended), done
        self._keep(Said(node=self._node, draft=name, index=done.index, statement=done.statement.hex()))
        return True

    def _keep(self, said: Said) -> None:
        with self._lock:
            self.said.append(said)
            self.marks.append(self._mark())
            with self._kept.open("ab") as file:
                file.write(msgspec.json.encode(said) + b"\n")

    def _speak(self, thread: int) -> None:
        number = 0
        while not self._ended.is_set():
            name = f"{self._name}.{thread}.{number}"
            # The last one that was brought and not acknowledged may stand in the record or not; never twice.
            while not self.say(name) and not self._ended.is_set():
                self._ended.wait(0.05)
            number += 1
            self._ended.wait(self._pace)
