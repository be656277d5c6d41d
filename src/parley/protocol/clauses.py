"""What the two sides agreed about the hotline: the clauses of the terms that its calls live by.

Scope, goals and procedures are codes, so that they are signed in one form and read in two languages.
The ladder says who is rung, by rung and never by name, and after how many minutes of silence; the limits,
how long a side may owe the other a word. A call lives by the clauses that were in force when it was
opened; a changed ladder holds from the next call. What rings when is told in `hotline/ladder.py`.
Source: Spec §12.2.

    {"scope":["threat_to_life",…],"goals":[…],"procedures":[…],"levels":["desk","vice_minister","minister"],
     "ladder":[{"rung":"duty_desk","level":"desk","after":{"U0":0,"U1":0,"U2":0,"U3":0}},…],
     "repeat":1,"limits":{"read_back":{"U0":"5m",…},"word":{…},"next_word":{…}},"close":"24h",
     "hours":{"desk":"always",…},"tests":{"machine":1,"human":7,"ladder":30,"principals":182},
     "texts":["ferry",…]}
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final, TypeVar

from parley.protocol.breach import BreachError
from parley.protocol.officetime import DAY_SECONDS, MINUTE, read_limit
from parley.protocol.strictjson import JsonValue

_Word = TypeVar("_Word", bound=Enum)
_Value = TypeVar("_Value")

URGENCIES: Final = ("U0", "U1", "U2", "U3")
MAX_CODES: Final = 64
MAX_MINUTES: Final = 10_080
MAX_TEST_DAYS: Final = 400

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
WATCH_SHOWN: Final = "watch_shown"
"""The one clause that may be left out, as the default profile does: it says true, or is not there."""

_KEYS: Final = frozenset(
    {"scope", "goals", "procedures", "levels", "ladder", "repeat", "limits", "close", "hours", "tests"}
    | {"texts"}
)


class Level(Enum):
    """How high a call is held. All above the desk are principals."""

    DESK = "desk"
    VICE_MINISTER = "vice_minister"
    MINISTER = "minister"

    @property
    def is_principal(self) -> bool:
        """Return whether it is a level of principals."""
        return self is not Level.DESK

    @property
    def rank(self) -> int:
        """Return how high it is, the desk being 0."""
        return tuple(Level).index(self)


class Rung(Enum):
    """Who is rung, by office: both sides see the rungs, and neither sees a name."""

    DUTY_DESK = "duty_desk"
    DUTY_PHONE = "duty_phone"
    SECOND_OFFICER = "second_officer"
    DIRECTOR = "director"
    VICE_MINISTER = "vice_minister"
    MINISTER = "minister"


class Owing(Enum):
    """What a side can owe the other for no longer than a limit.

    READ_BACK: the text of the call, by who took it. WORD: an answer. NEXT_WORD: the one that it
    promised for a time; no promise reaches further than this.
    """

    READ_BACK = "read_back"
    WORD = "word"
    NEXT_WORD = "next_word"


class Hours(Enum):
    """When a level is there to talk: always, or in the side's office hours. A call rings all the same."""

    ALWAYS = "always"
    OFFICE = "office"


