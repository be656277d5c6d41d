"""The nights that the call vectors tell. Each goes as little beyond its point as it can."""

from collections.abc import Callable
from dataclasses import dataclass

from parley.protocol.hotline.codes import Sort
from parley.protocol.record import Sides
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import Suite
from tests.protocol.callers import TEST_FIELDS, TYPED_WRONG, Night, fields, lines, minuted
from tests.protocol.stops import resume, suspend
from tests.protocol.world import DAY, HOUR, MINUTE, A, B, World, usual_terms

# Terms that do not keep the hotline open: then it is suspended like everything else.
SHUTTABLE = usual_terms().replace('"safety_of_life","hotline"]', '"safety_of_life"]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file: what it shows, and how it is told. `unread` are places whose acts did not open there."""

    name: str
    spec: str
    about: str
    tell: Callable[[Night], None]
    terms: str | None = None
    unread: frozenset[tuple[str, int]] = frozenset()

    def told(self, sides: Sides, suite: Suite) -> Night:
        """Return the night after the story."""
        night = Night(World(terms=self.terms, sides=sides, suite=suite))
        self.tell(night)
        return night


def conversation(night: Night) -> None:
    """Tell of a call that climbs, is taken, read back wrongly once, clarified, talked out, and closed."""
    call = night.opens(inquiry=None, scope="attack_in_progress")
    night.world.wait(16 * MINUTE)
    night.takes(call, rung="second_officer")
    night.takes(call, rung="vice_minister")
    night.reads_back(call, host=TYPED_WRONG)
    clear = night.says(call, "clarification", by=A, fields=fields(host="203.0.113.78"))
    night.reads_back(clear, host="203.0.113.78", ask=["preserve", "isolate_host"])
    night.world.wait(MINUTE)
    start = night.world.now + DAY
    needed: dict[Sort, dict[str, JsonSource]] = {
        Sort.HOLDING: {"next_word": night.world.now + HOUR},
        Sort.JOINT_START: {"at": start},
        Sort.INTENDED_STATEMENT: {"at": start},
    }
    for sort in Sort:
        for by in (B, A):
            night.writes("call.said", by, {"sort": sort.value, **needed.get(sort, {})}, re=clear)
    seen = len(night.world.a.log)
    asked = night.says(call, "joint_start", by=A, at=start, heard=False)
    night.says(call, "restraint", by=B, seen=seen)
    night.says(asked, "joint_start", by=B, at=start)
    minute = night.writes("call.minuted", A, minuted(start - HOUR, start), re=call)
    for by in (A, B):
        night.reads_back(minute, by=by, lines=lines())
    night.closes(call, by=B)
    night.closes(call, by=A)


def ladder(night: Night) -> None:
    """Tell of calls of every urgency and level, of promises, and of who takes them once and again."""
    for urgency in ("U0", "U1", "U2", "U3"):
        night.opens(urgency=urgency)
    night.opens(to="vice_minister", urgency="U2", by=B)
    test = night.opens({"nature": "test", "scope": None, "fields": TEST_FIELDS}, to="minister")
    night.world.wait(50 * MINUTE)
    night.takes(test)
    promised = night.talking()
    night.says(promised, "holding", next_word=night.world.now + 10 * MINUTE)
    unpromised = night.talking(urgency="U1")
    night.says(unpromised, "question", by=B, to="director")
    absurd = night.talking()
    night.says(absurd, "holding", by=A, next_word=0)
    far = night.talking()
    night.says(far, "holding", next_word=2**53 - 1)
    night.world.wait(11 * MINUTE)
    night.takes(promised, by=B)
    night.world.wait(MINUTE)
    night.takes(promised, by=A, rung="director")
    night.opens(heard=False)


def endings(night: Night) -> None:
    """Tell of every ending, of a closing that crossed a word, and of calls that only one side closed."""
    declined, deferred, back, cancelled, lost = (night.opens() for _ in range(5))
    night.closes(declined, "declined", by=B)
    night.says(declined, "notification", by=A, to="director")
    night.closes(deferred, "deferred", by=B, at=night.world.now + 2 * DAY)
    night.closes(back, "call_back", by=B, at=night.world.now + HOUR)
    night.closes(cancelled, "cancelled", by=A)
    night.world.wait(HOUR)
    night.closes(lost, "not_reached", by=A, cause="unknown")
    night.closes(lost, "technical_fault", by=B)
    night.closes(lost, "technical_fault", by=B, cause="line_fault")
    crossed = night.talking()
    seen = len(night.world.b.log)
    night.closes(crossed, by=B)
    night.says(crossed, "question", by=A, seen=seen)
    night.hears(B)


def voids(night: Night) -> None:
    """Tell of what is void in a call, for nearly each reason there is."""
    call = night.opens()
    night.says(call, "question", by=B)
    night.reads_back(call)
    night.closes(call, "not_reached", by=B)
    night.closes(call, "answered", by=A)
    night.opens({"nature": "test"})
    night.opens(scope="weather")
    night.opens(to="desk")
    night.says(call, "notification", by=A, to="minister")
    night.takes(call)
    night.closes(call, "not_reached", by=A)
    night.reads_back(call, by=A)
    night.reads_back(call, lines=lines())
    question = night.says(call, "question", by=A)
    night.takes(question)
    night.writes("call.taken", B, {"rung": "duty_desk"}, re=bytes(32))
    night.says(call, "clarification", by=B, fields=fields())
    night.says(call, "question", by=B, at=1)
    night.says(call, "clarification", by=A, fields=TEST_FIELDS)
    night.closes(call, by=A)
    night.closes(call, by=A)
    night.closes(call, by=B)
    night.says(call, "question", by=A)


def stopped(night: Night) -> None:
    """Tell of a hotline that is suspended, and of calls that could not be opened."""
    call = night.opens()
    stop = suspend(night.world.b, scope={"forum": "call"})
    night.takes(call, by=A)
    night.hears(A)
    night.takes(call, by=A)
    night.opens()
    resume(night.world.b, stop)
    night.hears(A)
    night.takes(call)
    night.opens(heard=False)
    night.world.b.says("unopened", re=night.world.a.log[-1])
    night.takes(night.world.a.log[-1])
    suspend(night.world.a)


STORIES = (
    Story(
        name="conversation",
        spec="§12",
        about="a call climbs, is taken, read back wrongly once, clarified, talked out, minuted, closed",
        tell=conversation,
    ),
    Story(
        name="ladder",
        spec="§12.9, §12.10",
        about="who is rung, on both sides, by urgency, level, promise and taking",
        tell=ladder,
    ),
    Story(
        name="endings",
        spec="§12.8",
        about="every ending, a closing that crossed a word, and records of one side alone",
        tell=endings,
    ),
    Story(name="voids", spec="§12.3, §12.7", about="what is void in a call", tell=voids),
    Story(
        name="stopped",
        spec="§12.10, §6.7",
        about="the hotline is suspended, and resumed; a call that could not be opened",
        tell=stopped,
        terms=SHUTTABLE,
    ),
)
