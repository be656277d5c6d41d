"""What is typed into the forms of a case, as values: places in the record, alternatives, a finding."""

import re
from typing import Final

from django.conf import settings
from django.http import Http404

from parley.cases.actions import Alternative, Holding
from parley.cases.forms.texts import Both, both_of
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import TypedError, read_code
from parley.ledger.readers import reader_of
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place
from parley.protocol.cases.codes import Confidence, Likelihood, Responsibility
from parley.protocol.places import heard_place
from parley.sharing.views.form import FormTyped

_PLACE: Final = re.compile(r"(?P<name>.+?)(?:/(?P<part>\d{1,3}))?", re.ASCII)
_ALTERNATIVE: Final = re.compile(r"(?P<step>[a-z_-]+)=(?P<likelihood>[a-z_-]+):(?P<text>.+)")


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


def holding(typed: FormTyped, *, link: str) -> Holding:
    """Return what was typed as a finding.

    Raises:
        TypedError: something of it cannot be read.
    """
    step = typed["responsibility"]
    return Holding(
        statement=both(typed, "statement"),
        likelihood=read_code(typed["likelihood"], Likelihood),
        confidence=read_code(typed["confidence"], Confidence),
        responsibility=read_code(step, Responsibility) if step else None,
        evidence=tuple(place(each, link=link) for each in typed.lines("evidence")),
        alternatives=tuple(_alternative(each) for each in typed.lines("alternatives")),
        dissent=typed.text("dissent"),
        is_public=typed["public"] == "yes",
    )


def _alternative(text: str) -> Alternative:
    found = _ALTERNATIVE.fullmatch(text)
    if found is None:
        raise TypedError("alternative", text)
    return Alternative(
        responsibility=read_code(found["step"], Responsibility),
        likelihood=read_code(found["likelihood"], Likelihood),
        text=text_of(found["text"].strip()),
    )
