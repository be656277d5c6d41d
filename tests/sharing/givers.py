"""Two nodes and what they share: officers of both sides speak through the room's own actions.

desks.offer(conditions=…)        A offers indicators, which lie sealed at A
desks.undertake(*conditions)     B undertakes, signed by a person
desks.deliver()                  A delivers
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections

from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.inquiries.forms.letter import text_of
from parley.ledger.casebook import share_at
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.enclosing import Kept, keep
from parley.ledger.ledger import Ledger
from parley.ledger.preparing import prepare
from parley.links.actions.speaking import Hand, Said, Target, Tried
from parley.node.projector import Projector, projections
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing import account
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.codes import Class, Expects, Pap, Thing, Tlp, Withdrawing
from parley.sharing import actions
from parley.sharing.actions import Offer
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, signed

OFFICER: Final = OfficerRow(number=4, name="Chen", role=Role.OFFICER, language="en", is_active=True)
CONTENT: Final = b"203.0.113.7\n" * 300


@dataclass(frozen=True, kw_only=True)
class Straight:
    """A door that leads to a ledger which runs already."""

    ledger: Ledger

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:  # noqa: ARG002 - a door
        return self.ledger.append(drafts)


@dataclass
class Givers:
    """The desks of a.example, which offers, and b.example."""

    folder: Path
    keys: int = 0
    offered: Appended | None = None
    kept: Kept | None = None
    pair: Pair = field(init=False)

    def __post_init__(self) -> None:
        self.pair = Pair(self.folder)

    def stop(self) -> None:
        self.pair.stop()

    # ---- Speaking

    def hand(self, node: str) -> Hand:
        self.keys += 1
        return Hand(
            officer=OFFICER,
            key=f"k{self.keys}",
            now=self.pair.clocks[node].time,
            door=Straight(ledger=self.pair.ledgers[node]),
        )

    @property
    def on(self) -> Target:
        assert self.offered is not None, "something was offered"
        return Target(link=LINK, statement=self.offered.statement)

    def seal(self, content: bytes = CONTENT) -> Kept:
        return keep(self.pair.homes[A], LINK, io.BytesIO(content), name="indicators.txt")

    def offer(self, **more: Any) -> Appended:  # noqa: ANN401 - whatever a test puts there
        usual = Offer(
            what=Class.INDICATORS,
            counts={Thing.IP: 300},
            tlp=Tlp.AMBER,
            pap=Pap.GREEN,
            expects=Expects.CONSIDERATION,
            title=text_of("Addresses of a botnet"),
        )
        self.kept = self.seal()
        what = replace(usual, **more)
        said = actions.offer(self.pair.homes[A], LINK, what, files=(self.kept,), by=self.hand(A))
        self.offered = self.said(said)
        return self.offered

    def say(self, node: str, verb: Any, *args: Any, on: Appended | None = None) -> Appended:  # noqa: ANN401 - a verb of `actions`, and what it takes
        """Have `node` say something of the offer, or of the statement `on`."""
        target = self.on if on is None else Target(link=LINK, statement=on.statement)
        return self.said(verb(target, *args, by=self.hand(node)))

    def undertake(self, *conditions: Condition) -> Appended:
        draft = actions.draft_undertaken(self.on, conditions, by=self.hand(B))
        made = prepare(self.pair.homes[B], draft, now=self.pair.clocks[B].time, suite=self.pair.suite)
        return self.said(bring(self.pair, B, signed(self.pair, B, replace(draft, prepared=made), roots=(1,))))

    def deliver(self) -> Appended:
        return self.said(actions.deliver(self.pair.homes[A], self.fold(A), LINK, by=self.hand(A)))

    def withdraw(self) -> Appended:
        reason = Withdrawing.OUTDATED
        share = self.fold(A)
        said = actions.withdraw(self.pair.homes[A], share, LINK, reason=reason, by=self.hand(A))
        return self.said(said)

    def said(self, said: Said) -> Appended:
        assert isinstance(said, Appended)
        for clock in self.pair.clocks.values():
            clock.time += 10
        self.pair.settle()
        return said

    # ---- Looking

    def fold(self, node: str) -> Share:
        with self.pair.reader(node) as reader:
            found = share_at(reader, LINK, self.on.statement)
        assert found is not None
        return found

    def is_same(self) -> bool:
        """Return whether both nodes compute the same of the offer."""
        return account.digest(self.fold(A)) == account.digest(self.fold(B))

    def is_sealed_here(self, node: str = A) -> bool:
        """Return whether the ciphertext lies in the vault of `node`."""
        assert self.kept is not None
        return self.pair.ledgers[node].files.vault.size(self.kept.hash) is not None

    def tell(self, node: str, *, anew: bool = True) -> None:
        """Tell the rows of `node`, as its projector does; `anew`, those of the other node go first."""
        with self.pair.reader(node) as reader:
            projector = Projector(reader=reader, modules=projections(settings.PROJECTIONS))
            if anew:
                projector.empty()
            projector.catch_up()


def dump() -> list[list[tuple[object, ...]]]:
    """Return every row of the room."""
    with connections["view"].cursor() as cursor:
        return [
            cursor.execute(f"SELECT * FROM {table} ORDER BY key").fetchall()  # noqa: S608 - our own names
            for table in ("sharing_share", "sharing_mention")
        ]
