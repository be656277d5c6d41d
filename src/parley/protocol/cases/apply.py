"""What a case comes to, once an eye has seen both sides' statements; the same on both nodes.

A finding has one author and one line of versions: a newer one replaces an older one, and removes nothing.
What the other side said of a version stays with that version. A task holds when both sides stand behind
the same version of it. Lists by both sides have the proposer's first, each side's in the order of its log,
so nothing depends on how the two logs were interleaved. Source: Spec §15.4, §15.5.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parley.protocol.cases.bodies import (
    Answered,
    Given,
    LinkMade,
    Place,
    Proposed,
    Revised,
    TaskDone,
    TaskSet,
)
from parley.protocol.cases.codes import Position, Reason, Result, Speech, Standing, State, TaskState
from parley.protocol.cases.eye import CaseEye, Task
from parley.protocol.crossing import Fact

_STANDINGS: Mapping[Position, Standing] = {
    Position.CONCURS: Standing.JOINT,
    Position.DOES_NOT_CONCUR: Standing.CONTESTED,
    Position.NO_POSITION: Standing.NO_POSITION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said last of one version. It `crossed` if a newer version was being written."""

    fact: Fact
    said: Answered
    crossed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a finding, and what became of the evidence since the one before."""

    fact: Fact
    said: Given
    reasons: tuple[Reason, ...]
    added: tuple[Place, ...]
    withdrawn: tuple[Place, ...]
    answer: Answer | None

    @property
    def standing(self) -> Standing:
        """Return who stands behind it. Nothing is inherited from another version."""
        return Standing.UNANSWERED if self.answer is None else _STANDINGS[self.answer.said.position]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The `number`-th finding of its author. All versions stay; the last one is current."""

    id: bytes
    author: str
    number: int
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        """Return the newest version."""
        return self.versions[-1]

    @property
    def speech(self) -> Speech:
        """Return who may say the current version in public; an older one nobody may."""
        version = self.current
        if not version.said.public:
            return Speech.NOBODY
        is_joint = version.answer is not None and version.answer.said.public
        return Speech.JOINTLY if is_joint else Speech.AUTHOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The `number`-th link of its writer: the exhibit number, for evidence. `undone` is what ended it."""

    fact: Fact
    said: LinkMade
    number: int
    undone: Fact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One task. `agreed` is the version that holds, `stands` behind which each side stands.

    `results` are what the sides said of the version that holds; `joint_start` is the instant at which both
    start, once it is settled.
    """

    id: bytes
    versions: tuple[Fact, ...]
    stands: Mapping[str, bytes]
    agreed: Fact | None
    state: TaskState
    results: Mapping[str, Result]
    joint_start: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as both sides see it. `endings` is the closing of each side that holds."""

    id: bytes
    proposer: str
    other: str
    proposed: Fact
    said: Proposed
    state: State
    joined: Fact | None
    declined: Fact | None
    notes: tuple[Fact, ...]
    links: tuple[Link, ...]
    tasks: tuple[Work, ...]
    findings: tuple[Finding, ...]
    endings: Mapping[str, Fact]


def case(eye: CaseEye) -> Case:
    """Return the case as `eye` sees it."""
    assert isinstance(eye.opened.said, Proposed)
    nodes = (eye.opened.writer, eye.other)
    firsts = _ordered(nodes, (versions[0] for versions in eye.findings.values()))
    tasks = _ordered(nodes, (task.versions[0] for task in eye.tasks.values()))
    return Case(
        id=eye.opened.id,
        proposer=eye.opened.writer,
        other=eye.other,
        proposed=eye.opened,
        said=eye.opened.said,
        state=eye.state,
        joined=eye.voices[eye.other].joined,
        declined=eye.voices[eye.other].declined,
        notes=tuple(_ordered(nodes, eye.notes)),
        links=tuple(_links(eye, nodes)),
        tasks=tuple(_work(eye, first.id, eye.tasks[first.id]) for first in tasks),
        findings=tuple(_finding(eye, number, first) for number, first in _numbered(firsts)),
        endings={node: last for node in nodes if (last := eye.voices[node].closed) is not None},
    )


def _ordered(nodes: Sequence[str], facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (nodes.index(fact.writer), fact.index))


def _numbered(facts: Sequence[Fact]) -> list[tuple[int, Fact]]:
    """Return facts, ordered, each with its number among those of its writer, from 1."""
    counts: dict[str, int] = {}
    numbered = []
    for fact in facts:
        counts[fact.writer] = counts.get(fact.writer, 0) + 1
        numbered.append((counts[fact.writer], fact))
    return numbered


def _links(eye: CaseEye, nodes: Sequence[str]) -> Iterable[Link]:
    for number, fact in _numbered(_ordered(nodes, eye.links)):
        assert isinstance(fact.said, LinkMade)
        yield Link(fact=fact, said=fact.said, number=number, undone=eye.unlinked.get(fact.id))


def _work(eye: CaseEye, first: bytes, task: Task) -> Work:
    agreed = eye.agreed(task)
    owners = [] if agreed is None else [*eye.owners(agreed)]
    done = {node: task.done[node] for node in owners if node in task.done}
    results = {
        node: fact.said.result
        for node, fact in done.items()
        if agreed is not None and fact.re == agreed.id and isinstance(fact.said, TaskDone)
    }
    start = agreed.said.start if agreed is not None and isinstance(agreed.said, TaskSet) else None
    nodes = (eye.opened.writer, eye.other)
    return Work(
        id=first,
        versions=tuple(_ordered(nodes, task.versions)),
        stands={node: task.stands[node] for node in nodes if node in task.stands},
        agreed=agreed,
        state=_task_state(task, owners, results),
        results=results,
        joint_start=start if len(owners) > 1 else None,
    )


def _task_state(task: Task, owners: Sequence[str], results: Mapping[str, Result]) -> TaskState:
    if owners:
        return TaskState.DONE if all(node in results for node in owners) else TaskState.AGREED
    # There are two sides, so whoever declined it, and does not stand behind it, is the other one.
    declined = {version for node, version in task.declined.items() if task.stands.get(node) != version}
    return TaskState.DECLINED if declined.issuperset(task.stands.values()) else TaskState.SET


def _finding(eye: CaseEye, number: int, first: Fact) -> Finding:
    facts = eye.findings[first.id]
    versions = []
    for before, fact, after in zip((None, *facts), facts, (*facts[1:], None), strict=False):
        assert isinstance(fact.said, Given)
        held = before.said.evidence if before is not None and isinstance(before.said, Given) else ()
        versions.append(
            Version(
                fact=fact,
                said=fact.said,
                reasons=fact.said.reasons if isinstance(fact.said, Revised) else (),
                added=tuple(place for place in fact.said.evidence if place not in held),
                withdrawn=tuple(place for place in held if place not in fact.said.evidence),
                answer=_answer(eye, fact, after),
            )
        )
    return Finding(id=first.id, author=first.writer, number=number, versions=tuple(versions))


def _answer(eye: CaseEye, version: Fact, after: Fact | None) -> Answer | None:
    fact = eye.answers.get(version.id)
    if fact is None:
        return None
    assert isinstance(fact.said, Answered)
    crossed = after is not None and fact.cut <= after.index and after.cut <= fact.index
    return Answer(fact=fact, said=fact.said, crossed=crossed)
