"""What both sides said in a call, in the order in which it was judged; names of ours, offices of theirs.

Of a statement of ours it is told what is proved of it: saved, at their node, received. That a person has
read it is never inferred: that would be a statement of theirs. Source: screens §6.4, U-31; Spec §12.5.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.hotline.queries.pages import Dossier, StatementRow
from parley.hotline.views.showing import coded
from parley.hotline.views.showing.compared import Pair, pairs
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import kind_text, signers_text, verdict_text
from parley.links.policy import Whose
from parley.protocol.hotline.codes import Sort
from parley.protocol.voids import Outcome, Verdict, Void
from parley.ui import callwords, times, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proved of a statement of ours; `chip` is its sign."""

    chip: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement as a line of the page. `told` are its codes and times in words, `pairs` what it read.

    `promise` tells what became of a promised next word; `chip` is its sign.
    """

    place: str
    statement: str
    is_own: bool
    kind: str
    told: tuple[str, ...]
    who: str
    at: int
    text: Text | None
    lines: tuple[str, ...]
    present: tuple[str, ...]
    fields: tuple[coded.Line, ...]
    pairs: tuple[Pair, ...]
    crossed: bool
    promised: int | None
    left: int
    kept: bool | None
    holds: bool | None
    is_false: bool
    is_gone: bool
    without_effect: str
    proof: Proof | None
    is_minute: bool
    start: str
    """Of a joint start of theirs: its time, as our answer would name it; else ""."""

    @property
    def missed(self) -> tuple[Pair, ...]:
        """Return what was read wrongly."""
        return tuple(each for each in self.pairs if not each.is_same)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What both sides are called, and our own people by number."""

    sides: Mapping[Whose, str]
    officers: Mapping[int, str]

    def hand(self, row: StatementRow) -> str:
        """Return who said it, and who signed it with a key of their own."""
        return " · ".join(filter(None, (self.who(row), signers_text(row.signers))))

    def who(self, row: StatementRow) -> str:
        """Return who said it: one of us by name, one of them by role and number."""
        role = words.label(row.role, words.ROLES)
        name = self.officers.get(row.officer) if row.whose is Whose.US else None
        if name is not None:
            return name
        return _("%(role)s %(number)d") % {"role": role, "number": row.officer} if row.officer else role


def timeline(dossier: Dossier, eyes: Eyes) -> tuple[Said, ...]:
    """Return a line for each statement of the call."""
    texts = {each.place: each for each in (dossier.opening, *dossier.statements) if each.fields is not None}
    return tuple(_line(each, eyes, texts=texts, now=dossier.now) for each in dossier.statements)


def _line(row: StatementRow, eyes: Eyes, *, texts: Mapping[str, StatementRow], now: int) -> Said:
    read = None if row.reading is None else texts.get(row.reading.of)
    of = None if read is None else read.fields
    return Said(
        place=row.place,
        statement=row.statement,
        is_own=row.whose is Whose.US,
        kind=kind_text(row.kind),
        told=tuple(_told(row)),
        who=eyes.hand(row),
        at=row.effective,
        text=row.text,
        lines=row.lines or (row.reading.lines if row.reading else ()),
        present=row.present,
        fields=coded.lines(row.fields) if row.fields is not None and row.kind == "call.said" else (),
        pairs=pairs(of, row.reading) if of is not None and row.reading is not None else (),
        crossed=row.crossed,
        promised=row.promised,
        left=max(0, (row.promised or now) - now),
        kept=row.kept,
        holds=row.holds,
        is_false=row.is_marked_truly is False,
        is_gone=not row.has_words and row.kind in _WORDED,
        without_effect=verdict_text(verdict_of(row.verdict)),
        proof=_proof(row) if row.whose is Whose.US else None,
        is_minute=row.kind == "call.minuted" and row.is_valid,
        start=_start(row),
    )


def _start(row: StatementRow) -> str:
    at = row.said.get("at")
    is_theirs = row.whose is Whose.THEM and row.is_valid and row.sort == Sort.JOINT_START.value
    moment = times.moment_of(at) if is_theirs and isinstance(at, int) else None
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


# These always say something in words; of the others it is no wonder if there are none.
_WORDED = frozenset({"call.opened", "call.principal_opened", "call.minuted", "call.read_back"})


def _told(row: StatementRow) -> Iterator[str]:
    said = row.said
    if row.sort:
        number = "" if row.number is None else _("no. %(number)d") % {"number": row.number}
        yield " ".join(filter(None, (words.label(row.sort, callwords.SORTS), number)))
    if isinstance(rung := said.get("rung"), str):
        yield _("at the rung: %(rung)s") % {"rung": words.label(rung, callwords.RUNGS)}
    if isinstance(rung := said.get("to"), str) and row.kind == "call.said":
        yield _("rings there at once: %(rung)s") % {"rung": words.label(rung, callwords.RUNGS)}
    if isinstance(ending := said.get("ending"), str):
        yield words.label(ending, callwords.ENDINGS)
    if isinstance(at := said.get("at"), int):
        yield times.planned(at)
    if isinstance(cause := said.get("cause"), str):
        yield _("cause: %(cause)s") % {"cause": words.label(cause, callwords.CAUSES)}
    since, until = said.get("since"), said.get("until")
    if isinstance(since, int) and isinstance(until, int):
        yield _("from %(since)s to %(until)s") % {"since": times.zulu(since), "until": times.zulu(until)}
    if row.reading is not None and row.is_valid:
        yield _("the same") if row.reading.is_right else _("not the same")
    if row.answers and row.kind == "call.said":
        yield _("answers %(place)s") % {"place": row.answers}


def verdict_of(text: str) -> Verdict:
    """Return the verdict that a row names: ``valid``, ``void:wrong-state``."""
    outcome, _colon, reason = text.partition(":")
    known = {each.value: each for each in Void}
    return Verdict(outcome=Outcome(outcome), reason=known.get(reason))


def _proof(row: StatementRow) -> Proof:
    if row.received_at is not None:
        return Proof(chip="proved", text=_("received: their node says so"), at=row.received_at)
    if row.is_at_their_node:
        return Proof(chip="proved", text=_("at their node: a machine signed for it"))
    return Proof(chip="soon", text=_("saved, not yet at their node"))
