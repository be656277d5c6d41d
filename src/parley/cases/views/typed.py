"""What is typed into the forms of a case, as values: texts in both languages, places in the record."""

import re
from typing import Final

from django.conf import settings
from django.http import Http404

from parley.cases.forms.texts import Both, both_of
from parley.inquiries.forms.typed import TypedError
from parley.ledger.readers import reader_of
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.places import heard_place
from parley.sharing.views.form import FormTyped

_PLACE: Final = re.compile(r"(?P<name>.+?)(?:/(?P<part>\d{1,3}))?", re.ASCII)


def both(typed: FormTyped, name: str) -> Both:
    """Return the text of two fields, one for each language."""
    return both_of(typed[f"{name}_en"], typed[f"{name}_zh"])


def place(text: str, *, link: str) -> Place:
    """Return the place in the record that `text` names: ``A-12`` a statement, ``A-12/1`` one of its parts.

    Raises:
        TypedError: there is no such statement. Http404: there is no record.
    """
    reader, found = reader_of(settings.HOME), _PLACE.fullmatch(text.strip())
    if reader is None:
        raise Http404
    spoken = None if found is None else heard_place(found["name"])
    statement = None if spoken is None else reader.find(link, spoken.text)
    if found is None or statement is None:
        raise TypedError("place", text)
    part = found["part"]
    return Place(statement=id_text(statement), part=None if part is None else int(part))
