"""Two countries in network namespaces of their own, one cable between them, and what may befall it.

Needs root, iproute2 and nftables. Whatever is made is removed, also after a failure: the namespaces take
cable, rules and queues with them.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

NETWORK: Final = "10.77.0"
"""What a card may name: a private network, which only exists between the two namespaces."""


def run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"


def quietly(*words: str) -> None:
    subprocess.run(words, capture_output=True, check=False)


@dataclass(frozen=True)
class Place:
    """One namespace, and the address in it. What `inside` stands before runs in it."""

    name: str
    address: str
    cable: str

    @property
    def inside(self) -> Sequence[str]:
        return "ip", "netns", "exec", self.name

    def rule(self, chain: str, *words: str) -> None:
        """Add a rule to what comes in (`input`) or goes out (`output`) by the cable."""
        end = "iifname" if chain == "input" else "oifname"
        run(*self.inside, "nft", "add", "rule", "inet", "fault", chain, end, self.cable, *words)

    def heal(self) -> None:
        """Take all rules and queues away."""
        for chain in ("input", "output"):
            run(*self.inside, "nft", "flush", "chain", "inet", "fault", chain)
        quietly(*self.inside, "tc", "qdisc", "del", "dev", self.cable, "root")

    def slow(self, rate: str) -> None:
        """Let what goes out by the cable pass at `rate`, such as ``64kbit``."""
        queue = ("root", "tbf", "rate", rate, "burst", "1600", "latency", "2s")
        run(*self.inside, "tc", "qdisc", "add", "dev", self.cable, *queue)


@contextmanager
def two_places(name: str) -> Iterator[tuple[Place, Place]]:
    """Make both namespaces with their cable; `name`, at most eight letters, parts this run from others."""
    ends = (f"{name}-a", f"{name}-b")
    one, other = (Place(end, f"{NETWORK}.{number}", end) for number, end in enumerate(ends, start=1))
    try:
        for place in (one, other):
            run("ip", "netns", "add", place.name)
        far_end = ("peer", other.cable, "netns", other.name)
        run("ip", "link", "add", one.cable, "netns", one.name, "type", "veth", *far_end)
        for place in (one, other):
            _furnish(place)
        yield one, other
    finally:
        for place in (one, other):
            quietly("ip", "netns", "del", place.name)


def _furnish(place: Place) -> None:
    run(*place.inside, "ip", "link", "set", "lo", "up")
    run(*place.inside, "ip", "addr", "add", f"{place.address}/24", "dev", place.cable)
    run(*place.inside, "ip", "link", "set", place.cable, "up")
    run(*place.inside, "nft", "add", "table", "inet", "fault")
    for chain in ("input", "output"):
        hook = f"{{ type filter hook {chain} priority 0; policy accept; }}"
        run(*place.inside, "nft", "add", "chain", "inet", "fault", chain, hook)
