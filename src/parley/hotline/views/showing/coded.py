"""The five fields of a call as a page shows them: in both languages beside each other, not yet translated.

    1 WHAT 事由     intrusion                 网络入侵
    2 OBJECT 对象   IP address 203.0.113.77   IP 地址 203.0.113.77

Two tired people who share no language look at the same five lines in the same order. What was typed by
the other side is made harmless, and never a link. Source: screens D19, D20, §6.4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.hotline.forms.five import FiveFields
from parley.protocol.hotline.codes import Field, Subject
from parley.ui import callwords, times, words
from parley.ui.defang import defang
from parley.ui.pieces import visible
from parley.ui.words import Labels

_DEFANGED: Final = frozenset({Subject.URL, Subject.DOMAIN, Subject.EMAIL})
FIVE: Final = (Field.WHAT, Field.OBJECT, Field.WHERE, Field.WHEN, Field.ASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A word in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of the five fields: its number and name, its words in both languages, and what is no word.

    `text` is the object as it was typed, harmless; `since` and `by` are unix seconds.
    """

    number: int
    code: str
    name: Both
    words: tuple[Both, ...] = ()
    text: str = ""
    since: int | None = None
    by: int | None = None

    @property
    def is_time(self) -> bool:
        """Return whether it tells when."""
        return self.code == Field.WHEN.value


def both(code: str, labels: Labels) -> Both:
    """Return the words of `code`; itself, where there are none."""
    en, zh = labels.get(code, (code, code))
    return Both(en=en, zh=zh)


def harmless(subject: Subject, text: str) -> str:
    """Return an object as it is shown: nothing that hides, and no address that a program would follow."""
    return visible(defang(text) if subject in _DEFANGED else text)


def lines(fields: FiveFields) -> tuple[Line, ...]:
    """Return the five fields in their order."""
    found = {
        Field.WHAT: _words((fields.what.value,), callwords.WHATS),
        Field.OBJECT: _words((fields.subject.value,), callwords.SUBJECTS),
        Field.WHERE: _words((fields.where.value,), callwords.WHERES),
        Field.WHEN: (),
        Field.ASK: _words((each.value for each in fields.ask), callwords.ASKS),
    }
    return tuple(
        Line(
            number=number,
            code=field.value,
            name=both(field.value, callwords.FIELDS),
            words=found[field],
            text=_object(fields) if field is Field.OBJECT else "",
            since=fields.since if field is Field.WHEN else None,
            by=fields.by if field is Field.WHEN else None,
        )
        for number, field in enumerate(FIVE, start=1)
    )


def value_text(field: Field, fields: FiveFields) -> str:
    """Return what `fields` say in one of them, in the reader's language: for a comparison."""
    match field:
        case Field.WHAT:
            return words.label(fields.what.value, callwords.WHATS)
        case Field.OBJECT:
            kind = words.label(fields.subject.value, callwords.SUBJECTS)
            return " ".join(filter(None, (kind, _object(fields))))
        case Field.WHERE:
            return words.label(fields.where.value, callwords.WHERES)
        case Field.WHEN:
            return _when(fields)
        case _:
            return words.labelled((each.value for each in fields.ask), callwords.ASKS)


def _when(fields: FiveFields) -> str:
    told = {"since": times.zulu(fields.since), "by": times.zulu(fields.by)}
    if fields.since is None and fields.by is None:
        return _("no time is named")
    if fields.since is None:
        return _("act by %(by)s") % told
    if fields.by is None:
        return _("since %(since)s") % told
    return _("since %(since)s, act by %(by)s") % told


def _object(fields: FiveFields) -> str:
    if fields.object is None:
        return _("its words are not here: destroyed, or unreadable")
    return harmless(fields.subject, fields.object)


def _words(codes: Iterable[str], labels: Labels) -> tuple[Both, ...]:
    return tuple(both(code, labels) for code in codes)
