"""Two nodes at one table: officers of both sides speak through the room's own actions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parley.agencies.policy import Role
from parley.agencies.queries import OfficerRow
from parley.dialogue import projection
from parley.dialogue.actions import commitments, outcomes, rounds, saying
from parley.dialogue.actions.commitments import Promise
from parley.dialogue.actions.rounds import Plan
from parley.dialogue.actions.saying import Along, Page
from parley.dialogue.queries import CommitmentDossier, RoundDossier, Suggestion, dossier_of, suggestions
from parley.dialogue.queries.preparing import tasks_of
from parley.inquiries.forms.letter import text_of
from parley.ledger.dialogues import thread_of
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.ledger import Ledger
from parley.ledger.readers import OpenLink
from parley.links.actions.speaking import Hand, Said, Target, Tried
from parley.protocol.act import id_text
from parley.protocol.dialogue import bodies
from parley.protocol.dialogue.account import account
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import digest_of
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.pair import LINK, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

DAY: Final = 24 * 60 * 60
OFFICER: Final = OfficerRow(number=4, name="Chen", role=Role.OFFICER, language="en", is_active=True)
SALT: Final = bytes(range(32))
WORK: Final = Text(en="B answers within 20 working days.", zh="乙方在二十个工作日内答复。")
MEASURE: Final = Text(en="Nine of ten answers come in time.", zh="十份答复中有九份按时。")
PLACE: Final = Text(en="In the guest house of the host.", zh="在主办方宾馆。")


@dataclass(frozen=True, kw_only=True)
class Straight:
    """A door that leads to a ledger which runs already."""

    ledger: Ledger

    def pass_on(self, drafts: Sequence[Draft], *, by: Hand) -> Sequence[Appended | Tried | RefusedError]:  # noqa: ARG002 - a door
        return self.ledger.append(drafts)


@dataclass
class Table:
    """The dialogue between a.example and b.example."""

    folder: Path
    keys: int = 0
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
    def now(self) -> int:
        return self.pair.clocks[A].time

    def says(self, node: str, verb: Callable[..., Said], *given: Any, **more: Any) -> Appended:  # noqa: ANN401 - as the verb has it
        """Have an officer of `node` use a verb of the room, and the other side have what is said."""
        place = [
            Target(link=LINK, statement=each.statement) if isinstance(each, Appended) else each
            for each in given
        ]
        said = verb(*place, by=self.hand(node), **more)
        assert isinstance(said, Appended)
        for clock in self.pair.clocks.values():
            clock.time += 10
        self.pair.settle()
        return said

    def proposes(self, *, node: str = A, owners: tuple[str, ...] = ("B",), **more: Any) -> Appended:  # noqa: ANN401 - as `Promise` has it
        due = more.pop("due", self.now + 30 * DAY)
        promise = Promise(text=WORK, measure=MEASURE, owners=owners, salt=SALT, due=due, **more)
        return self.says(node, commitments.propose, LINK, promise)

    def promises(self, **more: Any) -> Appended:  # noqa: ANN401 - as `Promise` has it
        promise = self.proposes(**more)
        self.says(B, saying.agree, promise, Page.COMMITMENT)
        return promise

    def plan(self, *, host: str = "A") -> Plan:
        begins = self.now + 3 * DAY
        return Plan(host=host, begins=begins, ends=begins + DAY, place=PLACE, salt=SALT)

    def meets(self, *, number: int = 3) -> Appended:
        """Agree on a round at A."""
        meeting = self.says(A, rounds.propose, LINK, self.plan(), number=number)
        self.says(B, saying.agree, meeting, Page.ROUND)
        return meeting

    def clause(self, meeting: Appended, text: Text = WORK, *, place: int = 1) -> Appended:
        """Agree on a clause of the outcome list."""
        clause = self.says(A, outcomes.propose_clause, meeting, place, text)
        self.says(B, saying.agree, clause, Page.OUTCOME)
        return clause

    def freezes(self, node: str, meeting: Appended, *, release: int) -> Appended:
        """Have two persons of a node freeze the list as it stands."""
        found = self.round(node, meeting).outcome.outcomes(release)
        assert found is not None
        d: dict[str, JsonValue] = {"release": release, "digest": id_text(digest_of(found.text()))}
        draft = prepared_draft(self.pair, node, "outcome.frozen", d, re=meeting.statement)
        said = bring(self.pair, node, signed(self.pair, node, draft))
        self.pair.settle()
        return said

    def pass_to(self, at: int) -> None:
        """Let it be `at` on both sides."""
        for clock in self.pair.clocks.values():
            clock.time = at

    # ---- Looking

    def round(self, node: str, meeting: Appended) -> Round:
        with self.pair.reader(node) as reader:
            found = thread_of(reader, LINK, meeting.statement)
        assert isinstance(found, Round)
        return found

    def is_same(self, *threads: Appended) -> bool:
        """Return whether both nodes compute the same of these threads."""
        told = []
        for node in (A, B):
            with self.pair.reader(node) as reader:
                found = [thread_of(reader, LINK, each.statement) for each in threads]
            told.append([account(each) for each in found if each is not None])
        return told[0] == told[1]

    def project(self, node: str) -> None:
        """Tell all rows of `node`, as its projector does."""
        with self.pair.reader(node) as reader:
            (link,) = reader.links()
            for lane in reader.lane_names(LINK):
                for thread in reader.threads(lane, kinds=tuple(sorted(bodies.OPENINGS))):
                    projection.project(reader, link, thread, reader.thread(LINK, thread))

    def page(self, node: str, thread: Appended) -> CommitmentDossier | RoundDossier:
        """Return what `node` shows of a thread; the rows of the other node go."""
        projection.empty()
        self.project(node)
        with self.pair.reader(node) as reader:
            (row,) = reader.links()
            link = OpenLink(row=row, terms=reader.terms(row.name))
            return dossier_of(reader, link, thread.statement, now=self.now)

    def commitment(self, node: str, thread: Appended) -> CommitmentDossier:
        page = self.page(node, thread)
        assert isinstance(page, CommitmentDossier)
        return page

    def meeting(self, node: str, thread: Appended) -> RoundDossier:
        page = self.page(node, thread)
        assert isinstance(page, RoundDossier)
        return page

    def suggests(self, node: str, thread: Appended) -> tuple[Suggestion, ...]:
        """Return what `node` could offer for the agenda."""
        page = self.meeting(node, thread)
        with self.pair.reader(node) as reader:
            return suggestions(page, reader=reader)

    def steps(self, node: str, thread: Appended) -> dict[str, tuple[bool, tuple[str, ...]]]:
        """Return by step whether `node` shows it as done, and who can bring it further."""
        page = self.meeting(node, thread)
        with self.pair.reader(node) as reader:
            found = tasks_of(page, reader=reader)
        return {each.step.value: (each.is_done, tuple(who.value for who in each.movers)) for each in found}


def words(text: str) -> Along:
    return Along(words=text_of(text))
