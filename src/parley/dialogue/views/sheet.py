"""A form of the dialogue: which fields it has, what it says of what, and its page."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parley.agencies.middleware import PersonRequest
from parley.dialogue.queries import CommitmentDossier, RoundDossier, StatementRow
from parley.dialogue.views.fields import Typed, anchor_of, shown_fields
from parley.dialogue.views.finding import find_thread, opened_link
from parley.dialogue.views.keeping import Form
from parley.dialogue.views.papers import KINDS, PAPERS, papers_in
from parley.dialogue.views.showing import Shown, texts_of
from parley.dialogue.views.verbs import (
    FORMS,
    PROMISE_FIELDS,
    ROUND_FIELDS,
    Command,
    promise_in,
    round_in,
    verb_name,
)
from parley.hotline.views.keeping import Keeping, others
from parley.inquiries.views.showing.faults import Fault
from parley.ledger.home import read_config
from parley.ledger.lanes import named
from parley.ledger.readers import OpenLink, side_name
from parley.links.actions.speaking import Target
from parley.protocol.act import read_id
from parley.protocol.dialogue.clause import Text
from parley.protocol.names import MAIN
from parley.protocol.places import addressed_place
from parley.ui.words import is_chinese

COMMITMENT = "commitment.proposed"
ROUND = "round.proposed"
AMENDED = "outcome.amended"
CLOSED = "round.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form that was asked for: on which link, which fields, and where it is."""

    link: OpenLink
    fields: tuple[str, ...]
    read: Callable[[Typed], Command]
    name: str
    href: str
    dossier: CommitmentDossier | RoundDossier | None = None
    on: StatementRow | None = None

    @property
    def side(self) -> str:
        """Return what the other side calls itself."""
        return side_name(self.link.row)

    @property
    def begins(self) -> Mapping[str, str]:
        """Return what stands in the fields before anybody typed: another wording begins with the old one."""
        if self.name != AMENDED or self.on is None or self.on.clause is None:
            return {}
        return {"place": str(self.on.said["place"]), "en": self.on.clause.en, "zh": self.on.clause.zh}

    @property
    def texts(self) -> tuple[Shown, ...]:
        """Return the texts of the statement about which something is said."""
        return () if self.on is None else texts_of(self.on)

    @property
    def begins_later(self) -> int | None:
        """Return when the round begins that is to be closed before it has begun; else None."""
        if self.name != CLOSED or not isinstance(self.dossier, RoundDossier):
            return None
        return self.dossier.row.begins if self.dossier.now < self.dossier.row.begins else None

    @property
    def takes_files(self) -> bool:
        """Return whether files may go along."""
        return self.name in KINDS

    @property
    def files_href(self) -> str:
        """Return where a file is added."""
        return f"{self.href}files/"

    @property
    def lane(self) -> str:
        """Return the link in the lane in which it is said."""
        where = None if self.on is None else addressed_place(self.on.place.replace(" ", "-"))
        return named(self.link.row.link, where.lane if where else MAIN)

    @property
    def form(self) -> Form:
        """Return of which form its drafts are."""
        about = "" if self.on is None else self.on.statement
        return Form(link=self.link.row.link, verb=self.name, about=about)


def proposing(link: str, *, name: str) -> Asked:
    """Return the form that proposes a commitment or a round on `link`.

    Raises:
        Http404: there is no such link.
    """
    fields, read = (PROMISE_FIELDS, promise_in) if name == COMMITMENT else (ROUND_FIELDS, round_in)
    page = "dialogue:new_commitment" if name == COMMITMENT else "dialogue:new_round"
    return Asked(
        link=opened_link(link),
        fields=fields,
        read=lambda typed: read(typed, link),
        name=name,
        href=reverse(page, kwargs={"link": link}),
    )


def saying(link: str, place: str, *, kind: str, on: str, now: int) -> Asked:
    """Return the form of the kind (``commitment-agreed``) about the statement `on` in the thread at `place`.

    Raises:
        Http404: there is no such thread, statement or form, or our side could never say this of it.
        SoonError: it is in the record alone.
    """
    dossier = find_thread(link, place, now=now)
    name = kind.replace("-", ".", 1)
    target = next((each for each in dossier.statements if each.place.replace(" ", "-") == on), None)
    form = FORMS.get(name)
    if form is None or target is None or not dossier.fits(name, read_id(target.statement)):
        raise Http404
    meant = Target(link=link, statement=read_id(target.statement))
    where = {"link": link, "place": place, "on": on, "kind": kind}
    return Asked(
        link=dossier.link,
        fields=form.fields,
        read=lambda typed: form.read(typed, meant),
        name=name,
        href=reverse("dialogue:say", kwargs=where),
        dossier=dossier,
        on=target,
    )


def going_on(asked: Asked, found: Keeping) -> str:
    """Return the address of a form that goes on with its draft."""
    return asked.href if found.draft is None else f"{asked.href}?draft={found.draft.number}"


def address_of(dossier: CommitmentDossier | RoundDossier) -> str:
    """Return the address of a thread's page."""
    where = {"link": dossier.row.link, "place": dossier.row.place_path}
    return reverse(_page_of(dossier), kwargs=where)


def _page_of(dossier: CommitmentDossier | RoundDossier | None) -> str:
    return "dialogue:round" if isinstance(dossier, RoundDossier) else "dialogue:commitment"


def parties_of(link: OpenLink) -> dict[str, str]:
    """Return the names of both parties, by their letters."""
    config = read_config(settings.HOME)
    own = config.name_zh if is_chinese() else config.name_en
    return {link.row.my_letter: own, link.row.their_letter: side_name(link.row)}


def _struck(dossier: CommitmentDossier | RoundDossier, on: StatementRow) -> Text | None:
    """Return the words in whose place nothing is offered."""
    before = next((each for each in dossier.statements if each.place == on.answers), None)
    return None if before is None or not on.strikes_out else before.clause


def form_page(
    request: PersonRequest,
    asked: Asked,
    found: Keeping,
    *,
    errors: Sequence[tuple[str, str]] = (),
    fault: Fault | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a form, with every word that was typed."""
    typed = {name: found.form.get(name, "") for name in ("key", *asked.fields)}
    key = typed["key"]
    # What a fault has burnt is said anew under another key; what is not known keeps its own.
    keeps = key.isalnum() and (fault is None or fault.status >= 500)
    page = {
        "asked": asked,
        "verb": "" if asked.dossier is None else verb_name(asked.name),
        "struck": None if asked.on is None or asked.dossier is None else _struck(asked.dossier, asked.on),
        "thread_page": _page_of(asked.dossier),
        "side": asked.side,
        "fields": shown_fields(asked.fields, typed, sides=parties_of(asked.link)),
        "papers": papers_in(found.form.get(PAPERS, ""), lane=asked.lane) if asked.takes_files else (),
        "keeping": found,
        "draft": found.draft,
        "conflicts": found.conflicts,
        "open_drafts": others(asked.form, but=found.draft) if request.method == "GET" else (),
        "errors": [(anchor_of(name), text) for name, text in errors],
        "fault": fault,
        "key": key if keeps else uuid.uuid4().hex,
    }
    return render(request, "dialogue/say.html", page, status=status)