class LineTest(Enum):
    """What is tried in turn: the nodes, a person at the desk, the whole ladder, the principals."""

    MACHINE = "machine"
    HUMAN = "human"
    LADDER = "ladder"
    PRINCIPALS = "principals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung of the ladder: its level, and after how many seconds it is rung, by urgency.

    Without a time for an urgency it is not reached by climbing: only a call or a message to it rings it.
    """

    rung: Rung
    level: Level
    after: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """What is agreed about the hotline. `repeat`, `limits` and `close` are seconds, `tests` days."""

    scope: frozenset[str]
    goals: tuple[str, ...]
    procedures: tuple[str, ...]
    levels: tuple[Level, ...]
    ladder: tuple[Step, ...]
    repeat: int
    limits: Mapping[Owing, Mapping[str, int]]
    close: int
    hours: Mapping[Level, Hours]
    tests: Mapping[LineTest, int]
    texts: tuple[str, ...]
    watch_shown: bool = False
    """Whether each side tells the other that its desk is watched (Spec §12.12)."""

    def step(self, rung: Rung) -> Step | None:
        """Return the step of `rung`, or None if it is none of this ladder."""
        return next((step for step in self.ladder if step.rung is rung), None)

    def climb(self, urgency: str) -> tuple[tuple[Step, int], ...]:
        """Return the steps that a call of this urgency reaches by silence, each after so many seconds."""
        return tuple((step, step.after[urgency]) for step in self.ladder if urgency in step.after)

    def office(self, level: Level) -> Rung:
        """Return the lowest rung of `level`, one of the agreed levels: where a call to it rings."""
        return next(step.rung for step in self.ladder if step.level is level)

    def limit(self, owing: Owing, urgency: str) -> int:
        """Return for how many seconds it may be owed in a call of this urgency."""
        return self.limits[owing][urgency]

    def tester(self, test: LineTest, at: int) -> str | None:
        """Return the letter of the side that begins `test` in the period of the instant `at`.

        Periods are counted in days of UTC from 1970-01-01; A begins in the even ones. None if the
        sides agreed on no such test.
        """
        days = self.tests.get(test)
        return None if days is None else "AB"[at // DAY_SECONDS // days % 2]


def read_clauses(value: JsonValue) -> Clauses:
    """Return the clauses that `value` states.

    Raises:
        BreachError: §12.2, naming the clause that is wrong; §7.3 for what is no limit.
    """
    if not isinstance(value, dict) or value.keys() - {WATCH_SHOWN} != _KEYS:
        raise BreachError("12.2", f"the clauses of the hotline are exactly: {', '.join(sorted(_KEYS))}")
    levels = _levels(value["levels"])
    return Clauses(
        scope=frozenset(_codes(value["scope"])),
        goals=_codes(value["goals"]),
        procedures=_codes(value["procedures"]),
        levels=levels,
        ladder=_ladder(value["ladder"], levels),
        repeat=MINUTE * _count(value["repeat"], low=1, high=60),
        limits=_complete(Owing, _table(value["limits"], Owing, read=_limits), "limits"),
        close=_seconds(value["close"]),
        hours=_complete(levels, _table(value["hours"], Level, read=lambda each: _word(each, Hours)), "hours"),
        tests=_table(value["tests"], LineTest, read=lambda each: _count(each, low=1, high=MAX_TEST_DAYS)),
        texts=_codes(value["texts"]),
        watch_shown=_is_watch_shown(value),
    )


def _is_watch_shown(clauses: Mapping[str, JsonValue]) -> bool:
    # There is one way to say no, so that two texts of the same terms cannot differ in it.
    if WATCH_SHOWN in clauses and clauses[WATCH_SHOWN] is not True:
        raise BreachError("12.2", f"{WATCH_SHOWN} is true, or is left out")
    return WATCH_SHOWN in clauses


def _list(value: JsonValue, *, most: int) -> list[JsonValue]:
    if not isinstance(value, list) or not 0 < len(value) <= most:
        raise BreachError("12.2", f"a list of 1 to {most} is wanted")
    return value


def _codes(value: JsonValue) -> tuple[str, ...]:
    codes = [each for each in _list(value, most=MAX_CODES) if isinstance(each, str) and _CODE.fullmatch(each)]
    if codes != value or len(set(codes)) != len(codes):
        raise BreachError("12.2", "a list of codes, each once, is wanted")
    return tuple(codes)


def _word(value: JsonValue, words: type[_Word]) -> _Word:
    for word in words:
        if word.value == value and isinstance(value, str):
            return word
    raise BreachError("12.2", f"not one of: {', '.join(str(word.value) for word in words)}")


def _count(value: JsonValue, *, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BreachError("12.2", f"a whole number from {low} to {high} is wanted")
    return value


def _seconds(value: JsonValue) -> int:
    if not isinstance(value, str):
        raise BreachError("12.2", "a limit is wanted")
    seconds = read_limit(value).seconds
    if seconds is None:
        raise BreachError("12.2", "a limit of the hotline is in minutes or hours")
    return seconds


def _table(
    value: JsonValue, words: type[_Word], *, read: Callable[[JsonValue], _Value]
) -> Mapping[_Word, _Value]:
    if not isinstance(value, dict):
        raise BreachError("12.2", "a table is wanted")
    return {_word(key, words): read(each) for key, each in value.items()}


def _complete(
    wanted: "type[_Word] | tuple[_Word, ...]", table: Mapping[_Word, _Value], name: str
) -> Mapping[_Word, _Value]:
    if set(table) != set(wanted):
        raise BreachError(
            "12.2", f"{name} have a row for each of: {', '.join(str(each.value) for each in wanted)}"
        )
    return table


def _levels(value: JsonValue) -> tuple[Level, ...]:
    levels = tuple(_word(each, Level) for each in _list(value, most=len(Level)))
    if levels[0] is not Level.DESK or any(one.rank >= two.rank for one, two in pairwise(levels)):
        raise BreachError("12.2", "the levels rise, and the first is the desk")
    return levels


def _ladder(value: JsonValue, levels: tuple[Level, ...]) -> tuple[Step, ...]:
    steps = tuple(_step(each) for each in _list(value, most=len(Rung)))
    ranks = [step.level.rank for step in steps]
    if len({step.rung for step in steps}) != len(steps) or ranks != sorted(ranks):
        raise BreachError("12.2", "a rung stands once, and the ladder rises")
    if {step.level for step in steps} != set(levels):
        raise BreachError("12.2", "each agreed level has a rung, and no other has")
    # Whatever is rung at once is rung for ever: so every call rings somewhere from its first second.
    if any(steps[0].after.get(urgency) != 0 for urgency in URGENCIES):
        raise BreachError("12.2", "the lowest rung is rung at once")
    for urgency in URGENCIES:
        times = [step.after[urgency] for step in steps if urgency in step.after]
        if any(one > two for one, two in pairwise(times)):
            raise BreachError("12.2", "a higher rung is not rung before a lower one")
    return steps


def _step(value: JsonValue) -> Step:
    match value:
        case {"rung": rung, "level": level, "after": dict(after), **rest} if not rest:
            if not after.keys() <= set(URGENCIES):
                raise BreachError("12.2", f"a rung is rung after minutes for: {', '.join(URGENCIES)}")
            times = {
                urgency: MINUTE * _count(each, low=0, high=MAX_MINUTES) for urgency, each in after.items()
            }
            return Step(rung=_word(rung, Rung), level=_word(level, Level), after=times)
        case _:
            raise BreachError("12.2", "a step has exactly a rung, a level, and its minutes")


def _limits(value: JsonValue) -> Mapping[str, int]:
    if not isinstance(value, dict) or value.keys() != set(URGENCIES):
        raise BreachError("12.2", f"a limit is given for each of: {', '.join(URGENCIES)}")
    return {urgency: _seconds(each) for urgency, each in value.items()}


# The scope test: of a call that no inquiry led to, one of these must be true ("major and urgent").
SCOPE: Final = (
    "threat_to_life",
    "critical_infrastructure",
    "attack_in_progress",
    "large_loss",
    "evidence_at_risk",
    "misunderstanding",
    "public_attention",
)
GOALS: Final = ("quick_contact", "no_misunderstanding", "no_escalation", "joint_response")
PROCEDURES: Final = (
    "original_holds",
    "receiver_translates",
    "read_back",
    "next_word_promised",
    "joint_minute",
    "both_close",
    "testers_alternate",
)
# Screens §7: with U1 three times as slow as with U0; U2 and U3 never climb above the desk.
LADDER: Final[tuple[tuple[Rung, Level, Mapping[str, int]], ...]] = (
    (Rung.DUTY_DESK, Level.DESK, {"U0": 0, "U1": 0, "U2": 0, "U3": 0}),
    (Rung.DUTY_PHONE, Level.DESK, {"U0": 1, "U1": 3}),
    (Rung.SECOND_OFFICER, Level.DESK, {"U0": 2, "U1": 6}),
    (Rung.DIRECTOR, Level.DESK, {"U0": 5, "U1": 15}),
    (Rung.VICE_MINISTER, Level.VICE_MINISTER, {"U0": 15, "U1": 45}),
    (Rung.MINISTER, Level.MINISTER, {"U0": 45, "U1": 135}),
)
LIMITS: Final[Mapping[Owing, Mapping[str, str]]] = {
    Owing.READ_BACK: {"U0": "5m", "U1": "5m", "U2": "1h", "U3": "4h"},
    Owing.WORD: {"U0": "15m", "U1": "45m", "U2": "8h", "U3": "24h"},
    Owing.NEXT_WORD: {"U0": "4h", "U1": "12h", "U2": "72h", "U3": "168h"},
}
CLOSE: Final = "24h"
REPEAT: Final = 1
TESTS: Final[Mapping[LineTest, int]] = {
    LineTest.MACHINE: 1,
    LineTest.HUMAN: 7,
    LineTest.LADDER: 30,
    LineTest.PRINCIPALS: 182,
}
# The shelf from which a tester draws what to say (`linetests/texts.py`): it composes nothing.
TEXTS: Final = (
    "ferry",
    "bridge",
    "orchard",
    "library",
    "lighthouse",
    "tram",
    "museum",
    "greenhouse",
    "theatre",
    "teahouse",
    "station",
    "kite",
)


def default_clauses(*, watch_shown: bool = False) -> dict[str, JsonValue]:
    """Return the clauses of the default profile, as the terms write them; `watch_shown` as both proposed."""
    return {
        "scope": list(SCOPE),
        "goals": list(GOALS),
        "procedures": list(PROCEDURES),
        "levels": [level.value for level in Level],
        "ladder": [
            {"rung": rung.value, "level": level.value, "after": dict(after)} for rung, level, after in LADDER
        ],
        "repeat": REPEAT,
        "limits": {owing.value: dict(limits) for owing, limits in LIMITS.items()},
        "close": CLOSE,
        "hours": {level.value: Hours.ALWAYS.value for level in Level},
        "tests": {test.value: days for test, days in TESTS.items()},
        "texts": list(TEXTS),
        **({WATCH_SHOWN: True} if watch_shown else {}),
    }
