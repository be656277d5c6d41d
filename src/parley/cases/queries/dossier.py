"""One joint case, folded and read when somebody looks: findings, tasks, evidence, and what was said."""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.cases.forms.texts import Both, Words, read_words
from parley.cases.policy import letters_of
from parley.cases.queries.listing import UnknownCaseError, find_case
from parley.cases.queries.pages import (
    Dossier,
    EvidenceShown,
    FindingShown,
    LinkShown,
    TaskShown,
    Thread,
    VersionShown,
)
from parley.ledger.casebook import case_at
from parley.ledger.readers import reader_of
from parley.ledger.reading import LinkRow, Reader
from parley.links.queries.timeline import Timeline, timeline
from parley.protocol.act import id_text, read_id
from parley.protocol.cases.apply import Case, Finding, Version, Work
from parley.protocol.cases.apply import Link as Linking
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Linked
from parley.protocol.content import further_parts
from parley.protocol.files import read_files
from parley.protocol.places import addressed_place
from parley.work.home import Home


def case_page(home: Home, link: str, place: str, *, now: int) -> Dossier:
    """Return everything that the page of the case at `place` (``A-3``) of `link` shows.

    Raises:
        UnknownCaseError: there is no such link or statement, it is no case, or its row is not written yet.
    """
    reader, where = reader_of(home), addressed_place(place)
    row = None if reader is None else reader.link(link)
    thread = None if reader is None or where is None else reader.find(link, where.text)
    if reader is None or row is None or thread is None:
        raise UnknownCaseError(f"expected a joint case at {place!r} of {link}, found none")
    return dossier_of(reader, row, thread, now=now)


def dossier_of(reader: Reader, link: LinkRow, thread: bytes, *, now: int) -> Dossier:
    """Return everything about the case that `thread` proposed, read through `reader`.

    Raises:
        UnknownCaseError: it proposed no case, or its row is not written yet.
    """
    row = find_case(link.name, id_text(thread))
    case = case_at(reader, link.name, thread)
    told = timeline(reader, link, thread)
    looking = _Looking(reader=reader, link=link, case=case, told=told)
    return Dossier(
        link=link,
        row=row,
        case=case,
        timeline=told,
        words={each.statement: read_words(each.body) for each in told.statements},
        findings=() if case is None else tuple(looking.finding(each) for each in case.findings),
        tasks=() if case is None else tuple(looking.task(each) for each in case.tasks),
        links=() if case is None else tuple(looking.link_shown(each) for each in case.links),
        origins=() if case is None else tuple(map(looking.origin, case.said.origins)),
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looking:
    """Looks at the parts of one case."""

    reader: Reader
    link: LinkRow
    case: Case | None
    told: Timeline

    def place(self, statement: str) -> str:
        """Return where a statement stands on this link, "" if it stands nowhere."""
        row = self.reader.row(self.link.name, read_id(statement))
        return "" if row is None else row.place

    def origin(self, statement: str) -> tuple[str, str, Thread]:
        return statement, self.place(statement), self.thread(statement)

    def thread(self, statement: str) -> Thread:
        """Return what a statement belongs to. Nobody checked that it is what its link says."""
        row = self.reader.row(self.link.name, read_id(statement))
        first = None if row is None or row.thread is None else self.reader.row(self.link.name, row.thread)
        return Thread() if first is None else Thread(kind=first.kind or "", place=first.place)

    def words(self, statement: bytes) -> Words:
        return read_words(self.reader.body(self.link.name, statement))

    def letter(self, node: str) -> str:
        return "" if self.case is None else letters_of(self.case)[node].value

    def finding(self, finding: Finding) -> FindingShown:
        return FindingShown(
            label=f"{self.letter(finding.author)} F{finding.number}",
            is_ours=finding.author == self.link.me,
            finding=finding,
            versions=tuple(self._version(each) for each in finding.versions),
        )

    def _version(self, version: Version) -> VersionShown:
        answer = version.answer
        return VersionShown(
            place=self.place(id_text(version.fact.id)),
            version=version,
            signers=self._signers(version.fact.id),
            words=self.words(version.fact.id),
            evidence=tuple(map(self.evidence, version.said.evidence)),
            added=tuple(map(self.evidence, version.added)),
            withdrawn=tuple(map(self.evidence, version.withdrawn)),
            answer_place="" if answer is None else self.place(id_text(answer.fact.id)),
            answer_signers=() if answer is None else self._signers(answer.fact.id),
            answer_words=Words() if answer is None else self.words(answer.fact.id),
        )

    def _signers(self, statement: bytes) -> tuple[int, ...]:
        told = self.told.at(statement)
        return () if told is None else told.signers

    def task(self, task: Work) -> TaskShown:
        # Of two that crossed, the later by their writers' clocks; an answer names one of them.
        newest = max(task.versions, key=lambda fact: (fact.effective, fact.writer, fact.index))
        shown = task.agreed or newest
        titles = {id_text(each.id): self.words(each.id).title for each in task.versions}
        return TaskShown(
            task=task,
            version=shown,
            place=self.place(id_text(shown.id)),
            title=titles.get(id_text(shown.id), Both()),
            places={id_text(each.id): self.place(id_text(each.id)) for each in task.versions},
            titles=titles,
        )

    def evidence(self, place: Place) -> EvidenceShown:
        links = () if self.case is None else self.case.links
        exhibits = (each for each in links if each.said.to is Linked.EVIDENCE and each.said.place == place)
        exhibit = next(exhibits, None)
        return EvidenceShown(
            place=place,
            target=self.place(place.statement),
            file=self.file_name(place),
            thread=self.thread(place.statement),
            label="" if exhibit is None else self.exhibit_label(exhibit),
            exhibit=exhibit,
        )

    def exhibit_label(self, link: Linking) -> str:
        return f"{self.letter(link.fact.writer)} E{link.number}"

    def link_shown(self, link: Linking) -> LinkShown:
        is_evidence = link.said.to is Linked.EVIDENCE
        return LinkShown(
            label=self.exhibit_label(link) if is_evidence else "",
            is_ours=link.fact.writer == self.link.me,
            link=link,
            place=self.place(id_text(link.fact.id)),
            target=self.place(link.said.place.statement),
            file=self.file_name(link.said.place),
            thread=self.thread(link.said.place.statement),
            words=self.words(link.fact.id),
        )

    def file_name(self, place: Place) -> str:
        """Return what the file at a place is called, "" if there is none, or no word of it."""
        return self._names(read_id(place.statement)).get(place.part or 0, "")

    def _names(self, statement: bytes) -> Mapping[int, str]:
        raw = self.reader.raw(self.link.name, statement)
        parts = () if raw is None else further_parts(raw)
        if not parts:
            return {}
        # Part 0 is the body, whose own size and hash no file can be mistaken for.
        named = read_files(self.reader.body(self.link.name, statement) or {}, (parts[0], *parts))
        return {number: each.name for number, each in named.items()}
