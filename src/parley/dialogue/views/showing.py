"""Commitments and rounds in the reader's language: whose move it is, and what was said, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from parley.dialogue.queries import (
    CommitmentDossier,
    CommitmentRow,
    RoundDossier,
    StatementRow,
    ThreadRow,
)
from parley.dialogue.views.concerns import concern_states
from parley.dialogue.views.naming import Named, named_by
from parley.dialogue.views.papers import papers_of
from parley.dialogue.views.verbs import FORMS, verb_name
from parley.inquiries.forms.telling import unequal_text
from parley.inquiries.views.showing.enclosed import FileLine
from parley.links.policy import Whose
from parley.ui import dialoguewords, times, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a side owes."""

    is_ours: bool
    text: str
    is_both: bool = False
    """Whether both sides owe it, each for itself."""

    @property
    def told(self) -> str:
        """Return whose it is, and what: for where no heading says whose."""
        whose = _("both") if self.is_both else _("ours") if self.is_ours else _("theirs")
        return words.said_of(whose, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A form that can be opened: its kind as it stands in an address, and what it is called."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text in both languages, as a page shows it."""

    en: str
    zh: str

    @property
    def unequal(self) -> str:
        """Return which figures stand in one language and lack in the other; "" where none do.

        The fold reads clauses alone (Spec §17.2.2): of any other text both sides are told.
        """
        return unequal_text(self.en, self.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement as the page shows it."""

    row: StatementRow
    kind: str
    without_effect: str
    status: str
    told: tuple[str, ...]
    texts: tuple[Shown, ...]
    buttons: tuple[Button, ...]
    files: tuple[FileLine, ...] = ()
    named: tuple[Named, ...] = ()

    @property
    def is_own(self) -> bool:
        """Return whether we said it."""
        return self.row.whose is Whose.US


def moves_of(row: ThreadRow) -> tuple[Move, ...]:
    """Return what each side owes, ours first; what both owe stands once."""
    both = set(row.owed.get(Whose.US, {})) & set(row.owed.get(Whose.THEM, {}))
    return tuple(
        Move(
            is_ours=side is Whose.US,
            text=words.label(duty.value, dialoguewords.DUTIES),
            is_both=duty in both,
        )
        for side in row.owing
        for duty in row.owed[side]
        if side is Whose.US or duty not in both
    )


def owners_of(row: CommitmentRow, *, side: str) -> str:
    """Return who is to do it."""
    return words.listed(_("our side") if each is Whose.US else side for each in row.owners)


def lines_of(
    dossier: CommitmentDossier | RoundDossier, *, sides: Mapping[str, str], most: int | None = None
) -> tuple[Line, ...]:
    """Return the statements of a thread, in its order; `sides` are the parties by their letters.

    With `most`, the proposal and so many of the newest of each side: what the other says a thousand times,
    and by a clock of its own, pushes nothing of ours off the page.
    """
    rows = dossier.statements if most is None else tuple(_newest(dossier, most))
    files, named = papers_of(dossier.row.link, rows), named_by(dossier.row.link, rows)
    concerns = concern_states(dossier)
    lines = (_line(each, sides=sides) for each in rows)
    return tuple(
        replace(
            line,
            status=line.status or concerns.get(line.row.statement, ""),
            files=files.get(line.row.statement, ()),
            named=named.get(line.row.statement, ()),
        )
        for line in lines
    )


def _newest(dossier: CommitmentDossier | RoundDossier, most: int) -> Iterator[StatementRow]:
    of_each = ([row for row in dossier.statements if row.whose is side][-most:] for side in Whose)
    shown = {dossier.opening.statement, *(row.statement for rows in of_each for row in rows)}
    yield from (row for row in dossier.statements if row.statement in shown)


def buttons_of(row: StatementRow) -> tuple[Button, ...]:
    """Return which forms our side could open about a statement."""
    return tuple(
        Button(kind=kind.replace(".", "-"), name=verb_name(kind)) for kind in row.may if kind in FORMS
    )


def _line(row: StatementRow, *, sides: Mapping[str, str]) -> Line:
    verdict = row.verdict.removeprefix("void:")
    return Line(
        row=row,
        kind=words.label(row.kind, words.KINDS),
        without_effect="" if row.is_valid else words.label(verdict, {**words.KINDS, **words.VOIDS}),
        status=words.label(row.status, dialoguewords.OFFER_STATES) if row.status else "",
        told=(*_told(row.said, sides), *([_("the clause is struck out")] if row.strikes_out else [])),
        texts=texts_of(row),
        buttons=buttons_of(row),
    )


def texts_of(row: StatementRow) -> tuple[Shown, ...]:
    """Return what a statement says in both languages."""
    texts = (row.clause,) if row.clause is not None else row.told.texts
    return tuple(Shown(en=text.en, zh=text.zh) for text in texts)


def text_of(row: StatementRow) -> Shown | None:
    """Return the first text of a statement, None if its words are not here."""
    return next(iter(texts_of(row)), None)


def _told(said: Mapping[str, object], sides: Mapping[str, str]) -> list[str]:
    """Return what an act says in codes, in words."""
    tables = {
        "standing": dialoguewords.STANDINGS,
        "source": dialoguewords.SOURCES,
        "stance": dialoguewords.STANCES,
    }
    found = [words.label(str(said[name]), table) for name, table in tables.items() if name in said]
    if "host" in said:
        found.append(_("host: %(side)s") % {"side": sides.get(str(said["host"]), said["host"])})
    for name in ("begins", "ends", "due"):
        moment = said.get(name)
        if isinstance(moment, int):
            found.append(words.instant(moment))
    if isinstance(release := said.get("release"), int):
        found.append(times.zulu(release, to=times.SECOND))
    if isinstance(said.get("place"), int):
        found.append(_("place %(number)d in the list") % {"number": said["place"]})
    if isinstance(group := said.get("group"), str):
        found.append(_("group: %(code)s") % {"code": group})
    return found + delegation_of(said)


def delegation_of(said: Mapping[str, object]) -> list[str]:
    """Return who comes by what an act says, the co-chair first; nothing where it names no members."""
    match said.get("members"):
        case list(members):
            chair = words.label(str(said.get("chair", "")), dialoguewords.ROLES)
            return [
                _("co-chair: %(role)s") % {"role": chair},
                *(
                    f"{words.label(str(each['role']), dialoguewords.ROLES)} × {each['count']}"
                    for each in members
                    if isinstance(each, dict)
                ),
            ]
        case _:
            return []
