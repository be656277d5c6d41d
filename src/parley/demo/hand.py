"""The hand of one side: an officer's command line, kept open so that a story does not wait for start-ups.

It is `parley lines` (`lines.py`) in a process of its own, with that side's home: what a person could type,
and nothing else. A hand that dies is replaced and the line is typed again; each line that
says something carries a key, so that twice is once.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from parley.demo.process import environment

Result: TypeAlias = Mapping[str, Any]

# Nothing was decided by these: core was away for a moment, or the disk was.
TRY_AGAIN: Final = frozenset({"broken_core", "nobody_writes", "core", "storage", "unsigned"})
TRIES: Final = 240
PAUSE_SECONDS: Final = 0.5
# Of what a hand printed before it died, the end says why.
LAST_WORDS: Final = 400


class CommandError(Exception):
    """A command of the story was refused; the story stops, and all that was said stays said."""

    def __init__(self, words: tuple[str, ...], answer: Result) -> None:
        fault = answer.get("fault") or {}
        super().__init__(f"parley {' '.join(words)}: {fault.get('code', answer)}: {fault.get('what', '')}")
        self.exit = answer.get("exit")
        self.fault: Result = fault


@dataclass(kw_only=True)
class Hand:
    """Types commands for the home `home`, with what it prints on the side going to `log`.

    A command that nobody answers is typed `tries` times.
    """

    home: Path
    log: Path
    pause: Callable[[float], None]
    tries: int = TRIES

    def __post_init__(self) -> None:
        """Nothing is started before the first command."""
        self._process: subprocess.Popen[str] | None = None
        self._one = threading.Lock()

    def do(self, *words: str) -> Result:
        """Type one command and return its result.

        Raises:
            CommandError: it was refused, or nobody answered for two minutes, in which even a busy computer
                starts again what was killed.
        """
        for _ in range(self.tries):
            if (found := self.try_once(*words)) is not None:
                return found
            self.pause(PAUSE_SECONDS)
        raise CommandError(words, {"fault": {"code": "no_answer", "what": self._last_words()}})

    def try_once(self, *words: str) -> Result | None:
        """Type one command and return its result; None if nobody answered, and it may or may not be done.

        Raises:
            CommandError: it was refused.
        """
        answer = self._type(words)
        if answer is not None and answer.get("exit") == 0:
            return dict(answer["result"])
        if answer is not None and answer.get("fault", {}).get("code") not in TRY_AGAIN:
            raise CommandError(words, answer)
        return None

    def _last_words(self) -> str:
        log = self.log.read_bytes() if self.log.exists() else b""
        return log[-LAST_WORDS:].decode("utf-8", "replace").strip()

    def _type(self, words: tuple[str, ...]) -> Result | None:
        with self._one:
            try:
                process = self._running()
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps([*words, "--json"]) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except (BrokenPipeError, ValueError):
                line = ""
            if not line:
                self.stop()
                return None
        said = json.loads(line)
        try:
            return dict(json.loads(said["stdout"]))
        except (ValueError, TypeError):
            return {"exit": said["exit"], "fault": {"code": "no_json", "what": said["stderr"][-400:]}}

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is not None and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "parley.demo.lines", "lines"],
                    env=environment(self.home),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    encoding="utf-8",
                )
        return self._process

    def stop(self) -> None:
        """Let go of the process."""
        if self._process is not None:
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    # What was typed and not read is lost with the process; it is typed again.
                    with suppress(BrokenPipeError):
                        pipe.close()
            self._process.wait()
            self._process = None
