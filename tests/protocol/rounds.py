"""Commitments and rounds in a world of two pens, so that a test of the dialogue reads like its minutes.

    dialogue = Dialogue()                                 both have opened the link
    promise = dialogue.promises(owners=["B"])             A proposes, B agrees
    dialogue.says("commitment.reported", promise, by=B, standing="fulfilled", evidence=[])
    dialogue.commitment(promise).state                    what both fold

Every entry is seen by the other side at once, by an entry that says `received`, unless `heard` is False.
"""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parley.protocol import note, threads
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue import bodies
from parley.protocol.dialogue.clause import Text, text_id, write_clause
from parley.protocol.dialogue.commitment import Commitment
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.release import Seal, digest_of, sign_seal
from parley.protocol.entry import Seen
from parley.protocol.names import parse_channel
from parley.protocol.note import Algorithm, SignKey
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import Suite
from parley.protocol.terms import default_terms
from tests.protocol.world import ALL, CHANNEL, DAY, A, B, Pen, Statement, Wording, World, seed_of

SALT: Final = bytes(range(32))
WORK: Final = Text(en="B answers within 20 working days.", zh="乙方在二十个工作日内答复。")
PLACE: Final = Text(en="In the guest house of the host.", zh="在主办方宾馆。")
WORDS: Final = text_id((WORK,), salt=SALT)
CLAUSE: Final = write_clause(WORK)
OTHER: Final = write_clause(Text(en="Experts meet on 1 December 2026.", zh="专家于2026年12月1日会晤。"))
LINK: Final = "live/a-b"
RELEASE_IN: Final = 10 * DAY
# The kinds of the dialogue, and what a link cannot do without: terms list 64 kinds at most.
OTHERS: Final = ("link.opened", "link.suspended", "link.resumed", "received", "unopened")
LISTED: Final = dict.fromkeys((*bodies.CLASSES, *OTHERS), 1)
NOTHING: Final[Mapping[str, JsonSource]] = MappingProxyType({})


def terms_with_dialogue() -> str:
    """Return terms that list the kinds of the dialogue; two persons freeze a list."""
    calendars = {node: default_calendar() for node in (A, B)}
    return default_terms(calendars, world=parse_channel(CHANNEL).world, kinds=LISTED)


def receipt_keys(node: str, suite: Suite) -> tuple[SignKey, SignKey]:
    """Return the keys of a node's seals."""
    name, seed = f"{node}/receipt", seed_of(node, "receipt")
    one, two = Algorithm.COSIGNATURE, Algorithm.ML_DSA
    return (
        note.new_sign_key(name, one, seed, suite=suite),
        note.new_sign_key(name, two, seed, suite=suite),
    )


def plan(now: int, *, host: str = "A", **more: JsonSource) -> dict[str, JsonSource]:
    """Return where and when a round is."""
    return {"host": host, "begins": now + 3 * DAY, "ends": now + 4 * DAY, "text": WORDS, **more}


