"""What stands in the form of a text, part by part: values, boxes and rows, each marked where it was changed.

A part folds. It is open where something of it was changed or is wrong, so that nobody looks for it. Words of
codes are those of the text that is signed; items and fields stand in both languages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.guidelines.forms.choices import TICK, TICKED, Choice, choices_of
from parley.guidelines.forms.clauses import clauses_in
from parley.guidelines.forms.counts import COUNT, counts_of, signed_kinds
from parley.guidelines.forms.kinds import FREE, free_kinds
from parley.guidelines.forms.limits import LIMIT, limits_of
from parley.guidelines.queries.changes import language, path_words
from parley.protocol.guidelines.text import Guideline
from parley.protocol.guidelines.words import Language, word
from parley.ui.words import KINDS, label, said_of

Errors = Sequence[tuple[str, str]]
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "limits": ("field:clocks/", "field:lapse"),
    "items": ("tick:items",),
    "required": ("tick:required",),
    "A": ("zone:A", "changes:A", "week:A/", "days:A/"),
    "B": ("zone:B", "changes:B", "week:B/", "days:B/"),
    "hotline": ("field:hotline/", "count:hotline/", "tick:hotline/"),
    "persons": ("count:persons/", "tick:roles/", "tick:open_while_suspended", "kind:"),
}
"""By its part of the form how the names of its fields begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One field: its name, what it is called, and what stands in it; `before` is what stood there."""

    name: str
    label: str
    value: str
    before: str

    @property
    def is_changed(self) -> bool:
        """Return whether something else stands in it than in the text that the form began with."""
        return self.value.strip() != self.before.strip()

    @property
    def is_ticked(self) -> bool:
        """Return whether it is a box that is ticked."""
        return self.value == TICKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together, under one name."""

    name: str
    label: str
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A kind that persons sign: how many, and in which roles. A free row has the kinds that it can be."""

    name: str
    label: str
    code: str
    persons: Blank
    roles: tuple[Blank, ...]
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form: its text, what stands in each of its fields, and what stood there before."""

    text: Guideline
    values: Mapping[str, str]
    first: Mapping[str, str]
    errors: Errors

    def blank(self, name: str, called: str = "") -> Blank:
        """Return one field as it stands."""
        return Blank(name=name, label=called, value=self.values[name], before=self.first[name])

    def parts(self) -> Mapping[str, Mapping[str, object]]:
        """Return of every part how many of its fields are changed, and whether it is open."""
        return {part: self._part(begins) for part, begins in PARTS.items()}

    def _part(self, begins: tuple[str, ...]) -> Mapping[str, object]:
        names = [name for name in self.first if name.startswith(begins)]
        changed = sum(self.blank(name).is_changed for name in names)
        is_wrong = any(field.startswith(begins) for field, _text in self.errors)
        return {"changed": changed, "is_open": bool(changed) or is_wrong}


def blanks_of(sheet: Sheet) -> Mapping[str, object]:
    """Return what the template of the form needs but the calendars."""
    choices = choices_of(sheet.text)
    return {
        "parts": sheet.parts(),
        "limits": tuple(_limits(sheet, is_call=False)),
        "call_limits": tuple(_limits(sheet, is_call=True)),
        "ladder": tuple(_ladder(sheet)),
        "counts": tuple(_counts(sheet)),
        "items": _boxes(sheet, choices[0], both),
        "required": [_boxes(sheet, each, both) for each in choices if each.path.startswith("required/")],
        "hotline": [_boxes(sheet, each, spoken) for each in choices if each.path.startswith("hotline/")],
        "open_while_suspended": next(
            _boxes(sheet, each, both) for each in choices if each.path == "open_while_suspended"
        ),
        "persons": tuple(_persons(sheet, choices)),
        "articles": [_article(n, sheet) for n in range(1, len(sheet.text.articles) + 1)],
    }


def spoken(code: str) -> str:
    """Return the word of a code in the language of the reader."""
    return word(code, language())


def both(code: str) -> str:
    """Return the words of a code in both languages, that of the reader first."""
    words = (word(code, Language.EN), word(code, Language.ZH))
    first, second = words if language() is Language.EN else words[::-1]
    return first if first == second else f"{first} · {second}"


