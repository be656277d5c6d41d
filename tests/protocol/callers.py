"""Calls in a world of two pens, so that a test of the hotline reads like a night at the desk.

    night = Night()                                  both have opened the link
    call = night.opens(urgency="U0")                 A calls
    night.takes(call); night.reads_back(call)        B takes it and reads it back
    night.says(call, "holding", by=B, next_word=…)
    night.call(call).state, night.rungs(call, B)     what both fold; who is rung now

Every entry is seen by the other side at once, by an entry that says `received`, unless `heard` is False.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from parley.protocol.clauses import Rung
from parley.protocol.hotline import apply
from parley.protocol.hotline.codes import Subject
from parley.protocol.hotline.ladder import FULL, Ringing, due, ringing
from parley.protocol.hotline.mark import mark, mark_line
from parley.protocol.strictjson import JsonSource
from tests.protocol.world import ALL, A, B, Pen, Statement, Wording, World

SALT: Final = bytes(range(32))
HOST: Final = "203.0.113.77"
TYPED_WRONG: Final = "203.0.113.71"
NOTHING: Final[Mapping[str, JsonSource]] = MappingProxyType({})
LINES: Final = ("B isolates the host at 20:00Z.", "A sends the image by Monday.")


def fields(*, host: str = HOST, **more: JsonSource) -> dict[str, JsonSource]:
    """Return the five fields of a theft that goes on, from the address `host`."""
    usual: dict[str, JsonSource] = {
        "what": "data_theft",
        "object": {"type": "ip", "mark": mark(Subject.IP, host, salt=SALT)},
        "where": "B",
        "when": {"since": 1_700_000_000, "by": 1_700_003_600},
        "ask": ["isolate_host", "preserve"],
    }
    return {**usual, **more}


TEST_FIELDS: Final = fields(
    what="line_test",
    object={"type": "none", "mark": None},
    when={"since": None, "by": None},
    ask=["take_note"],
)


def lines(*texts: str) -> list[JsonSource]:
    """Return the marks of the lines of a minute."""
    return [mark_line(text, salt=SALT) for text in texts or LINES]


def minuted(since: int, until: int) -> dict[str, JsonSource]:
    """Return the minute of a voice call."""
    return {"since": since, "until": until, "lines": lines()}


class Night:
    """A world, and what is said on its hotline."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()

    def pen(self, node: str) -> Pen:
        return self.world.pen(node)

    def opens(
        self,
        d: Mapping[str, JsonSource] = NOTHING,
        *,
        by: str = A,
        to: str | None = None,
        heard: bool = True,
        **more: JsonSource,
    ) -> Statement:
        """Open a call, at the desk or to the office of a principal."""
        usual: dict[str, JsonSource] = {
            "nature": "real",
            "urgency": "U0",
            "inquiry": None,
            "scope": "attack_in_progress",
            "fields": fields(),
        }
        if to is None:
            return self._written(by, Wording(kind="call.opened"), {**usual, **d, **more}, heard=heard)
        pen = self.pen(by)
        wording = Wording(kind="call.principal_opened", log=pen.side.origin, roots=(1, 2))
        return self._written(by, wording, {**usual, "to": to, **d, **more}, heard=heard)

    def takes(
        self, call: Statement, *, by: str = B, rung: str = "duty_desk", heard: bool = True
    ) -> Statement:
        """Take the call at a rung."""
        return self.writes("call.taken", by, {"rung": rung}, re=call, heard=heard)

    def reads_back(self, text: Statement, *, by: str = B, host: str = HOST, **more: JsonSource) -> Statement:
        """Read back the fields of a text, rightly unless `more` says otherwise."""
        said: dict[str, JsonSource] = {"fields": fields(host=host, **more)}
        return self.writes(
            "call.read_back", by, {"lines": more["lines"]} if "lines" in more else said, re=text
        )

    def says(
        self, re: Statement, sort: str, *, by: str = B, heard: bool = True, seen: int = ALL, **d: JsonSource
    ) -> Statement:
        """Write a message."""
        return self.writes("call.said", by, {"sort": sort, **d}, re=re, heard=heard, seen=seen)

    def closes(
        self,
        call: Statement,
        ending: str = "answered",
        *,
        by: str = B,
        heard: bool = True,
        seen: int = ALL,
        **d: JsonSource,
    ) -> Statement:
        """Close the call for one side."""
        return self.writes("call.closed", by, {"ending": ending, **d}, re=call, heard=heard, seen=seen)

    def writes(
        self,
        kind: str,
        by: str,
        d: Mapping[str, JsonSource],
        *,
        re: Statement | bytes,
        heard: bool = True,
        seen: int = ALL,
    ) -> Statement:
        """Write any statement about a call."""
        target = re.id if isinstance(re, Statement) else re
        return self._written(by, Wording(kind=kind, re=target), d, heard=heard, seen=seen)

    def _written(
        self, by: str, wording: Wording, d: Mapping[str, JsonSource], *, heard: bool, seen: int = ALL
    ) -> Statement:
        statement = self.pen(by).words(wording, d, seen=seen)
        if heard:
            self.hears(self.pen(by).other.node)
        return statement

    def hears(self, node: str) -> None:
        """Let the node say that it has all that the other wrote."""
        self.pen(node).says("received")

    def talking(self, *, urgency: str = "U0") -> Statement:
        """Open a call that is taken and read back rightly."""
        call = self.opens(urgency=urgency)
        self.takes(call)
        self.reads_back(call)
        return call

    def call(self, call: Statement) -> apply.Call:
        """Return the state of a call."""
        found = self.world.record().call(call.id)
        assert found is not None
        return found

    def ringing(self, call: Statement, node: str, *, roster: Collection[Rung] = FULL) -> tuple[Ringing, ...]:
        """Return who is rung on one side now."""
        return ringing(self.call(call), node, self.world.now, roster=roster)

    def rungs(self, call: Statement, node: str, *, roster: Collection[Rung] = FULL) -> list[str]:
        """Return the rungs that are rung on one side now, as words."""
        return [each.rung.value for each in self.ringing(call, node, roster=roster)]

    def due(self, call: Statement) -> int | None:
        """Return the next instant at which anything changes."""
        return due(self.call(call), self.world.now)

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement."""
        return self.world.verdict(statement)
