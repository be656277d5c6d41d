"""What a process did to its files, and the disk as a power cut could leave it at any moment of that.

A shim in C, preloaded, writes down every write, sync, truncation, renaming and removal of the watched
files in one order (tests/system/shim/powercut.c). `Disk` plays that log: what was synced is on it for
certain, of the rest a cut leaves nothing, a first part, or any part, each write torn between two sectors.
A sync that failed has thrown away what it should have written, as Linux does: the cache calls such pages
clean, and no later sync writes them. What a process does with its files through a mapping is not seen;
SQLite keeps nothing there that it does not make again.
"""

import os
import random
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

SHIMS: Final = Path(__file__).parent.parent / "tests" / "system" / "shim"
WATCHED: Final = ("/record.db", "/anchor", "/vault")
SECTOR: Final = 512

_RECORD = struct.Struct("<cBHIQ")


class Way(Enum):
    """What a cut leaves of that which was written and not synced."""

    NONE = "none"
    PREFIX = "prefix"
    SUBSET = "subset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call, by the letters of the shim. `end` is where its record ends in the log, in bytes."""

    op: str
    path: str
    offset: int
    data: bytes
    end: int


def build(folder: Path, name: str = "powercut") -> Path:
    """Compile the shim `name` into `folder` and return the library."""
    library, source = folder / f"{name}.so", SHIMS / f"{name}.c"
    flags = ("-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC")
    subprocess.run(["gcc", *flags, "-o", library, source, "-ldl"], check=True)  # noqa: S607 - whichever is there
    return library


def environment(library: Path, root: Path, *, log: Path, **faults: str) -> Mapping[str, str]:
    """Return the variables under which a process is watched; `faults` are the shim's, in small letters."""
    named = {f"POWERCUT_{name.upper()}": text for name, text in faults.items()}
    watched = {"POWERCUT_ROOT": str(root), "POWERCUT_ONLY": ":".join(WATCHED), "POWERCUT_LOG": str(log)}
    return {"LD_PRELOAD": str(library), **watched, **named}


def read_log(path: Path) -> Iterator[Step]:
    """Yield the calls in their order; a record that was cut off when the process was killed is left out."""
    raw, at = path.read_bytes(), 0
    while at + _RECORD.size <= len(raw):
        op, _, length, size, offset = _RECORD.unpack_from(raw, at)
        begin = at + _RECORD.size
        at = begin + length + size
        if at <= len(raw):
            name = raw[begin : begin + length].decode()
            yield Step(op=op.decode(), path=name, offset=offset, data=raw[begin + length : at], end=at)


def position(log: Path) -> int:
    """Return how far the log reaches at this moment: all that was done before stands before it."""
    return log.stat().st_size if log.exists() else 0


@dataclass
class Disk:
    """The files under `root`: what is durable of each, and the steps that are not."""

    root: Path
    files: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Step]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> "Disk":
        """Return a disk on which every file under `root` is durable as it is now."""
        files = {str(path): bytearray(path.read_bytes()) for path in root.rglob("*") if path.is_file()}
        return cls(root=root, files=files)

    def play(self, step: Step) -> None:
        """Do `step`."""
        match step.op:
            case "s":
                self._settle(step.path)
            case "d":
                for path in [path for path in self.waiting if os.path.dirname(path) == step.path]:  # noqa: PTH120 - text
                    self._settle_names(path)
            case "f":
                kept = [each for each in self.waiting.get(step.path, ()) if each.op != "w"]
                self.waiting[step.path] = kept
            case "r":
                self._rename(step)
            case _:
                self.waiting.setdefault(step.path, []).append(step)

    def image(self, way: Way, dice: random.Random) -> dict[str, bytes]:
        """Return the files, by path, as a cut now would leave them."""
        left: dict[str, bytearray] = {path: bytearray(content) for path, content in self.files.items()}
        for path, steps in self.waiting.items():
            for step in _spared(steps, way, dice):
                _apply(left, path, step)
        return {path: bytes(content) for path, content in left.items()}

    def write(self, way: Way, dice: random.Random, *, folder: Path) -> None:
        """Write such an image into `folder`, which takes the place of `root`."""
        for path, content in self.image(way, dice).items():
            target = folder / Path(path).relative_to(self.root)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(0o600)

    def _settle(self, path: str) -> None:
        for step in self.waiting.pop(path, ()):
            _apply(self.files, path, step)

    def _settle_names(self, path: str) -> None:
        # The folder is durable: what was removed or renamed stays so, what was written waits on.
        waiting = self.waiting[path]
        last = max((at for at, step in enumerate(waiting) if step.op in "ur"), default=-1)
        for step in waiting[: last + 1]:
            _apply(self.files, path, step)
        self.waiting[path] = waiting[last + 1 :]

    def _rename(self, step: Step) -> None:
        # Of what was not synced under the old name nothing need be there under the new one.
        target, content = step.data.decode(), bytes(self.files.get(step.path, b""))
        moved = Step(op="r", path=target, offset=0, data=content, end=step.end)
        self.waiting.pop(step.path, None)
        self.waiting.setdefault(target, []).append(moved)
        self.waiting.setdefault(step.path, []).append(
            Step(op="u", path=step.path, offset=0, data=b"", end=step.end)
        )


def _spared(steps: list[Step], way: Way, dice: random.Random) -> Iterator[Step]:
    match way:
        case Way.NONE:
            return
        case Way.PREFIX:
            yield from steps[: dice.randint(0, len(steps))]
        case Way.SUBSET:
            for step in steps:
                if dice.random() < 0.5:
                    yield from _torn(step, dice)


def _torn(step: Step, dice: random.Random) -> Iterator[Step]:
    if step.op != "w" or dice.random() < 0.5:
        yield step
        return
    for at in range(0, len(step.data), SECTOR):
        if dice.random() < 0.5:
            some = step.data[at : at + SECTOR]
            yield Step(op="w", path=step.path, offset=step.offset + at, data=some, end=step.end)


def _apply(files: dict[str, bytearray], path: str, step: Step) -> None:
    match step.op:
        case "u":
            files.pop(path, None)
        case "r":
            files[path] = bytearray(step.data)
        case "t":
            content = files.setdefault(path, bytearray())
            content.extend(bytes(max(0, step.offset - len(content))))
            del content[step.offset :]
        case "w":
            content = files.setdefault(path, bytearray())
            content.extend(bytes(max(0, step.offset - len(content))))
            content[step.offset : step.offset + len(step.data)] = step.data
        case other:
            raise ValueError(other)
