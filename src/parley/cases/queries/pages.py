"""What the page of one joint case is made of: plain values, folded and read when somebody looks."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.cases.forms.texts import Both, Words
from parley.cases.queries.rows import CaseRow
from parley.ledger.reading import LinkRow
from parley.links.queries.timeline import Timeline
from parley.protocol.cases.apply import Case, Finding, Link, Version, Work
from parley.protocol.cases.bodies import Place
from parley.protocol.crossing import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a statement belongs to: the kind that opened it, and its place; "" where that is not here."""

    kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    """A place on which a finding rests. `target` is "" if nothing of that name is on this link.

    `exhibit` is the link that made it evidence of the case, None if none did; `label` its number, ``A E3``.
    `file` is what the file is called by its writer's word, `thread` what the statement belongs to.
    """

    place: Place
    target: str
    file: str
    thread: Thread
    label: str
    exhibit: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """One version of a finding in words, on what it rests, and what the other side said of it.

    `added` and `withdrawn` are what it rests on beside, and no more, compared with the version before.
    `signers` are the numbers of the officers who signed it, `answer_signers` of those who signed the answer.
    """

    place: str
    version: Version
    signers: tuple[int, ...]
    words: Words
    evidence: tuple[EvidenceShown, ...]
    added: tuple[EvidenceShown, ...]
    withdrawn: tuple[EvidenceShown, ...]
    answer_place: str
    answer_signers: tuple[int, ...]
    answer_words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingShown:
    """A finding with all its versions, the oldest first; `label` is such as ``A F1``."""

    label: str
    is_ours: bool
    finding: Finding
    versions: tuple[VersionShown, ...]

    @property
    def current(self) -> VersionShown:
        """Return the newest version."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown:
    """A task, called by the version that holds, else by the newest."""

    task: Work
    version: Fact
    place: str
    """Of the version that holds, else of the newest: what an answer to it names."""
    title: Both
    places: Mapping[str, str]
    """By the id of a version."""
    titles: Mapping[str, Both]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """A link of the case. `label` is the exhibit number for evidence, such as ``A E3``, else empty.

    `target` is the place of what is linked, "" if nothing of that name is on this link; `file` is what the
    file is called by its writer's word. `thread` is what the linked statement belongs to.
    """

    label: str
    is_ours: bool
    link: Link
    place: str
    target: str
    file: str
    thread: Thread
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the page of one case shows. `case` is the fold; None if the proposal has no effect."""

    link: LinkRow
    row: CaseRow
    case: Case | None
    timeline: Timeline
    words: Mapping[str, Words]
    """By the id of a statement in the timeline."""
    findings: tuple[FindingShown, ...]
    tasks: tuple[TaskShown, ...]
    links: tuple[LinkShown, ...]
    origins: tuple[tuple[str, str, Thread], ...]
    """The statements from which it arose: id, and place, "" if none of that name is on this link."""
    now: int

    @property
    def evidence(self) -> tuple[LinkShown, ...]:
        """Return the exhibits, withdrawn ones among them."""
        return tuple(each for each in self.links if each.label)
