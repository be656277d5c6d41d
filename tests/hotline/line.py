"""Two nodes and their hotline: officers of both sides speak through the room's own actions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.hotline import actions, projection
from parley.hotline.actions import Calling, Closing, Message, Minute
from parley.hotline.forms.comparing import compare
from parley.hotline.forms.five import FiveFields
from parley.hotline.queries import CallRow, Dossier, call_page, list_calls, text_at
from parley.inquiries import projection as inquiries
from parley.inquiries.forms.letter import text_of
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.ledger import Ledger
from parley.links.actions.speaking import Hand, Said, Target, Tried
from parley.protocol.clauses import Rung
from parley.protocol.hotline import account
from parley.protocol.hotline.apply import Call
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.hotline.codes import Ask, Subject, What, Where
from parley.protocol.names import HOT, MAIN
from tests.two_nodes.pair import LINK, A, B, Pair

OFFICER: Final = OfficerRow(number=4, name="Chen", role=Role.OFFICER, language="en", is_active=True)
SALT: Final = bytes(range(32))
FIVE: Final = FiveFields(
    what=What.SERVICE_ATTACK,
    subject=Subject.IP,
    object="203.0.113.7",
    where=Where.B,
    since=1_793_606_400,
    by=1_793_613_600,
    ask=(Ask.STOP_ACTIVITY, Ask.CONFIRM_OR_DENY),
)


@dataclass(frozen=True, kw_only=True)
class Straight:
    """A door that leads to a ledger which runs already."""

    ledger: Ledger

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:  # noqa: ARG002 - a door
        return self.ledger.append(drafts)


@dataclass
class Line:
    """The hotline between a.example and b.example. `call` is the opening of the one call of a test."""

    folder: Path
    lanes: Sequence[str] = (MAIN, HOT)
    keys: int = 0
    call: Appended | None = None
    pair: Pair = field(init=False)

    def __post_init__(self) -> None:
        self.pair = Pair(self.folder, lanes=self.lanes)

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

    def open(
        self,
        *,
        node: str = A,
        fields: FiveFields = FIVE,
        urgency: str = "U0",
        inquiry: bytes | None = None,
        text: str = "Your network attacks our clearing house.",
        settle: bool = True,
    ) -> Appended:
        """Call the other side about an attack; the scope test is passed unless an `inquiry` led to it."""
        calling = Calling(
            urgency=urgency,
            fields=fields,
            salt=SALT,
            inquiry=inquiry,
            scope="attack_in_progress" if inquiry is None else None,
            text=text_of(text),
            authority=text_of("Cyber Desk"),
            lane=HOT if HOT in self.lanes else MAIN,
        )
        self.call = self._said(actions.open_call(LINK, calling, by=self.hand(node)), settle=settle)
        return self.call

    @property
    def on(self) -> Target:
        assert self.call is not None, "a call was opened"
        return Target(link=LINK, statement=self.call.statement)

    def take(self, node: str = B, *, rung: Rung = Rung.DUTY_DESK, settle: bool = True) -> Appended:
        return self._said(actions.take(self.on, rung, by=self.hand(node)), settle=settle)

    def read_back(self, fields: FiveFields, *, of: Appended | None = None, node: str = B) -> Appended:
        """Read back a text as it was typed, `fields`, whether that is right or not."""
        statement = (of or self.call or self.open()).statement
        with self.pair.reader(node) as reader:
            text = text_at(reader, LINK, statement)
        assert text is not None
        assert text.fields is not None
        compared = compare(text.fields, named=text.body.object, read=fields, salt=text.body.salt)
        on = Target(link=LINK, statement=statement)
        return self._said(
            actions.read_back(on, compared.fields, by=self.hand(node), named=fields.object or None)
        )

    def say(
        self, node: str, message: Message, *, re: Appended | None = None, settle: bool = True
    ) -> Appended:
        on = self.on if re is None else Target(link=LINK, statement=re.statement)
        return self._said(actions.say(on, message, by=self.hand(node)), settle=settle)

    def minute(self, node: str, said: Minute) -> Appended:
        return self._said(actions.minute(self.on, said, by=self.hand(node)))

    def read_lines(self, node: str, lines: Sequence[str], *, of: Appended) -> Appended:
        on = Target(link=LINK, statement=of.statement)
        return self._said(actions.read_back_lines(on, lines, salt=SALT, by=self.hand(node)))

    def close(self, node: str, closing: Closing, *, settle: bool = True) -> Appended:
        return self._said(actions.close(self.on, closing, by=self.hand(node)), settle=settle)

    def _said(self, said: Said, *, settle: bool = True) -> Appended:
        assert isinstance(said, Appended)
        if settle:
            self.pass_time(10)
        return said

    def pass_time(self, seconds: int) -> None:
        """Let time pass on both sides, and carry what there is."""
        for clock in self.pair.clocks.values():
            clock.time += seconds
        self.pair.settle()

    # ---- Looking

    @property
    def now(self) -> int:
        return self.pair.clocks[A].time

    def fold(self, node: str) -> Call:
        with self.pair.reader(node) as reader:
            found = reader.call(LINK, self.on.statement)
        assert found is not None
        return found

    def is_same(self) -> bool:
        """Return whether both nodes compute the same of the call."""
        return account.digest(self.fold(A)) == account.digest(self.fold(B))

    def project(self, node: str) -> None:
        """Tell all rows of `node`, as its projector does."""
        with self.pair.reader(node) as reader:
            (link,) = reader.links()
            for lane in reader.lane_names(LINK):
                for thread in reader.threads(lane, kinds=("inquiry.sent", *sorted(OPENINGS))):
                    folded = reader.thread(LINK, thread)
                    for module in (inquiries, projection):
                        module.project(reader, link, thread, folded)

    def row(self, node: str) -> CallRow:
        """Return the one call as `node` lists it; the rows of the other node go."""
        projection.empty()
        inquiries.empty()
        self.project(node)
        (row,) = list_calls(now=self.now).rows
        return row

    def page(self, node: str) -> Dossier:
        row = self.row(node)
        return call_page(self.pair.homes[node], LINK, row.place_path, now=self.now)


def typed(fields: FiveFields = FIVE, /, **wrong: object) -> FiveFields:
    """Return what a person typed who read `fields`, with some of it wrong."""
    return replace(fields, **wrong)  # type: ignore[arg-type]  # whatever a test puts there
