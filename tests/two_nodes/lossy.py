"""What a disk can lose: copies of a record, put back later, with the signer's anchor or without it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from parley.ledger.ledger import Ledger
from tests.two_nodes.pair import LINK, Pair


@dataclass
class Copies:
    """Old states of the nodes of `pair`, in `folder`."""

    pair: Pair
    folder: Path
    made: int = 0

    def keep(self, node: str) -> Path:
        """Copy record and anchor of `node` as they are now; who waits for the partner goes on waiting."""
        waits = self.pair.ledgers[node]._slot(LINK).is_awaiting  # noqa: SLF001 - a test may look behind a door
        self.pair.ledgers[node].stop()
        self.made += 1
        copy = self.folder / f"copy-{self.made}"
        copy.mkdir(parents=True)
        home = self.pair.homes[node]
        for path in home.root.glob("record.db*"):
            shutil.copy(path, copy / path.name)
        shutil.copytree(home.anchor, copy / "anchor")
        self.pair.start(node, asks_first=waits)
        return copy

    def restore(self, node: str, copy: Path, *, anchor: str = "kept", asks_first: bool = False) -> Ledger:
        """Put the record back; the `anchor` is kept, old, or lost."""
        self.pair.ledgers[node].stop()
        home = self.pair.homes[node]
        for path in home.root.glob("record.db*"):
            path.unlink()
        for path in copy.glob("record.db*"):
            shutil.copy(path, home.root / path.name)
        if anchor != "kept":
            shutil.rmtree(home.anchor)
        if anchor == "old":
            shutil.copytree(copy / "anchor", home.anchor)
        return self.pair.start(node, asks_first=asks_first)
