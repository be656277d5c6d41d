"""Where a story stands, on disk: what was done, and what came of it. Killed, it goes on from there."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Outcome: TypeAlias = Mapping[str, Any]


class Place:
    """The steps that are done, in `file`."""

    def __init__(self, file: Path) -> None:
        """Read what an earlier run has done."""
        self._file = file
        self._done: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def __contains__(self, step: str) -> bool:
        """Return whether the step is done."""
        return step in self._done

    def __getitem__(self, step: str) -> Any:  # noqa: ANN401 - what a step noted, it reads again itself
        """Return what came of a step that is done."""
        return self._done[step]

    def get(self, step: str) -> Outcome:
        """Return what came of a step; nothing if it is not done."""
        found: Outcome = self._done.get(step, {})
        return found

    def once(self, step: str, run: Callable[[], Outcome]) -> Outcome:
        """Return what came of `step`, doing it if it was not done yet.

        A step may be begun twice, if the story is killed before it was noted; so whatever it
        says carries a key of its own.
        """
        if step not in self._done:
            self.put(step, run())
        found: Outcome = self._done[step]
        return found

    def put(self, step: str, outcome: Outcome) -> None:
        """Note `outcome` of `step`, in the place of what was noted before."""
        self._done[step] = outcome
        self._write()

    def _write(self) -> None:
        fresh = self._file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(self._done, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
