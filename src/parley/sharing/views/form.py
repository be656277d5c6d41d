"""A plain form that says one thing: its fields as values, what was typed, and what came of it.

What is typed is kept as a draft (`keeping.py`); when something stands in the way, the form comes again with
every word. The key in the form makes a repetition harmless. What a person signs takes the secret anew.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.telling import unequal_text
from parley.inquiries.forms.typed import TypedError, read_code, read_time
from parley.inquiries.views.showing.faults import ERRORS, fault_of
from parley.ledger.drafts import Appended, Draft
from parley.ledger.enclosing import Kept
from parley.ledger.erasing import Destroyed
from parley.links.actions import By, signing
from parley.links.actions.speaking import Hand, Record, Said, Trial, Tried
from parley.links.queries.signing import Signing
from parley.links.views.together import Errors, together
from parley.ui import words
from parley.ui.words import Labels

Kind: TypeAlias = Literal["line", "area", "code", "codes", "number", "counts", "yes", "time", "rows"]
T = TypeVar("T")
Code = TypeVar("Code", bound=Enum)
Code_contra = TypeVar("Code_contra", contravariant=True)
FILES = "files"
"""The field with the hashes of the files that wait to go along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `labels` are the words of its codes, where it is a choice, or has a number for each.

    `is_wanted`: nothing can be said without it. `before` is the heading under which it and those after it
    stand.
    """

    name: str
    label: str
    kind: Kind
    labels: Labels | None = None
    is_empty_allowed: bool = True
    is_wanted: bool = False
    hint: str = ""
    before: str = ""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Return the codes and their words in the reader's language."""
        found = self.labels or {}
        return tuple((code, words.label(code, found)) for code in found)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the field is called in a form: one name, or one for each of its numbers."""
        if self.kind == "counts":
            return tuple(f"{self.name}_{code}" for code in self.labels or {})
        return (self.name,)

    @property
    def is_several(self) -> bool:
        """Return whether a form brings several values under its name."""
        return self.kind == "codes"

    def said(self, typed: "FormTyped") -> str:
        """Return what was typed into it, in the reader's language; "" where nothing was."""
        match self.kind:
            case "code":
                return words.label(typed[self.name], self.labels or {}) if typed[self.name] else ""
            case "codes":
                return words.labelled(typed.many.get(self.name, ()), self.labels or {})
            case "counts":
                return words.listed(f"{typed[name]} {text}" for name, text in self._named() if typed[name])
            case "yes":
                return _("yes") if typed[self.name] == "yes" else ""
            case "time":
                return words.instant(read_time(typed[self.name], now=typed.now)) if typed[self.name] else ""
            case _:
                return typed[self.name]

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from ((f"{self.name}_{code}", text) for code, text in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTyped:
    """What was typed, by the name of a field, and the files that lie sealed for it."""

    values: Mapping[str, str]
    many: Mapping[str, tuple[str, ...]]
    now: int
    files: tuple[Kept, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def text(self, name: str = "text") -> Text | None:
        """Return words, None where nothing was typed."""
        return text_of(self[name]) if self[name] else None

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a field that are not empty."""
        return tuple(line.strip() for line in self[name].splitlines() if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the form says: `run` says it; or `draft` builds it, and a person signs."""

    title: str
    fields: tuple[Field, ...]
    run: Callable[[Hand, FormTyped], Said] | None = None
    draft: Callable[[Hand, FormTyped], Draft] | None = None
    takes_files: bool = False
    hint: str = ""
    told: Callable[[FormTyped], Mapping[str, str]] | None = None
    """What the other side sees of a field where that is not what was typed; "" where it sees nothing."""

    @property
    def is_signed(self) -> bool:
        """Return whether a person signs it with a key of his or her own."""
        return self.draft is not None

    def typed(self, posted: QueryDict, *, now: int, files: tuple[Kept, ...] = ()) -> FormTyped:
        """Return what was typed into it."""
        names = [name for field in self.fields for name in field.names]
        return FormTyped(
            values={name: posted.get(name, "").replace("\r\n", "\n") for name in names},
            many={name: tuple(each for each in posted.getlist(name) if each) for name in names},
            now=now,
            files=files,
        )

    def seen(self, typed: FormTyped) -> tuple[tuple[str, str], ...]:
        """Return what the other side will see, each with the label of its field.

        Raises:
            TypedError: something cannot be read.
        """
        told = {} if self.told is None else self.told(typed)
        found = ((each.label, told.get(each.name, each.said(typed))) for each in self.fields)
        return tuple((label, said) for label, said in found if said)

    def unequal(self, typed: FormTyped) -> str:
        """Return which figures of its texts in two languages do not stand in both; "" where all do."""
        names = (each.name.removesuffix("_en") for each in self.fields if each.name.endswith("_en"))
        found = (unequal_text(typed[f"{name}_en"], typed[f"{name}_zh"]) for name in names)
        return words.clauses(filter(None, found))

    def missing(self, typed: FormTyped) -> Errors:
        """Return what has to be chosen and is not."""
        empty = [each for each in self.fields if each.is_wanted and not typed[each.name]]
        return [
            (each.name, _("Nothing is chosen here: %(field)s.") % {"field": each.label}) for each in empty
        ]


class SaysWords(Protocol):
    """A verb that says one thing, with words or without."""

    def __call__(self, *, by: Hand, text: Text | None) -> Said:
        """Say it."""


class SaysCode(Protocol[Code_contra]):
    """A verb that says one code of a closed list, with words or without."""

    def __call__(self, code: Code_contra, /, *, by: Hand, text: Text | None) -> Said:
        """Say it."""


def in_words() -> Field:
    """Return the field for what is said in words beside a code, or beside nothing."""
    return Field(name="text", label=_("In words (may be empty)"), kind="area")


def choice(name: str, label: str, labels: Labels) -> Field:
    """Return the field of a code without which nothing can be said."""
    return Field(name=name, label=label, kind="code", labels=labels, is_wanted=True)


def words_form(title: str, say: SaysWords) -> Form:
    """Return the form of a verb that takes words alone, which may be empty."""
    return Form(title=title, fields=(in_words(),), run=lambda hand, typed: say(by=hand, text=typed.text()))


def code_form(title: str, field: Field, codes: type[Code], *, say: SaysCode[Code]) -> Form:
    """Return the form of a verb that takes one of `codes`, chosen in `field`, and words or none."""
    return Form(
        title=title,
        fields=(field, in_words()),
        run=lambda hand, typed: say(read_code(typed[field.name], codes), by=hand, text=typed.text()),
    )


Own: TypeAlias = Mapping[type[Exception], Callable[[Any], tuple[str, str]]]
"""What a room tells of each error of its own, and at which field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Why nothing was said. `keeps_key`: it is not known whether it was, so it is sent under the same key."""

    errors: Errors
    status: int = 422
    keeps_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A form that is about to be said: by whom, under which key, with what was typed."""

    request: PersonRequest
    form: Form
    typed: FormTyped
    key: str
    side: str
    own: Own

    def hand(self, *, is_trial: bool = False) -> Hand:
        """Return whose act it is, and its door: the record, or only as far as there."""
        door = Trial(home=settings.HOME) if is_trial else Record(home=settings.HOME)
        return Hand(officer=self.request.officer, key=self.key, now=self.request.now, door=door)


def pressed(speaking: Speaking) -> Appended | Signing | Stopped:
    """Return what came of sending the form, or what stood in the way."""
    return _heard(speaking, _said)


def tried(speaking: Speaking) -> Draft | Stopped:
    """Return the statement as it would be said now, or what stands in the way. Nothing is written."""
    return _heard(speaking, _tried)


def _heard(speaking: Speaking, run: Callable[[Speaking], T]) -> T | Stopped:
    if missing := speaking.form.missing(speaking.typed):
        return Stopped(errors=missing)
    try:
        return run(speaking)
    except TypedError as error:
        return Stopped(errors=[(_where(speaking, error.text), _unread(error))])
    except ERRORS as error:
        fault = fault_of(error, side=speaking.side)
        told = " ".join(filter(None, (fault.what, fault.safe, fault.do)))
        return Stopped(errors=[("", told)], status=fault.status, keeps_key=fault.status >= 500)
    except tuple(speaking.own) as error:
        return Stopped(errors=[speaking.own[type(error)](error)])


def _unread(error: TypedError) -> str:
    texts = {
        "zone": _("“%(text)s” names no zone. Write 2026-11-02T17:10+08:00, or +2d from now."),
        "place": _("Nothing stands at “%(text)s” in this record."),
    }
    return (texts.get(error.wanted) or _("“%(text)s” cannot be read here.")) % {"text": error.text}


def _where(speaking: Speaking, text: str) -> str:
    """Return the field in which a text stands that cannot be read; "" where it cannot be told."""
    values = speaking.typed.values
    return next((name for name in values if text and text in values[name]), "")


def _said(speaking: Speaking) -> Appended | Signing | Stopped:
    form, typed = speaking.form, speaking.typed
    if form.draft is None:
        assert form.run is not None, "a form says something"
        said = form.run(speaking.hand(), typed)
        assert isinstance(said, Appended), "this door is the record"
        return said
    draft = form.draft(speaking.hand(), typed)

    def sign(by: By, secret: str) -> signing.Said | Signing:
        return signing.prepare_signed(settings.HOME, draft, by=by, secret=secret)

    answer = together(speaking.request, sign)
    assert not isinstance(answer, Destroyed), "it destroys nothing"
    return Stopped(errors=answer, keeps_key=True) if isinstance(answer, list) else answer


def _tried(speaking: Speaking) -> Draft:
    form, hand = speaking.form, speaking.hand(is_trial=True)
    if form.draft is not None:
        return form.draft(hand, speaking.typed)
    assert form.run is not None, "a form says something"
    said = form.run(hand, speaking.typed)
    assert isinstance(said, Tried), "this door ends at the record"
    return said.draft
