"""One test that was held: who tried, when it began, and when the answer was had.

    machine      link.probed                               its link.echoed
    human        call.opened of nature test                taken, and read back rightly: typed by a person,
                                                           compared by the machine
    ladder       the same, in which the caller pressed     taken at every rung of the desk
                 the other rungs of the desk
    principals   call.principal_opened of nature test      taken at a rung of the level that was called

Whether it was in time goes by the tester's clock alone: from its opening to when it had the answer. So nobody
is faster by dating an answer, a taking or a receipt back. What keeps a tester from dating its own opening
back is told in `periods.py`. Source: Spec §13.1, §13.3.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parley.protocol.clauses import Clauses, Level, LineTest, Owing, Rung, Step
from parley.protocol.hotline.apply import Call, Taking
from parley.protocol.hotline.bodies import Closed, Opening
from parley.protocol.hotline.codes import Cause, Nature
from parley.protocol.linetests.bodies import Echoed, FaultDeclared, Probed, Said

# The urgency whose limit for reading back holds for an echo, which no person writes.
FASTEST = "U0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A valid statement about the line, where it stands, and when each side had it by its own clock.

    `cut` is how many entries of the other log, in this `lane`, are in its past (Spec §6.4).
    """

    id: bytes
    writer: str
    lane: str
    index: int
    cut: int
    effective: int
    received_at: int | None
    re: bytes | None
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The cause that one side gave, and when."""

    cause: Cause
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test that `tester` held. `limit` is in seconds.

    By the tester's clock: `began`; `taken`, when it had the first taking; `answered`, when it had the answer.
    By the other side's: `reached`, when that had the opening, and `answered_there`. None: not yet. `causes`
    are those that the sides gave in closing the call.
    """

    test: LineTest
    id: bytes
    tester: str
    began: int
    limit: int
    reached: int | None
    taken: int | None
    answered: int | None
    answered_there: int | None
    causes: Mapping[str, Declared] = field(default_factory=dict)


def trials_of_probes(signs: Sequence[Sign], *, clauses: Clauses) -> tuple[Trial, ...]:
    """Return the machine tests among the statements about the line."""
    echoes: dict[tuple[str, bytes | None], list[Sign]] = {}
    for sign in sorted(signs, key=lambda each: each.index):
        if isinstance(sign.said, Echoed):
            echoes.setdefault((sign.lane, sign.re), []).append(sign)
    limit = clauses.limit(Owing.READ_BACK, FASTEST)
    return tuple(
        _probed(sign, echoes.get((sign.lane, sign.id), ()), limit=limit)
        for sign in signs
        if isinstance(sign.said, Probed)
    )


def _probed(probe: Sign, echoes: Sequence[Sign], *, limit: int) -> Trial:
    # An echo of one's own, or one that had not seen the probe, comes from nowhere; the next one counts.
    echo = next((each for each in echoes if each.writer != probe.writer and each.cut > probe.index), None)
    return Trial(
        test=LineTest.MACHINE,
        id=probe.id,
        tester=probe.writer,
        began=probe.effective,
        limit=limit,
        reached=probe.received_at,
        taken=None,
        answered=None if echo is None else echo.received_at,
        answered_there=None if echo is None else echo.effective,
    )


def trials_of_call(call: Call) -> tuple[Trial, ...]:
    """Return the tests that a call is: none, if it is meant; two, if it tried a person and the ladder."""
    opening = call.opened.said
    assert isinstance(opening, Opening)
    if opening.nature is not Nature.TEST:
        return ()
    if opening.level.is_principal:
        return (_principals(call, opening.level, opening.urgency),)
    ladder = _ladder(call, opening.urgency)
    return (_human(call, opening.urgency), *([] if ladder is None else [ladder]))


def rungs_to_press(clauses: Clauses) -> tuple[Rung, ...]:
    """Return the rungs that a test of the ladder presses: those of the desk but the lowest."""
    return tuple(step.rung for step in _desk(clauses)[1:])


