"""The page of a case in words: the same on both sides, and whose move it is told first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from parley.cases.forms.texts import Both, Words
from parley.cases.queries import (
    CaseRow,
    Dossier,
    EvidenceShown,
    FindingShown,
    LinkShown,
    TaskShown,
    Thread,
    VersionShown,
)
from parley.cases.views.showing.telling import (
    OfVersion,
    evidence_name,
    in_language,
    said_text,
    undone_text,
    version_of,
    wait_text,
)
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import effect_text, hand_text, kind_text, unequal_text
from parley.links.policy import Whose
from parley.links.queries.timeline import Told
from parley.protocol.cases.bodies import TaskSet
from parley.ui import casewords, words

PAGES: Final = {
    "inquiry.sent": "inquiries:page",
    "call.opened": "hotline:page",
    "call.principal_opened": "hotline:page",
    "sharing.offered": "sharing:page",
    "case.proposed": "cases:page",
}
"""The page of a thread, by the kind that opened it. What opens a link has none: its statement is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What waits for one side."""

    is_ours: bool
    text: str
    place: str
    """Of the statement that it is about, "" where that is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A place on which a finding rests: its number as evidence, the file, and why it holds no more.

    `name` is the place, or a short id where nothing of that name is here; then `href` is "".
    """

    label: str
    name: str
    href: str
    file: str
    file_href: str
    undone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a finding, in words. Likelihood and confidence are never one phrase."""

    number: int
    place: str
    at: int
    who: str
    is_current: bool
    statement: Both
    responsibility: str
    likelihood: str
    confidence: str
    standing: str
    reasons: str
    changed: Both
    evidence: tuple[Evidence, ...]
    added: tuple[Evidence, ...]
    withdrawn: tuple[Evidence, ...]
    alternatives: tuple[str, ...]
    dissent: Text | None
    has_dissent: bool
    answer_place: str
    answer_who: str
    answer_text: Text | None
    crossed: bool
    is_public: bool
    unequal: str
    """Which figures its two languages do not both name."""
    replaced_by: str
    """The place of the version that came after it, "" for the current one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding with its versions, the newest first."""

    label: str
    is_ours: bool
    speech: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task, by the version that holds, else by the newest."""

    place: str
    title: Both
    owner: str
    start: int | None
    due: int | None
    state: str
    is_joint: bool
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A link or an exhibit."""

    label: str
    is_ours: bool
    to: str
    target: str
    href: str
    """Where it is shown: the page of what it belongs to, or of the statement; "" where it is not here."""
    file: str
    file_href: str
    place: str
    undone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement of the timeline."""

    place: str
    is_ours: bool
    kind: str
    who: str
    at: int
    is_at_their_node: bool
    without_effect: str
    version: OfVersion | None
    said: str
    """What its codes say, such as the position of an answer."""
    linked: Evidence | None
    """What it links to the case."""
    title: Both
    text: Text | None
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseShown:
    """Everything that the page of a case shows, in words."""

    dossier: Dossier
    row: CaseRow
    title: str
    unequal: str
    """Which figures the two languages of its title do not both name."""
    state: str
    moves: tuple[Move, ...]
    origins: tuple[tuple[str, str, str], ...]
    """The statements from which it arose: id, place, address; both "" where it is not on this link."""
    findings: tuple[Finding, ...]
    tasks: tuple[Task, ...]
    links: tuple[Linked, ...]
    lines: tuple[Line, ...]


def contents(dossier: Dossier, *, state: str) -> CaseShown:
    """Return what the page shows; `state` is how far the case is, in words."""
    places = {each.statement: each.place for each in dossier.timeline.statements}
    return CaseShown(
        dossier=dossier,
        row=dossier.row,
        title=in_language(dossier.row.title),
        unequal=_unequal(dossier.row.title),
        state=state,
        moves=tuple(
            Move(
                is_ours=each.whose is Whose.US,
                text=wait_text(each, now=dossier.now),
                place=places.get(each.of, ""),
            )
            for each in dossier.row.owed
        ),
        origins=tuple(
            (each, place, _href(dossier.link.name, place, thread)) for each, place, thread in dossier.origins
        ),
        findings=tuple(_finding(dossier.link.name, each) for each in dossier.findings),
        tasks=tuple(_task(each) for each in dossier.tasks),
        links=tuple(_link(dossier.link.name, each) for each in dossier.links),
        lines=tuple(_line(dossier, each) for each in dossier.timeline.statements),
    )


def _finding(link: str, shown: FindingShown) -> Finding:
    after = [*(each.place for each in shown.versions[1:]), ""]
    numbered = [
        _version(each, link=link, number=number, replaced_by=later)
        for number, (each, later) in enumerate(zip(shown.versions, after, strict=True), start=1)
    ]
    return Finding(
        label=shown.label,
        is_ours=shown.is_ours,
        speech=words.label(shown.finding.speech.value, casewords.SPEECHES),
        versions=tuple(reversed(numbered)),
    )


def _evidence(link: str, shown: EvidenceShown) -> Evidence:
    part = shown.place.part
    return Evidence(
        label=shown.label,
        name=evidence_name(shown.target, shown.place),
        href=_href(link, shown.target, shown.thread),
        file=shown.file,
        file_href=_file_href(link, shown.target, part=part) if shown.file else "",
        undone="" if shown.exhibit is None else undone_text(shown.exhibit),
    )


def _linked_to(link: str, shown: LinkShown) -> Evidence:
    place = shown.link.said.place
    return _evidence(
        link,
        EvidenceShown(
            place=place,
            target=shown.target,
            file=shown.file,
            thread=shown.thread,
            label=shown.label,
            exhibit=shown.link,
        ),
    )


def _version(shown: VersionShown, *, link: str, number: int, replaced_by: str) -> Version:
    version, said = shown.version, shown.version.said
    step = "" if said.responsibility is None else said.responsibility.value
    return Version(
        number=number,
        place=shown.place,
        at=version.fact.effective,
        who=hand_text(version.fact.by.role, version.fact.by.n, shown.signers),
        is_current=not replaced_by,
        statement=shown.words.statement,
        responsibility=words.label(step, casewords.RESPONSIBILITIES),
        likelihood=words.label(said.likelihood.value, casewords.LIKELIHOODS),
        confidence=words.label(said.confidence.value, casewords.CONFIDENCES),
        standing=words.label(version.standing.value, casewords.STANDINGS),
        reasons=words.labelled((each.value for each in version.reasons), casewords.REASONS),
        changed=shown.words.changed,
        evidence=tuple(_evidence(link, each) for each in shown.evidence),
        added=tuple(_evidence(link, each) for each in shown.added),
        withdrawn=tuple(_evidence(link, each) for each in shown.withdrawn),
        alternatives=tuple(alternatives_of(shown)),
        dissent=shown.words.dissent,
        has_dissent=said.dissent,
        answer_place=shown.answer_place,
        answer_who=answer_hand(shown),
        answer_text=shown.answer_words.text,
        crossed=version.answer is not None and version.answer.crossed,
        is_public=said.public,
        unequal=unequal_of(shown),
        replaced_by=replaced_by,
    )


def answer_hand(shown: VersionShown) -> str:
    """Return who answered a version, and who signed that; "" while nobody did."""
    answer = shown.version.answer
    return "" if answer is None else hand_text(answer.fact.by.role, answer.fact.by.n, shown.answer_signers)


def unequal_of(shown: VersionShown) -> str:
    """Return which figures the two languages of a version do not both name; "" where they do."""
    return _unequal(shown.words.statement, shown.words.changed)


def _unequal(*texts: Both) -> str:
    return words.clauses(filter(None, (unequal_text(each.en, each.zh) for each in texts)))


def alternatives_of(shown: VersionShown) -> Iterator[str]:
    """Yield what else a version considered, how likely it holds that, and why."""
    texts = shown.words.alternatives
    for number, each in enumerate(shown.version.said.alternatives):
        text = texts[number] if number < len(texts) else None
        yield " · ".join(
            filter(
                None,
                (
                    words.label(each.responsibility.value, casewords.RESPONSIBILITIES),
                    words.label(each.likelihood.value, casewords.LIKELIHOODS),
                    "" if text is None else text.text,
                ),
            )
        )


def _task(shown: TaskShown) -> Task:
    said = shown.version.said
    assert isinstance(said, TaskSet)
    return Task(
        place=shown.place,
        title=shown.title,
        owner=words.label(said.owner.value, casewords.OWNERS),
        start=said.start,
        due=said.due,
        state=words.label(shown.task.state.value, casewords.TASKS),
        is_joint=shown.task.joint_start is not None,
        versions=len(shown.places),
    )


def _href(link: str, place: str, thread: Thread) -> str:
    """Return the address of a statement: of the page of its thread, where there is one, else its own."""
    if not place:
        return ""
    page, name = PAGES.get(thread.kind, ""), place.replace(" ", "-")
    if not page:
        return reverse("links:statement", kwargs={"link": link, "place": name})
    opening = thread.place.replace(" ", "-")
    shown = reverse(page, kwargs={"link": link, "place": opening})
    return shown if name == opening else f"{shown}#{name}"


def _link(link: str, shown: LinkShown) -> Linked:
    return Linked(
        label=shown.label,
        is_ours=shown.is_ours,
        to=words.label(shown.link.said.to.value, casewords.LINKED),
        target=shown.target,
        href=_href(link, shown.target, shown.thread),
        file=shown.file,
        file_href=_file_href(link, shown.target, part=shown.link.said.place.part) if shown.file else "",
        place=shown.place,
        undone=undone_text(shown.link),
    )


def _file_href(link: str, place: str, *, part: int | None) -> str:
    where = {"link": link, "place": place.replace(" ", "-"), "part": part}
    return reverse("inquiries:file", kwargs=where) if part else ""


def _line(dossier: Dossier, told: Told) -> Line:
    found = dossier.words.get(told.statement, Words())
    return Line(
        place=told.place,
        is_ours=told.is_ours,
        kind=kind_text(told.kind),
        who=hand_text(told.role, told.officer, told.signers),
        at=told.effective,
        is_at_their_node=told.is_at_their_node,
        without_effect=effect_text(told.verdict),
        version=version_of(dossier, told),
        said=said_text(told),
        linked=next(
            (_linked_to(dossier.link.name, each) for each in dossier.links if each.place == told.place), None
        ),
        title=found.title if found.title != Both() else found.statement,
        text=found.text,
        is_gone=not told.has_words,
    )
