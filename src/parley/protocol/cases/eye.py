"""An eye: what is known of one case once some of both sides' statements are seen, and who may then say what.

    kind                               writer            answers                    once
    case.joined                        the other side    the proposal               it has not joined
    case.declined                      the other side    the proposal               it has said neither
    case.closed                        a member          the proposal               not twice the same
    case.noted                         a member          any statement of the case  –
    case.linked, finding.given         a member          the proposal               –
    case.unlinked                      who linked        case.linked                the link holds
    case.task_set                      a member          the proposal, case.task_set  –
    case.task_agreed, .task_declined   not who set it    case.task_set              it is something new
    case.task_done                     whose task it is  the version agreed to      the task is agreed
    finding.revised                    its author        the newest version         –
    finding.answered                   not its author    any version                –

The proposer is a member; the other side is one once it has joined. A declined case takes nothing but a
joining. Source: Spec §15.3, §15.6.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.protocol.cases.bodies import (
    OF_FINDINGS,
    Answered,
    Closed,
    Declined,
    Given,
    Joined,
    LinkMade,
    Noted,
    Proposed,
    Revised,
    TaskAgreed,
    TaskDeclined,
    TaskDone,
    TaskSet,
    Unlinked,
)
from parley.protocol.cases.codes import Owner, State
from parley.protocol.crossing import Eye, Fact


@dataclass(slots=True, kw_only=True)
class Task:
    """One task: its versions, and the one behind which each side stands, by what it last set or agreed to."""

    versions: list[Fact] = field(default_factory=list)
    stands: dict[str, bytes] = field(default_factory=dict)
    # By side, the version that it declined last, and what it said when it was done.
    declined: dict[str, bytes] = field(default_factory=dict)
    done: dict[str, Fact] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Voice:
    """What one side has said of the case itself: whether it is in, and its closing, if that was its last."""

    joined: Fact | None = None
    declined: Fact | None = None
    closed: Fact | None = None


class CaseEye(Eye):
    """One case as seen so far."""

    def __init__(self, opened: Fact, other: str) -> None:
        """Begin with the proposal; `other` is the side that is asked to join."""
        assert isinstance(opened.said, Proposed)
        nodes = sorted((opened.writer, other))
        self.letters = dict(zip(nodes, Owner, strict=False))
        self.voices = {opened.writer: Voice(), other: Voice()}
        self.notes: list[Fact] = []
        self.links: list[Fact] = []
        self.unlinked: dict[bytes, Fact] = {}
        self.tasks: dict[bytes, Task] = {}
        # By statement: the first version of the task, or of the finding, to which it belongs.
        self.roots: dict[bytes, bytes] = {}
        self.findings: dict[bytes, list[Fact]] = {}
        self.answers: dict[bytes, Fact] = {}
        super().__init__(opened, other)

    def note(self, fact: Fact) -> None:
        """Take in what a valid `fact` changes."""
        voice = self.voices[fact.writer]
        if not isinstance(fact.said, OF_FINDINGS):
            voice.closed = fact if isinstance(fact.said, Closed) else None
        match fact.said:
            case Joined():
                voice.joined, voice.declined = fact, None
            case Declined():
                voice.declined = fact
            case Noted():
                self.notes.append(fact)
            case LinkMade():
                self.links.append(fact)
            case Unlinked():
                self.unlinked[fact.re or b""] = fact
            case Given() | Answered():
                self._note_finding(fact)
            case _:
                self._note_task(fact)

    def _note_finding(self, fact: Fact) -> None:
        match fact.said:
            case Revised():
                self.roots[fact.id] = self.roots[fact.re or b""]
                self.findings[self.roots[fact.id]].append(fact)
            case Given():
                self.roots[fact.id] = fact.id
                self.findings[fact.id] = [fact]
            case _:
                self.answers[fact.re or b""] = fact

    def _note_task(self, fact: Fact) -> None:
        target = fact.re or b""
        match fact.said:
            case TaskSet():
                self.roots[fact.id] = self.roots.get(target, fact.id)
                task = self.tasks.setdefault(self.roots[fact.id], Task())
                task.versions.append(fact)
                task.stands[fact.writer] = fact.id
            case TaskAgreed():
                self._task(target).stands[fact.writer] = target
            case TaskDeclined():
                task = self._task(target)
                task.declined[fact.writer] = target
                if task.stands.get(fact.writer) == target:
                    del task.stands[fact.writer]
            case TaskDone():
                self._task(target).done[fact.writer] = fact
            case _:
                pass

    def _task(self, version: bytes) -> Task:
        return self.tasks[self.roots[version]]

    @property
    def is_joined(self) -> bool:
        """Return whether the other side is in."""
        return self.voices[self.other].joined is not None

    @property
    def state(self) -> State:
        """Return where the case stands."""
        ours, theirs = self.voices[self.opened.writer], self.voices[self.other]
        if self.is_joined:
            closings = [ours.closed, theirs.closed].count(None)
            return (State.CLOSED, State.HALF_CLOSED, State.OPEN)[closings]
        if theirs.declined is not None:
            return State.DECLINED
        return State.PROPOSED if ours.closed is None else State.CLOSED

    def owners(self, version: Fact) -> Iterator[str]:
        """Yield the sides whose task it is by this version."""
        assert isinstance(version.said, TaskSet)
        for node, letter in self.letters.items():
            if version.said.owner in {letter, Owner.BOTH}:
                yield node

    def agreed(self, task: Task) -> Fact | None:
        """Return the version that holds: both stand behind it, or its writer has it alone, and for itself."""
        stands = {node: self.seen[version] for node, version in task.stands.items()}
        if len(stands) > 1:
            one, two = stands.values()
            return one if one is two else None
        for node, version in stands.items():
            alone = [*self.owners(version)] == [node] == [version.writer]
            return version if alone else None
        return None

    def may_write(self, fact: Fact) -> bool:
        """Return whether the kind is one of its writer's part, of what it names."""
        target = self.seen[fact.re or b""]
        match fact.said:
            case Joined() | Declined():
                return fact.writer == self.other
            case Unlinked() | Revised():
                return fact.writer == target.writer
            case TaskAgreed() | TaskDeclined() | Answered():
                return fact.writer != target.writer
            case _:
                return True

    def fits(self, fact: Fact, target: Fact) -> bool:
        """Return whether `target` is what the kind answers."""
        match fact.said:
            case Noted():
                return True
            case Unlinked():
                return isinstance(target.said, LinkMade)
            case TaskSet():
                return target is self.opened or isinstance(target.said, TaskSet)
            case TaskAgreed() | TaskDeclined() | TaskDone():
                return isinstance(target.said, TaskSet)
            case Revised() | Answered():
                return isinstance(target.said, Given)
            case _:
                return target is self.opened

    def may_now(self, fact: Fact, target: Fact) -> bool:
        """Return whether the case stands so that this can be said in it."""
        voice = self.voices[fact.writer]
        match fact.said:
            case Joined():
                return not self.is_joined and self.state is not State.CLOSED
            case Declined():
                return self.state is State.PROPOSED
            case _ if self.state is State.DECLINED or (fact.writer == self.other and not self.is_joined):
                return False
            case Closed():
                return voice.closed is None or voice.closed.said != fact.said
            case Unlinked():
                return target.id not in self.unlinked
            case Revised():
                return self.findings[self.roots[target.id]][-1] is target
            case _:
                return self._may_of_task(fact, target)

    def _may_of_task(self, fact: Fact, target: Fact) -> bool:
        match fact.said:
            case TaskAgreed():
                return self._task(target.id).stands.get(fact.writer) != target.id
            case TaskDeclined():
                task = self._task(target.id)
                holds = task.stands.get(fact.writer) == target.id
                return holds or task.declined.get(fact.writer) != target.id
            case TaskDone():
                agreed = self.agreed(self._task(target.id))
                return agreed is target and fact.writer in self.owners(target)
            case _:
                return True
