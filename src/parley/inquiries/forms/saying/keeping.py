"""A form that is not said yet, as the fields of a draft: what was typed is kept as it was typed.

A field of the draft has the name of the field of the form. Where a form brings several values
under one name, they stand in it line by line: ``items`` ``grounds`` ``codes`` ``files``. The names of the
lines of findings (``line``) are no field: they follow from the cells that are filled.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.saying.findings import ALL, CELLS, is_line
from parley.inquiries.forms.saying.verbs import Shape, Target, Verb
from parley.inquiries.forms.saying.wording import field_label
from parley.inquiries.forms.telling import items_text
from parley.ui import words

PURPOSE: Final = "say:"
"""What the purpose of such a draft begins with; the verb follows."""
KEY: Final = "key"
"""The field of the draft with the key under which it was sent last; no page writes it."""
FILES: Final = "files"
"""The field with the hashes of the files that wait to go along."""
_SEVERAL: Final = frozenset({"items", "grounds", "codes", FILES})
_WORDS: Final = frozenset({"words", "words_language", "ref", FILES})
_MOMENT: Final = ("", "_date", "_time", "_zone")
_NAMES: Final = {
    Shape.LACKS: r"lack\.[a-z][a-z0-9_]{0,31}",
    Shape.SUPPLEMENT: r"supply\.(?:\d{1,4}\.)?[a-z][a-z0-9_]{0,31}",
    Shape.FINDINGS: rf"items|zone|note\.\d{{1,4}}|(?:{'|'.join(CELLS)})\.(?:{ALL}|\d{{1,4}})\.\d{{1,2}}",
    Shape.SCORES: "|".join(words.SCORES),
}


def purpose_of(verb: Verb) -> str:
    """Return the purpose of the drafts of this form."""
    return f"{PURPOSE}{verb.name}"


def is_field(verb: Verb, name: str) -> bool:
    """Return whether a page may write the field `name` of a draft of `verb`."""
    if name in _WORDS or (name == "on" and verb.target is not Target.INQUIRY):
        return True
    if name == "mode":
        return verb.target is Target.OWN
    return any(re.fullmatch(_pattern(field.name, field.shape), name, re.ASCII) for field in verb.fields)


def _pattern(name: str, shape: Shape) -> str:
    if shape is Shape.TIME:
        return f"{name}(?:{'|'.join(_MOMENT)})"
    return _NAMES.get(shape, name)


def typed_in(verb: Verb, form: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the fields that a page brings; what is no field of a draft is left out.

    Browsers write line ends in two ways; one of them is kept.
    """
    return {
        name: "\n".join(filter(None, values)) if name in _SEVERAL else _one_way(values)
        for name, values in form
        if is_field(verb, name)
    }


def _one_way(values: Sequence[str]) -> str:
    return (values[-1] if values else "").replace("\r\n", "\n").replace("\r", "\n")


def typed_in_all(verb: Verb, form: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the fields that a whole form brings: of boxes none of which is ticked it brings nothing."""
    boxes = {
        Shape.ITEMS: "items",
        Shape.FINDINGS: "items",
        Shape.CODES: "codes",
    }
    empty = {boxes[field.shape]: "" for field in verb.fields if field.shape in boxes}
    return empty | {FILES: ""} | typed_in(verb, form)


def values_in(values: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a draft as a form brings them; of an empty one, no value."""
    for name, value in values.items():
        yield name, value.split("\n") if name in _SEVERAL and value else [value] if value else []


def lines_in(values: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the lines of findings of which a cell is filled."""
    for name, value in values.items():
        cell, _dot, line = name.partition(".")
        if value and cell in CELLS and is_line(line):
            yield line


def label_of(verb: Verb, name: str) -> str:
    """Return what people call the field `name`."""
    first, _dot, rest = name.partition(".")
    tables = {"lack": words.FIELDS, "supply": words.FIELDS}
    if first in tables:
        number, _dot, field = rest.rpartition(".")
        said = words.label(field, tables[first])
        return words.said_of(items_text(number), said) if number else said
    if rest:
        item = rest.partition(".")[0]
        return words.said_of(_("all ticked items") if item == ALL else items_text(item), _cell(first))
    if name in words.SCORES:
        return words.label(name, words.SCORES)
    return _others().get(name) or _field(verb, name)


def _field(verb: Verb, name: str) -> str:
    found = next((field.name for field in verb.fields if name.startswith(field.name)), name)
    return field_label(found)


def _cell(name: str) -> str:
    return {
        "code": _("Finding"),
        "measure": _("Measure"),
        "until": _("Kept until"),
        "of": _("Same as"),
        "at": _("When"),
        "note": _("Note"),
    }[name]


def _others() -> Mapping[str, str]:
    return {
        "words": _("In words"),
        "words_language": _("Language of the words"),
        "ref": _("Our registry number"),
        "on": _("The statement that is meant"),
        "mode": _("What it should have said"),
        "zone": _("Times without a zone are on the clock of"),
        "items": _("Items"),
        FILES: _("Files"),
    }