class Dialogue:
    """A world, and what is said in its dialogue."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World(terms=terms_with_dialogue())

    def pen(self, node: str) -> Pen:
        return self.world.pen(node)

    def says(
        self,
        kind: str,
        re: Statement | bytes | None = None,
        d: Mapping[str, JsonSource] = NOTHING,
        *,
        by: str,
        heard: bool = True,
        seen: int | Seen | None = ALL,
        roots: tuple[int, ...] = (1, 2),
        **more: JsonSource,
    ) -> Statement:
        """Write any statement of the dialogue."""
        target = re.id if isinstance(re, Statement) else re
        pen = self.pen(by)
        log, signers = (pen.side.origin, roots) if kind == "outcome.frozen" else (None, ())
        wording = Wording(kind=kind, re=target, log=log, roots=signers)
        statement = pen.words(wording, {**d, **more}, seen=seen)
        if heard:
            pen.other.says("received")
        return statement

    def proposes(self, *, by: str = A, heard: bool = True, **more: JsonSource) -> Statement:
        """Propose that B does something by a day."""
        due = self.world.now + 30 * DAY
        usual: dict[str, JsonSource] = {"text": WORDS, "owners": ["B"], "due": due, "round": None}
        return self.says("commitment.proposed", None, {**usual, **more}, by=by, heard=heard)

    def promises(self, **more: JsonSource) -> Statement:
        """Propose a commitment, to which the other side agrees."""
        promise = self.proposes(by=A, heard=True, **more)
        self.says("commitment.agreed", promise, by=B)
        return promise

    def reports(self, promise: Statement, standing: str = "fulfilled", *, by: str = B) -> Statement:
        """Report how a commitment stands."""
        return self.says("commitment.reported", promise, by=by, standing=standing, evidence=[])

    def invites(self, *, by: str = A, number: int = 3, **more: JsonSource) -> Statement:
        """Propose a round."""
        said = {"number": number, "after": None, **plan(self.world.now), **more}
        return self.says("round.proposed", None, said, by=by)

    def meets(self) -> Statement:
        """Propose a round, to which the other side agrees."""
        found = self.invites()
        self.says("round.agreed", found, by=B)
        return found

    def adds(
        self, meeting: Statement, *, by: str = A, place: int = 1, clause: str = CLAUSE, heard: bool = True
    ) -> Statement:
        """Propose a clause of the outcome list."""
        return self.says("outcome.clause_proposed", meeting, by=by, place=place, clause=clause, heard=heard)

    def concludes(self) -> Statement:
        """Hold a round with one clause, to which both have agreed."""
        meeting = self.meets()
        self.says("outcome.agreed", self.adds(meeting), by=B)
        return meeting

    def freezes(
        self,
        meeting: Statement,
        *,
        by: str,
        release: int | None = None,
        digest: str | None = None,
        roots: tuple[int, ...] = (1, 2),
        heard: bool = True,
        seen: int | Seen | None = ALL,
    ) -> Statement:
        """Freeze the list as it stands by all that was said, to be released in ten days."""
        at = self.world.now + RELEASE_IN if release is None else release
        named = self.digest(meeting, at) if digest is None else digest
        return self.says(
            "outcome.frozen", meeting, by=by, release=at, digest=named, roots=roots, heard=heard, seen=seen
        )

    def agrees_on_list(self) -> Statement:
        """Hold a round whose list both have frozen."""
        meeting = self.concludes()
        for node in (A, B):
            self.freezes(meeting, by=node)
        return meeting

    def text(self, meeting: Statement, release: int) -> bytes:
        """Return the list as it stands, as it is made public."""
        outcomes = self.round(meeting).outcome.outcomes(release)
        return b"" if outcomes is None else outcomes.text()

    def digest(self, meeting: Statement, release: int) -> str:
        """Return the digest of the list as it stands."""
        return id_text(digest_of(self.text(meeting, release)))

    def seal(self, node: str, *, release: int, digest: str, at: int, link: str = LINK) -> bytes:
        """Return the note by which a side seals a list."""
        seal = Seal(link=link, release=release, digest=read_id(digest))
        return sign_seal(seal, self.keys(node), time=at, suite=self.world.suite)

    def keys(self, node: str) -> tuple[SignKey, SignKey]:
        """Return the keys of a node's seals."""
        return receipt_keys(node, self.world.suite)

    def releases(
        self, meeting: Statement, *, by: str, heard: bool = True, seal: bytes | None = None
    ) -> Statement:
        """Make the list public that both have frozen."""
        frozen = self.round(meeting).outcome.frozen[by]
        at = max(self.world.now, frozen.release)
        made = seal or self.seal(by, release=frozen.release, digest=frozen.digest, at=at)
        said: dict[str, JsonSource] = {"release": frozen.release, "digest": frozen.digest}
        note_text = base64.b64encode(made).decode()
        return self.says("outcome.released", meeting, said, by=by, heard=heard, note=note_text)

    def commitment(self, promise: Statement) -> Commitment:
        """Return the state of a commitment."""
        found = self.look(promise)
        assert isinstance(found, Commitment)
        return found

    def round(self, meeting: Statement) -> Round:
        """Return the state of a round."""
        found = self.look(meeting)
        assert isinstance(found, Round)
        return found

    def look(self, opened: Statement) -> Commitment | Round | None:
        """Return the state of a thread, None if what opened it is without effect."""
        found = threads.look(self.world.record().shelf, self.world.sides, opened.id)
        assert found is None or isinstance(found, Commitment | Round)
        return found

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement."""
        return self.world.verdict(statement)