def next_rung(call: Call) -> Rung | None:
    """Return the rung that a test of the ladder presses next; None if it waits for one, or all were pressed.

    One after another: whoever says anything at the desk ends the ringing of its other rungs (Spec §12.9.5).
    """
    pressed = {each.to for each in call.messages if each.node == call.caller}
    took = {each.rung for each in call.takings if each.node == call.called}
    for step in _desk(call.bells[call.caller].clauses):
        if step.rung not in took:
            is_rung = step.rung in pressed or step is call.bells[call.caller].clauses.ladder[0]
            return None if is_rung else step.rung
    return None


def _desk(clauses: Clauses) -> tuple[Step, ...]:
    return tuple(step for step in clauses.ladder if step.level is Level.DESK)


def _human(call: Call, urgency: str) -> Trial:
    right = [each for each in call.readings if each.node == call.called and not each.misses]
    # Lines of a minute are read back as well, and prove nothing of the text.
    texts = {minute for minute, _holds in call.minutes}
    first = next((each for each in right if each.of not in texts), None)
    return _trial(
        call,
        LineTest.HUMAN,
        limit=call.bells[call.caller].clauses.limit(Owing.READ_BACK, urgency),
        answered=(None, None) if first is None else (first.received_at, first.at),
    )


def _ladder(call: Call, urgency: str) -> Trial | None:
    clauses = call.bells[call.caller].clauses
    wanted = rungs_to_press(clauses)
    pressed = {each.to: each.at for each in reversed(call.messages) if each.node == call.caller and each.to}
    if wanted and pressed.keys().isdisjoint(wanted):
        return None
    desk = _desk(clauses)
    found = [
        _first_taking(call, {step.rung}, since=pressed.get(step.rung, None if step.rung in wanted else 0))
        for step in desk
    ]
    all_took = [taking for taking in found if taking is not None]
    answered: tuple[int | None, int | None] = (None, None)
    if len(all_took) == len(desk):
        had = [each.received_at for each in all_took if each.received_at is not None]
        answered = (max(had) if len(had) == len(desk) else None, max(each.at for each in all_took))
    limit = len(desk) * clauses.limit(Owing.READ_BACK, urgency)
    return _trial(call, LineTest.LADDER, limit=limit, answered=answered)


def _principals(call: Call, level: Level, urgency: str) -> Trial:
    clauses = call.bells[call.caller].clauses
    rungs = {step.rung for step in clauses.ladder if step.level is level}
    took = _first_taking(call, rungs, since=0)
    return _trial(
        call,
        LineTest.PRINCIPALS,
        limit=clauses.limit(Owing.WORD, urgency),
        answered=(None, None) if took is None else (took.received_at, took.at),
    )


def _first_taking(call: Call, rungs: set[Rung], *, since: int | None) -> Taking | None:
    """Return the first taking at one of `rungs` that the caller had from `since` on; None: never pressed."""
    if since is None:
        return None
    return next(
        (
            each
            for each in call.takings
            if each.node == call.called
            and each.rung in rungs
            and (each.received_at is None or each.received_at >= since)
        ),
        None,
    )


def _trial(call: Call, test: LineTest, *, limit: int, answered: tuple[int | None, int | None]) -> Trial:
    took = next((each for each in call.takings if each.node == call.called), None)
    return Trial(
        test=test,
        id=call.id,
        tester=call.caller,
        began=call.opened.effective,
        limit=limit,
        reached=call.opened.received_at,
        taken=None if took is None else took.received_at,
        answered=answered[0],
        answered_there=answered[1],
        causes=dict(_causes(call)),
    )


def _causes(call: Call) -> Iterator[tuple[str, Declared]]:
    for node, closing in call.endings.items():
        if isinstance(closing.said, Closed) and closing.said.cause is not None:
            yield node, Declared(cause=closing.said.cause, at=closing.effective)


def declared(
    signs: Sequence[Sign], *, test: LineTest, number: int, cut: int
) -> Iterator[tuple[str, Declared]]:
    """Yield by node the cause that each side declared for a period of a test, older ones first."""
    found = (
        (sign, sign.said)
        for sign in sorted(signs, key=lambda each: (each.effective, each.lane, each.index))
        if isinstance(sign.said, FaultDeclared) and sign.effective <= cut
    )
    for sign, said in found:
        if said.test is test and said.period == number:
            yield sign.writer, Declared(cause=said.cause, at=sign.effective)
