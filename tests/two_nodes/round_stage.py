"""Both nodes of a pair, each with a pen that no rule of its own holds back; and what B tries with its own."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonSource
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.round_foe import Foe

NOWHERE: Final = id_text(b"\x07" * 32)
NOTHING: Final[Mapping[str, JsonSource]] = {}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What B says of `re`, signed by so many `hands`; `about` tells why our node should not mind."""

    about: str
    kind: str
    re: bytes | None
    d: Mapping[str, JsonSource]
    hands: int


def attempt(
    about: str,
    kind: str,
    re: bytes | None = None,
    *,
    d: Mapping[str, JsonSource] = NOTHING,
    hands: int = 2,
) -> Attempt:
    """Return an attempt."""
    return Attempt(about=about, kind=kind, re=re, d=d, hands=hands)


@dataclass
class Stage:
    """Both nodes, and a pen for each that its own rules do not hold back."""

    pair: Pair
    a: Foe
    b: Foe

    def terms(self) -> str:
        with self.pair.reader(A) as reader:
            found = reader.terms(LINK)
        assert found is not None
        return found.text

    def say(
        self,
        node: str,
        kind: str,
        re: bytes | None = None,
        d: Mapping[str, JsonSource] | None = None,
        *,
        hands: int = 2,
    ) -> bytes:
        """Say it, and have the other side hold it."""
        pen = self.a if node == A else self.b
        said = pen.say(kind, d or {}, re=re, hands=hands)
        self.pair.settle()
        return said

    def verdict(self, statement: bytes) -> str:
        """Return what became of a statement, the same on both nodes."""
        ((ours,), (theirs,)) = (
            [row.verdict.text for row in self.pair.rows(node) if row.statement == statement]
            for node in (A, B)
        )
        assert ours == theirs
        return ours

    def tried(self, *attempts: Attempt) -> dict[str, str]:
        """Return what became of each attempt of B, by what it is about."""
        return {each.about: self.verdict(self._try(each)) for each in attempts}

    def _try(self, each: Attempt) -> bytes:
        return self.say(B, each.kind, each.re, each.d, hands=each.hands)

    def goes_on(self) -> bool:
        """Return whether an inquiry of either side still arrives and counts."""
        said = [self.pair.sends(node=node).statement for node in (A, B)]
        self.pair.settle()
        return {self.verdict(each) for each in said} == {"valid"} and not self.pair.alarms(A)


def stage_of(pair: Pair) -> Stage:
    """Return the stage of a pair; whatever is random on it is the same at every run."""
    dice = random.Random(1)  # noqa: S311 - chance that can be repeated
    with pair.reader(A) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    a, b = (Foe(pair=pair, node=node, dice=dice, terms=terms.text) for node in (A, B))
    b.ids, b.kinds = a.ids, a.kinds
    return Stage(pair=pair, a=a, b=b)
