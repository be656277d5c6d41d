"""A plain form that says one thing: its fields as values, what was typed, and what came of it.

Nothing is kept while somebody types; when something stands in the way, the form comes again with every word.
The key in the form makes a repetition harmless. What a person signs takes the secret anew.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parley.agencies.middleware import PersonRequest
from parley.inquiries.forms.letter import Text, text_of
from parley.inquiries.forms.typed import TypedError
from parley.inquiries.views.showing.faults import ERRORS, fault_of
from parley.ledger.drafts import Appended, Draft
from parley.ledger.erasing import Destroyed
from parley.links.actions import By, signing
from parley.links.actions.speaking import Hand, Record, Said
from parley.links.queries.signing import Signing
from parley.links.views.together import Errors, together
from parley.ui import words
from parley.ui.words import Labels

_KEY: Final = re.compile(r"[0-9a-f]{32}")
Kind: TypeAlias = Literal["line", "area", "code", "codes", "number", "yes", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `labels` are the words of its codes, where it is a choice."""

    name: str
    label: str
    kind: Kind
    labels: Labels | None = None
    is_empty_allowed: bool = True

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """Return the codes and their words in the reader's language."""
        found = self.labels or {}
        return tuple((code, words.label(code, found)) for code in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTyped:
    """What was typed, by the name of a field."""

    values: Mapping[str, str]
    many: Mapping[str, tuple[str, ...]]
    now: int

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

    @property
    def is_signed(self) -> bool:
        """Return whether a person signs it with a key of his or her own."""
        return self.draft is not None


Own: TypeAlias = Mapping[type[Exception], Callable[[Any], tuple[str, str]]]
"""What a room tells of each error of its own, and at which field."""


def pressed(request: PersonRequest, form: Form, *, side: str, own: Own) -> Appended | Signing | Errors:
    """Return what came of sending `form`, or what stood in the way."""
    key = request.POST.get("key", "")
    hand = Hand(
        officer=request.officer,
        key=key if _KEY.fullmatch(key) else uuid.uuid4().hex,
        now=request.now,
        door=Record(home=settings.HOME),
    )
    names = [field.name for field in form.fields]
    typed = FormTyped(
        values={name: request.POST.get(name, "") for name in names},
        many={name: tuple(request.POST.getlist(name)) for name in names},
        now=request.now,
    )
    try:
        return _said(request, form, typed, hand=hand)
    except TypedError as error:
        return [("", _("“%(text)s” cannot be read here.") % {"text": error.text})]
    except ERRORS as error:
        fault = fault_of(error, side=side)
        return [("", " ".join(filter(None, (fault.what, fault.safe, fault.do))))]
    except tuple(own) as error:
        return [own[type(error)](error)]


def _said(request: PersonRequest, form: Form, typed: FormTyped, *, hand: Hand) -> Appended | Signing | Errors:
    if form.draft is None:
        assert form.run is not None, "a form says something"
        said = form.run(hand, typed)
        assert isinstance(said, Appended), "this door is the record"
        return said
    draft = form.draft(hand, typed)

    def sign(by: By, secret: str) -> signing.Said | Signing:
        return signing.prepare_signed(settings.HOME, draft, by=by, secret=secret)

    answer = together(request, sign)
    assert not isinstance(answer, Destroyed), "it destroys nothing"
    return answer


def show(
    request: PersonRequest,
    form: Form,
    page: Mapping[str, object],
    *,
    errors: Errors | None = None,
) -> HttpResponse:
    """Return the page of a form, with what was typed."""
    typed = request.POST if request.method == "POST" else request.GET
    key = request.POST.get("key", "") or uuid.uuid4().hex
    fields = [(field, typed.get(field.name, ""), typed.getlist(field.name)) for field in form.fields]
    shown = {**page, "form": form, "fields": fields, "errors": errors or [], "key": key}
    return render(request, "sharing/say.html", shown, status=422 if errors else 200)


def onwards(answer: Appended | Signing, *, page: str, link: str) -> HttpResponse:
    """Return the way on: to what was said, or to the page where another person signs."""
    if isinstance(answer, Signing):
        return HttpResponseRedirect(reverse("links:sign", kwargs={"link": link, "number": answer.number}))
    return HttpResponseRedirect(f"{page}?saved={answer.place.replace(' ', '-')}", status=303)
