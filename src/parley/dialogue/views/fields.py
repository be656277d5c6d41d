"""The fields of a form of the dialogue: how each is asked, and what was typed into it. Nothing is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from parley.dialogue.actions.saying import Along
from parley.dialogue.views.papers import PAPERS, UPLOAD, papers_in
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import TypedError, read_code, read_time
from parley.inquiries.views.showing.enclosed import gone_text
from parley.ledger.reading import AmbiguousError, Reader
from parley.links.actions.speaking import Target
from parley.protocol.dialogue.bodies import Source, Stance, Standing
from parley.protocol.dialogue.clause import SALT_BYTES, Text, UnequalError, UnfitError, write_clause
from parley.protocol.dialogue.figures import unequal
from parley.protocol.places import addressed_place
from parley.protocol.suite import Standard
from parley.ui import dialoguewords, words
from parley.ui.times import moment_of

_Code = TypeVar("_Code", bound=Enum)
MAX_TYPED: Final = 4_000
STRIKE: Final = "out"
_PARTIES: Final = ("A", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One field as the form shows it. `sort` is line, area, or select with its `options`."""

    name: str
    label: str
    sort: str
    value: str
    hint: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def anchor(self) -> str:
        """Return by which id the page knows it."""
        return anchor_of(self.name)


def anchor_of(name: str) -> str:
    """Return the id of a field on its page; the frame has one called `words` already."""
    return "said-words" if name == "words" else name


def shown_fields(
    names: Sequence[str], typed: Mapping[str, str], *, sides: Mapping[str, str]
) -> tuple[Shown, ...]:
    """Return these fields with what was typed; `sides` are the names of the parties by their letters."""
    found = tuple(_shown(name, typed.get(name, ""), sides=sides) for name in names)
    if "host" not in names:
        return found
    # The text of a plan is the place, and nothing else.
    where = _("Where")
    return tuple(
        replace(each, label=words.said_of(where, each.label)) if each.name in {"en", "zh"} else each
        for each in found
    )


def _shown(name: str, value: str, *, sides: Mapping[str, str]) -> Shown:
    label, hint = _labels()[name]
    options = _options(sides).get(name, ())
    areas = {"en", "zh", "measure_en", "measure_zh", "words", "members"}
    sort = "select" if options else "area" if name in areas else "line"
    return Shown(name=name, label=label, sort=sort, value=value, hint=hint, options=options)


def label_of(name: str) -> str:
    """Return what people call a field; its own name where it has none."""
    return _labels().get(name, (name, ""))[0]


def _labels() -> Mapping[str, tuple[str, str]]:
    when = _("With its zone, as in 2026-11-02T09:10+08:00; or +30d for thirty days from now.")
    here = _("Its place, such as A-112, or its registry number.")
    line = _("One line.")
    return {
        "en": (_("Text in English"), line),
        "zh": (_("Text in Chinese"), line),
        "measure_en": (_("By what it is measured, in English"), line),
        "measure_zh": (_("By what it is measured, in Chinese"), line),
        "words": (_("In words, in one language"), ""),
        "owners": (_("Who is to do it"), ""),
        "due": (_("Until when"), _sentences(_("Leave it empty if no time is set."), when)),
        "round": (_("Round"), _sentences(_("Leave it empty if there is none."), here)),
        "standing": (_("How it stands"), ""),
        "evidence": (_("Statements that show it"), _("Their places, with commas between them.")),
        "call": (_("Call"), here),
        "number": (_("Number of the round"), ""),
        "after": (_("The round before it"), _sentences(_("Leave it empty if there is none."), here)),
        "host": (_("Who receives the other side"), ""),
        "begins": (_("Begins"), when),
        "ends": (_("Ends"), when),
        "source": (_("Where the item comes from"), ""),
        "of": (_("What it is about"), _sentences(_("Leave it empty if there is none."), here)),
        "group": (_("Working group"), _("A code, such as experts.")),
        "guideline": (_("Digest of a guideline"), _("Leave it empty if there is none.")),
        "chair": (_("Role of our co-chair"), _("A code, such as vice_minister.")),
        "members": (_("Delegation by role"), _("One role a line, such as vice_minister=1. No names.")),
        "stance": (_("What it is"), ""),
        "place": (_("Place in the list"), _("A number from 1 to 999.")),
        "strike": (_("What becomes of the clause"), _("Leave it empty if it only reads as below.")),
        "release": (_("When both make it public"), when),
        "ref": (_("Our registry number"), ""),
    }


def _sentences(*parts: str) -> str:
    return ("" if words.is_chinese() else " ").join(parts)


