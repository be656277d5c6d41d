"""Days on which the line is tested, told like the nights of `callers.py`.

    days = Days()                                    both have opened the link, as periods begin
    days.echoes(days.probes())                       the machine test, by A; B's node answers
    call = days.tries(); days.answers(call)          the human test, by A; a person at B reads back
    days.period("human")                             what came of it by now

A period of every test begins with the first day, and the first turn is A's in all but the rarest.
"""

from typing import Final

from parley.protocol.act import read_act, read_json
from parley.protocol.clauses import Rung
from parley.protocol.linetests.account import History, history
from parley.protocol.linetests.bodies import CLASSES, read_said
from parley.protocol.linetests.periods import Calendar, Period
from parley.protocol.linetests.tickets import Ticket
from parley.protocol.linetests.trials import Sign, trials_of_call, trials_of_probes
from parley.protocol.record import Record, Sides
from parley.protocol.shelf import Row
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import Suite
from parley.protocol.terms import read_terms
from tests.protocol.callers import TEST_FIELDS, TYPED_WRONG, Night, fields
from tests.protocol.nights import calls_of
from tests.protocol.toy import TOY
from tests.protocol.world import DAY, MINUTE, SIDES, A, Statement, Wording, World, rows_of

# A week, a month of 30 days and a day begin here; the half-year in which it lies began before.
FIRST: Final = 21_000 * DAY
LANE: Final = "main"
"""These days have one channel."""


class Days(Night):
    """A world that begins with a period, and what is said about its line."""

    def __init__(self, *, sides: Sides = SIDES, suite: Suite = TOY) -> None:
        world = World(is_open=False, sides=sides, suite=suite)
        world.now = FIRST
        super().__init__(world)
        world.a.opens()
        world.b.opens()

    def at(self, day: float, minutes: float = 0) -> None:
        """Set the clocks of both sides."""
        self.world.now = FIRST + int(day * DAY + minutes * MINUTE)

    def probes(self, *, by: str = A, heard: bool = True) -> Statement:
        """Have a node ask for an echo."""
        return self._said(by, "link.probed", heard=heard)

    def echoes(self, probe: Statement, *, by: str | None = None, heard: bool = True) -> Statement:
        """Have the other node answer a probe."""
        writer = self.pen(probe.writer).other.node if by is None else by
        return self._said(writer, "link.echoed", heard=heard, re=probe)

    def tries(
        self, *, by: str = A, to: str | None = None, urgency: str = "U2", heard: bool = True
    ) -> Statement:
        """Open a call that is a test."""
        d: dict[str, JsonSource] = {"nature": "test", "scope": None, "fields": TRIED, "urgency": urgency}
        return self.opens(d, by=by, to=to, heard=heard)

    def answers(self, call: Statement, *, host: str | None = None) -> Statement:
        """Take a test and read it back, rightly unless another `host` is typed."""
        other = self.pen(call.writer).other.node
        self.takes(call, by=other)
        named: dict[str, JsonSource] = dict(TRIED)
        if host is not None:
            named["object"] = fields(host=host)["object"]
        return self.writes("call.read_back", other, {"fields": named}, re=call)

    def declares(self, by: str, test: str, number: int, cause: str) -> Statement:
        """Say why a test went wrong."""
        return self._said(
            by, "link.fault_declared", test=test, period=number, cause=cause, since=None, until=None
        )

    def _said(
        self, by: str, kind: str, *, heard: bool = True, re: Statement | None = None, **d: JsonSource
    ) -> Statement:
        wording = Wording(kind=kind, re=None if re is None else re.id)
        statement = self.pen(by).words(wording, d)
        if heard:
            self.hears(self.pen(by).other.node)
        return statement

    def history(self, *, cut: int | None = None) -> History:
        """Return what is known by `cut`, or by now."""
        return history_of(self.world.record(), self.world.terms, cut=self.world.now if cut is None else cut)

    def periods(self, test: str) -> list[Period]:
        """Return the periods of a test."""
        return [each for each in self.history().periods if each.test.value == test]

    def period(self, test: str, number: int = 0) -> Period:
        """Return a period of a test, counted from the first."""
        return self.periods(test)[number]

    def results(self, test: str) -> list[str]:
        """Return what came of each period of a test."""
        return [each.result.value for each in self.periods(test)]

    def tickets(self, test: str) -> list[Ticket]:
        """Return the tickets of a test."""
        return [each for each in self.history().tickets if each.period.test.value == test]


TRIED: Final = {**TEST_FIELDS, "object": fields()["object"]}
WRONG: Final = TYPED_WRONG


def history_of(record: Record, terms: str, *, cut: int) -> History:
    """Return the tests of a whole record whose link was opened as its first two entries say."""
    rows = rows_of(record)
    signs = [sign_of(row) for row in rows if row.kind in CLASSES and row.verdict.is_valid]
    agreed = read_terms(terms)
    assert agreed.hotline is not None
    opened = [row.effective for row in rows if row.kind == "link.opened"]
    calendar = Calendar(clauses=agreed.hotline, nodes=agreed.nodes, opened_at=max(opened))
    trials = [
        *trials_of_probes(signs, clauses=agreed.hotline),
        *(trial for call in calls_of(record) for trial in trials_of_call(call)),
    ]
    return history(trials, signs, calendar, cut=cut)


def sign_of(row: Row) -> Sign:
    """Return a statement about the line as the view sees it."""
    act = read_act(read_json(row.act or b""))
    return Sign(
        id=row.id,
        writer=row.writer,
        lane=LANE,
        index=row.index,
        cut=row.cut,
        effective=row.effective,
        received_at=row.received_at,
        re=act.re,
        said=read_said(act.k, act.d),
    )


DESK: Final = (Rung.DUTY_PHONE, Rung.SECOND_OFFICER, Rung.DIRECTOR)
