"""The Status Report on the joint cases of a link: the bytes that both nodes write, and the words beside them.

The report itself holds no words, since either side can erase those (Spec §15.8.4): titles, statements of
findings and what the other side said of them are shown beside it, by the places that it names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parley.cases.forms.texts import Both, Words, read_words
from parley.ledger.casebook import Cut, cases, newest_report_cut, report
from parley.ledger.reading import LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.cases.apply import Case
from parley.protocol.cases.report import digest


class CutError(Exception):
    """The cut names more than this node holds, or not just the two nodes of the link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """A report at `cut`: its `bytes`, the same on both nodes, and what only stands beside it.

    `words` are by the id of a case, of a task, of a version of a finding or of what was said of one;
    `titles` by the same ids. `is_held_by_both` is whether their node has signed for all of ours that is in
    it, and we hold all of theirs.
    """

    link: LinkRow
    cut: Cut
    bytes: bytes
    cases: tuple[Case, ...]
    places: Mapping[str, str]
    words: Mapping[str, Words]
    titles: Mapping[str, Both]
    is_held_by_both: bool

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal: equal on both nodes for the same cut."""
        return digest(self.bytes).hex()


def status_report(reader: Reader, link: LinkRow, *, cut: Cut | None = None) -> StatusReport:
    """Return the Status Report of a link at `cut`, else at the largest one that both nodes hold.

    Raises:
        CutError: so much is not here.
    """
    newest = newest_report_cut(reader, link.name)
    chosen = newest if cut is None else cut
    _check(reader, link, chosen)
    # A node has threads in the order in which they came; the bytes, and so the paper, have party A's first.
    read = cases(reader, link.name, cut=chosen)
    found = tuple(sorted(read, key=lambda case: (case.proposer, case.proposed.index)))
    named = [statement for case in found for statement in _named(case)]
    words = {id_text(each): read_words(reader.body(link.name, each)) for each in named}
    return StatusReport(
        link=link,
        cut=chosen,
        bytes=report(reader, link.name, chosen),
        cases=found,
        places={id_text(each): _place(reader, link, each) for each in named},
        words=words,
        titles={name: _title(each) for name, each in words.items()},
        is_held_by_both=all(chosen[node] <= newest.get(node, 0) for node in chosen),
    )


def _check(reader: Reader, link: LinkRow, cut: Cut) -> None:
    status = reader.status(link.name)
    sizes = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    if cut.keys() != sizes.keys() or any(not 0 <= cut[node] <= sizes[node] for node in sizes):
        raise CutError(f"expected at most {sizes}, found {dict(cut)}")


def _named(case: Case) -> Iterator[bytes]:
    yield case.id
    yield from (version.id for task in case.tasks for version in task.versions)
    versions = [version for finding in case.findings for version in finding.versions]
    yield from (version.fact.id for version in versions)
    yield from (version.answer.fact.id for version in versions if version.answer is not None)


def _place(reader: Reader, link: LinkRow, statement: bytes) -> str:
    row = reader.row(link.name, statement)
    return "" if row is None else row.place


def _title(words: Words) -> Both:
    return words.title if words.title != Both() else words.statement