def called(name: str) -> str:
    """Return what people call a field, such as ``time limits · acknowledge · U0 FLASH``."""
    tongue, _dash, clause = name.partition("-")
    if clause and tongue in {"en", "zh"}:
        return f"{clause} {'English' if tongue == 'en' else '中文'}"
    known = {"since": _("In force from"), "note": _("What you say to it (may be empty)")}
    prefix, _colon, path = name.partition(":")
    match prefix:
        case "zone":
            return f"{path_words(f'calendars/{path}')} · {_('Offset from UTC')}"
        case "changes":
            return f"{path_words(f'calendars/{path}')} · {_('Changes of the clock')}"
        case "week":
            letter, row, *below = path.split("/")
            number = _("Row %(row)d") % {"row": int(row) + 1}
            return " · ".join((path_words(f"calendars/{letter}/weeks"), number, *map(_of_week, below[:1])))
        case "days":
            return path_words(f"calendars/{path}")
        case "kind":
            return _("Another statement that persons sign")
        case _:
            return known.get(name) or path_words(path)


def _of_week(part: str) -> str:
    return {"since": _("From this day"), "hours": _("Office hours"), "rest": _("Rest days")}[part]


def _limits(sheet: Sheet, *, is_call: bool) -> Iterator[Group]:
    """Yield by what they limit the limits of time, each by its urgency."""
    groups: dict[str, list[str]] = {}
    for path in limits_of(sheet.text):
        if path.startswith("hotline/") is is_call:
            has_urgency = path.count("/") > 1
            groups.setdefault(path.rpartition("/")[0] if has_urgency else path, []).append(path)
    for above, paths in groups.items():
        blanks = (sheet.blank(f"{LIMIT}{path}", _urgency(path, above)) for path in paths)
        yield Group(name=above, label=path_words(above.rpartition("/")[2]), blanks=tuple(blanks))


def _urgency(path: str, above: str) -> str:
    return "" if path == above else path.rpartition("/")[2]


def _ladder(sheet: Sheet) -> Iterator[Group]:
    rungs: dict[str, list[Blank]] = {}
    for each in counts_of(sheet.text):
        _hotline, *below = each.path.split("/")
        if below[0] == "ladder":
            rungs.setdefault(below[1], []).append(sheet.blank(f"{COUNT}{each.path}", below[-1]))
    for rung, blanks in rungs.items():
        yield Group(name=f"ladder/{rung}", label=spoken(rung), blanks=tuple(blanks))


def _counts(sheet: Sheet) -> Iterator[Blank]:
    """Yield the numbers of the hotline that stand alone."""
    for each in counts_of(sheet.text):
        name, below = f"{COUNT}{each.path}", each.path.split("/")
        if each.path == "hotline/repeat":
            yield sheet.blank(name, _("Minutes until whoever is rung is rung again"))
        if below[:2] == ["hotline", "tests"]:
            yield sheet.blank(name, said_of(_("Days between line tests"), spoken(below[-1])))


def _boxes(sheet: Sheet, choice: Choice, words: Callable[[str], str]) -> Group:
    blanks = (sheet.blank(choice.name(code), words(code)) for code in choice.codes)
    title = path_words(choice.path.rpartition("/")[2])
    return Group(name=f"{TICK}{choice.path}", label=title, blanks=tuple(blanks))


def _persons(sheet: Sheet, choices: Sequence[Choice]) -> Iterator[Signed]:
    by_path = {choice.path: choice for choice in choices}
    for kind in signed_kinds(sheet.text):
        roles = _boxes(sheet, by_path[f"roles/{kind}"], spoken).blanks
        persons = sheet.blank(f"{COUNT}persons/{kind}")
        yield Signed(name="", label=label(kind, KINDS), code=kind, persons=persons, roles=roles)
    kinds = sorted((label(kind, KINDS), kind) for kind in free_kinds(sheet.text))
    for n in range(FREE):
        row = f"kind:{n}"
        names = [name for name in sheet.first if name.startswith(f"{row}/") and name != f"{row}/persons"]
        yield Signed(
            name=row,
            label=_("Another statement that persons sign"),
            code=sheet.values[row],
            persons=sheet.blank(f"{row}/persons"),
            roles=tuple(sheet.blank(name, spoken(name.rpartition("/")[2])) for name in names),
            kinds=tuple((kind, said) for said, kind in kinds),
        )


def _article(n: int, sheet: Sheet) -> Mapping[str, object]:
    heading = sheet.text.articles[n - 1].heading
    rows = [
        (name, sheet.blank(f"en-{name}"), sheet.blank(f"zh-{name}"))
        for name, _en, _zh in clauses_in(sheet.text, n)
    ]
    changed = sum(each.is_changed for _name, *pair in rows for each in pair)
    return {"number": n, "en": heading.en, "zh": heading.zh, "clauses": rows, "changed": changed}
