"""House rules about joint cases, pure: who owes the next word in one, and for what.

Who may say what is decided in `protocol/cases/eye.py`. Nobody is bound by what stands here: it is how a page
tells its reader what waits, the same on both sides. Nothing here reads a table or a clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from parley.protocol.cases.apply import Case, Finding, Work
from parley.protocol.cases.bodies import TaskSet
from parley.protocol.cases.codes import Owner, Standing, State, TaskState


class Owing(StrEnum):
    """What a side is waited for."""

    JOIN = "join"
    """Whether it is in."""
    CLOSE = "close"
    """Whether it is over for it too."""
    AGREE = "agree"
    """Whether it stands behind a task that the other side set."""
    DO = "do"
    """What became of a task that holds."""
    ANSWER = "answer"
    """What it holds of a version of a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What `node` is waited for: about which statement, and until when, where that is agreed."""

    node: str
    what: Owing
    of: bytes
    due: int | None = None


def letters_of(case: Case) -> Mapping[str, Owner]:
    """Return the letter of each node: the first in byte order is A."""
    return dict(zip(sorted((case.proposer, case.other)), (Owner.A, Owner.B), strict=True))


def owed(case: Case) -> Iterator[Owed]:
    """Yield what is waited for in a case; nothing in one that was declined or is closed."""
    match case.state:
        case State.PROPOSED:
            yield Owed(node=case.other, what=Owing.JOIN, of=case.id)
        case State.HALF_CLOSED:
            (closing,) = case.endings.values()
            yield Owed(node=_other(case, closing.writer), what=Owing.CLOSE, of=closing.id)
        case _:
            pass
    if case.state in {State.OPEN, State.HALF_CLOSED}:
        for task in case.tasks:
            yield from _owed_of_task(case, task)
        for finding in case.findings:
            yield from _owed_of_finding(case, finding)


def _owed_of_task(case: Case, task: Work) -> Iterator[Owed]:
    if task.state is TaskState.SET:
        for node, version in task.stands.items():
            other = _other(case, node)
            if task.stands.get(other) != version and _stands_newest(task, node):
                yield Owed(node=other, what=Owing.AGREE, of=version)
    if task.state is TaskState.AGREED and task.agreed is not None:
        said = task.agreed.said
        assert isinstance(said, TaskSet)
        for node, letter in letters_of(case).items():
            if said.owner in {letter, Owner.BOTH} and node not in task.results:
                yield Owed(node=node, what=Owing.DO, of=task.agreed.id, due=said.due)


def _stands_newest(task: Work, node: str) -> bool:
    """Return whether `node` itself wrote the version behind which it stands: then the other is asked."""
    version = task.stands[node]
    return any(each.id == version and each.writer == node for each in task.versions)


def _owed_of_finding(case: Case, finding: Finding) -> Iterator[Owed]:
    if finding.current.standing is Standing.UNANSWERED:
        yield Owed(node=_other(case, finding.author), what=Owing.ANSWER, of=finding.current.fact.id)


def _other(case: Case, node: str) -> str:
    return case.other if node == case.proposer else case.proposer
