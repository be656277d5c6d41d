"""`parley lines`: many commands with one start-up, for scripts.

Each line of stdin is one command, as a JSON array of its words; for each, one line goes to
stdout: {"exit":0,"stdout":"…","stderr":"…"}. A command that fails does not end the others.
"""

import io
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import Final

from parley.cli.exits import Exit

MAX_LINE: Final = 1024 * 1024


def run_lines(run: Callable[[Sequence[str]], int]) -> None:
    """Run every command of stdin through `run`, until stdin ends."""
    for line in iter(lambda: sys.stdin.readline(MAX_LINE), ""):
        words = _words(line)
        out, err = io.StringIO(), io.StringIO()
        code = int(Exit.NEEDS_A_PERSON)
        if words is None:
            err.write("expected a JSON array of words")
        else:
            with redirect_stdout(out), redirect_stderr(err):
                code = run(words)
        said = {"exit": code, "stdout": out.getvalue(), "stderr": err.getvalue()}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _words(line: str) -> list[str] | None:
    try:
        words = json.loads(line)
    except ValueError:
        return None
    is_command = isinstance(words, list) and all(isinstance(word, str) for word in words)
    return words if is_command else None
