"""Which `seen` lines are true: each log that is cited is gone along once, as the lines that cite it come.

    A 17  seen b.example/… 12 <root>   ──▶  the frontier of that log goes on to 12, and has this root or not
    A 18  seen b.example/… 15 <root>   ──▶  …

An honest line cites more and more, so nothing is kept of what was passed. Only what goes back is kept, and
looked up at the end. Source: Spec §11.5.15, §11.6.2.
"""

from collections.abc import Iterator

from msgspec import Struct

from parley.protocol import tree
from parley.protocol.verify.listed import Listing
from parley.protocol.verify.members import Place, read_places
from parley.protocol.verify.zipped import Archive


class Cited(Struct, frozen=True, kw_only=True):
    """A `seen` line: the entry `index` of the line of `node` cites `size` entries of the log `origin`."""

    node: str
    index: int
    origin: str
    size: int
    root: bytes


class Seen(Struct, frozen=True, kw_only=True):
    """How many `seen` lines are true and how many were not checked, and those that are false."""

    true: int
    false: tuple[Cited, ...]
    not_checked: int


class Citing:
    """Judges `seen` lines as they come. What it reads of other logs may be broken: then ShortError."""

    def __init__(self, archive: Archive, listing: Listing) -> None:
        """Judge by the logs of an export."""
        self._archive = archive
        self._logs = {log.origin: log for log in listing.logs}
        self._walks: dict[tuple[str, str], _Walk] = {}
        self._true = self._not_checked = self._count = 0
        self._false: list[tuple[int, Cited]] = []
        self._late: dict[str, list[tuple[int, Cited]]] = {}

    def take(self, cited: Cited) -> None:
        """Judge one line, or keep it until the end if it cites less than one before it."""
        self._count += 1
        log = self._logs.get(cited.origin)
        if log is None or cited.size > log.size:
            self._not_checked += 1
            return
        key = (cited.node, cited.origin)
        if key not in self._walks:
            self._walks[key] = _Walk(read_places(self._archive, log))
        walk = self._walks[key]
        if cited.size < walk.size:
            self._late.setdefault(cited.origin, []).append((self._count, cited))
        else:
            self._judge(self._count, cited, walk)

    def seen(self) -> Seen:
        """Return what came out, once all lines were taken."""
        for origin, late in self._late.items():
            walk = _Walk(read_places(self._archive, self._logs[origin]))
            for number, cited in sorted(late, key=lambda each: each[1].size):
                self._judge(number, cited, walk)
        false = tuple(cited for _, cited in sorted(self._false, key=lambda each: each[0]))
        return Seen(true=self._true, false=false, not_checked=self._not_checked)

    def _judge(self, number: int, cited: Cited, walk: "_Walk") -> None:
        if walk.root(cited.size) == cited.root:
            self._true += 1
        else:
            self._false.append((number, cited))


class _Walk:
    """One log, gone along from the front."""

    def __init__(self, places: Iterator[Place]) -> None:
        self._places = places
        self._frontier = tree.EMPTY

    @property
    def size(self) -> int:
        return self._frontier.size

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries; no fewer than before."""
        if size > self.size:
            self._frontier = self._frontier.extend(next(self._places).leaf for _ in range(size - self.size))
        return self._frontier.root()