def _options(sides: Mapping[str, str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    parties = tuple((letter, sides.get(letter, letter)) for letter in _PARTIES)
    both = (("A,B", _("both sides")),)
    return {
        "owners": (*parties, *both),
        "host": parties,
        "strike": ((STRIKE, _("it is struck out; the texts below do not count")),),
        "standing": _coded(Standing, dialoguewords.STANDINGS),
        "source": _coded(Source, dialoguewords.SOURCES),
        "stance": _coded(Stance, dialoguewords.STANCES),
    }


def _coded(codes: type[Enum], labels: words.Labels) -> tuple[tuple[str, str], ...]:
    return tuple((str(code.value), words.label(str(code.value), labels)) for code in codes)


def written(seconds: int) -> str:
    """Return an instant as it is typed, to the second; "" where no calendar has it."""
    moment = moment_of(seconds)
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _difference(en: str, zh: str) -> str:
    """Return which figures stand in one text of a clause and lack in the other, in the reader's language."""
    found = unequal(en, zh)
    alone = () if found is None else (("en", found.only_en), ("zh", found.only_zh))
    return words.clauses(words.said_of(label_of(name), words.listed(each)) for name, each in alone if each)


@dataclass(slots=True, kw_only=True)
class Typed:
    """What was typed into a form. Reading a field that cannot be read notes the problem at it."""

    values: Mapping[str, str]
    reader: Reader
    link: str
    now: int
    problems: list[tuple[str, str]] = field(default_factory=list)

    def raw(self, name: str) -> str:
        """Return what stands in a field."""
        found = self.values.get(name, "").strip()
        if len(found) <= MAX_TYPED:
            return found
        self.problems.append((name, _("This is too long.")))
        return ""

    @property
    def salt(self) -> bytes:
        """Return dice for the texts of one statement."""
        return Standard().dice(SALT_BYTES)

    @property
    def along(self) -> Along:
        """Return what goes along in words, and our registry number."""
        said = self.raw("words")
        return Along(words=text_of(said) if said else None, ref=self.raw("ref") or None)

    def papers(self, on: Target) -> Along:
        """Return what goes along in words, and the files that wait for the statement about `on`."""
        lane = self.reader.lane_of(on.link, on.statement)
        found = papers_in(self.values.get(PAPERS, ""), lane=lane)
        if not all(each.kept for each in found):
            self.problems.append((UPLOAD, gone_text()))
        if self.values.get(UPLOAD):
            self.problems.append(
                (UPLOAD, _("This file is chosen and not added yet. Add it, or choose none."))
            )
        return replace(self.along, files=tuple(each.kept for each in found if each.kept))

    def text(self, en: str = "en", zh: str = "zh", *, counted: bool = False) -> Text:
        """Return the text in two fields; with `counted` it names the same figures in both languages."""
        try:
            found = Text(en=self.raw(en), zh=self.raw(zh))
            if counted:
                write_clause(found)
        except UnequalError:
            why = _difference(self.raw(en), self.raw(zh))
            self.problems.append((en, _("The two languages name different figures: %(why)s.") % {"why": why}))
        except UnfitError:
            told = _("Write one line of English of at most 1,000 characters and one of Chinese of 600.")
            self.problems.append((en, told))
        else:
            return found
        return Text(en="x", zh="文")

    def time(self, name: str) -> int | None:
        """Return the instant in a field, None if it is empty."""
        found = self.raw(name)
        if not found:
            return None
        try:
            return read_time(found, now=self.now)
        except TypedError as error:
            told = _("This has no time zone.") if error.wanted == "zone" else _("This is no time.")
            self.problems.append((name, told))
            return None

    def needed_time(self, name: str) -> int:
        """Return the instant in a field that must not be empty."""
        found = self.time(name)
        if found is None and not any(anchor == name for anchor, _text in self.problems):
            self.problems.append((name, _("A time is needed here.")))
        return found or 0

    def code(self, name: str, codes: type[_Code]) -> _Code:
        """Return the code that was chosen."""
        try:
            return read_code(self.raw(name), codes)
        except TypedError:
            self.problems.append((name, _("Choose one of these.")))
            return next(iter(codes))

    def party(self, name: str) -> str:
        """Return the letter of the party that was chosen."""
        found = self.raw(name)
        if found not in _PARTIES:
            self.problems.append((name, _("Choose one of these.")))
            return "A"
        return found

    def whole(self, name: str) -> int:
        """Return a number from 1 to 999."""
        found = self.raw(name)
        if found.isascii() and found.isdecimal() and len(found) <= 3 and int(found) > 0:
            return int(found)
        self.problems.append((name, _("Write a number from 1 to 999.")))
        return 1

    def statement(self, name: str) -> bytes | None:
        """Return the statement that a field names, None if it is empty."""
        found = self.raw(name)
        return self._found(name, found) if found else None

    def statements(self, name: str) -> tuple[bytes, ...]:
        """Return the statements that a field names, with commas between them."""
        parts = [part.strip() for part in self.raw(name).split(",") if part.strip()]
        return tuple(found for part in parts if (found := self._found(name, part)) is not None)

    def _found(self, name: str, spoken: str) -> bytes | None:
        where = addressed_place(spoken.replace(" ", "-"))
        try:
            found = self.reader.find(self.link, where.text if where else spoken)
        except AmbiguousError:
            found = None
        if found is None:
            told = _("Nothing in the record is called “%(name)s”.") % {"name": spoken}
            self.problems.append((name, told))
        return found

    def members(self, name: str) -> dict[str, int]:
        """Return how many of each role come, from lines such as ``vice_minister=1``."""
        found: dict[str, int] = {}
        for line in self.raw(name).splitlines():
            role, _equals, count = line.strip().partition("=")
            if not role or not (count.isascii() and count.isdecimal() and len(count) <= 3):
                self.problems.append((name, _("Write each line as ROLE=N, such as vice_minister=1.")))
                return {}
            found[role] = int(count)
        return found
