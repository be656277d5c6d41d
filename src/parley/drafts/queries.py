"""What is shown of drafts; reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from parley.drafts.models import Draft, Saved
from parley.drafts.policy import Version


class UnknownDraftError(Exception):
    """There is no draft of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft as lists show it. Instants are unix seconds; `count` is how many rows it has."""

    number: int
    link: str
    purpose: str
    about: str
    """The id of the inquiry that it is about; empty where it is about none yet."""
    officer: int
    officer_name: str
    created_at: int
    saved_at: int
    saved_by: str
    revision: int
    count: int
    closed_at: int | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The form that something comes from: what it is to become, about which inquiry, on which link.

    `number` is the draft with which it goes on (None: the one that its page begins), `base` the
    revision that it knew.
    """

    link: str
    purpose: str
    about: str = ""
    number: int | None = None
    base: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    """A version of a field, as the history shows it."""

    revision: int
    field: str
    value: str
    by: str
    at: int
    is_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two texts for one field: `mine` lies aside, `theirs` is in force until somebody chooses.

    `number` names the version that lies aside. `by` and `at` tell of the version in force,
    `mine_by` and `mine_at` of the other.
    """

    number: int
    field: str
    mine: str
    theirs: str
    by: str
    at: int
    mine_by: str
    mine_at: int
    session: str
    """The page on which `mine` was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field that somebody else changed while a page was open."""

    field: str
    value: str
    by: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A draft and the values in force, by field. Fields that nobody filled are missing."""

    draft: DraftRow
    values: Mapping[str, str]
    conflicts: tuple[Conflict, ...]


def list_drafts(link: str, *, purpose: str, about: str = "", is_closed: bool = False) -> tuple[DraftRow, ...]:
    """Return the drafts on `link`, about one inquiry or about none, that are open or closed, newest first."""
    return _rows(
        Draft.objects.filter(link=link, purpose=purpose, about=about, closed_at__isnull=not is_closed)
    )


def list_begun(link: str, *, purposes: str, about: str | None = None) -> tuple[DraftRow, ...]:
    """Return the open drafts on `link` whose purpose begins with `purposes`, the newest first.

    `about` is the inquiry that they are about; None: whichever.
    """
    found = Draft.objects.filter(link=link, purpose__startswith=purposes, closed_at__isnull=True)
    return _rows(found if about is None else found.filter(about=about))


def list_open(purpose: str) -> tuple[DraftRow, ...]:
    """Return the open drafts of this purpose on all links, the newest first."""
    return _rows(Draft.objects.filter(purpose=purpose, closed_at__isnull=True))


def begun_on(page: str) -> DraftRow | None:
    """Return the draft that was begun on this page by itself; None if there is none."""
    found = Draft.objects.filter(begun_on=page).exclude(begun_on="")
    return next(iter(_rows(found)), None)


def draft_of(origin: Origin, *, page: str) -> DraftRow | None:
    """Return the draft that a form goes on with, open or closed; None if its page has not begun any.

    Raises:
        UnknownDraftError: the form names a draft that is of another form, or there is none.
    """
    found = begun_on(page) if origin.number is None else find_draft(origin.number)
    if found is not None and (found.link, found.purpose, found.about) != (
        origin.link,
        origin.purpose,
        origin.about,
    ):
        raise UnknownDraftError(f"draft {found.number} is of another form")
    return found


def _rows(found: "QuerySet[Draft]") -> tuple[DraftRow, ...]:
    return tuple(
        _row(each) for each in found.select_related("officer", "saved_by").order_by("-saved_at", "-number")
    )


def find_draft(number: int) -> DraftRow:
    """Return the draft of this number, whatever link it is on.

    Raises:
        UnknownDraftError: there is none.
    """
    found = Draft.objects.filter(number=number).select_related("officer", "saved_by").first()
    if found is None:
        raise UnknownDraftError(f"expected a draft, found none with the number {number}")
    return _row(found)


def show_draft(number: int) -> Shown:
    """Return the draft with what is in force and what lies aside.

    Raises:
        UnknownDraftError: there is none.
    """
    draft = find_draft(number)
    newest = _in_force(number)
    values = dict(newest.values_list("field", "value"))
    return Shown(draft=draft, values=values, conflicts=conflicts_of(number))


def values_of(number: int, fields: Iterable[str]) -> Mapping[str, str]:
    """Return the values in force of these `fields` alone."""
    return dict(_in_force(number).filter(field__in=list(fields)).values_list("field", "value"))


def history_of(number: int, field: str) -> tuple[SavedRow, ...]:
    """Return every version of `field`, the newest first."""
    found = Saved.objects.filter(draft=number, field=field).select_related("officer").order_by("-revision")
    return tuple(
        SavedRow(
            revision=each.revision,
            field=each.field,
            value=each.value,
            by=each.officer.name,
            at=each.at,
            is_aside=each.is_aside,
        )
        for each in found
    )


def _in_force(number: int) -> "QuerySet[Saved]":
    newest = Saved.objects.filter(draft=OuterRef("draft"), field=OuterRef("field"), is_aside=False)
    return Saved.objects.filter(
        draft=number,
        is_aside=False,
        revision=Subquery(newest.order_by("-revision").values("revision")[:1]),
    )


def conflicts_of(number: int) -> tuple[Conflict, ...]:
    """Return the texts between which somebody has to choose, the oldest first."""
    aside = list(
        Saved.objects.filter(draft=number, is_aside=True, is_settled=False)
        .select_related("officer")
        .order_by("revision", "field")
    )
    fields = [each.field for each in aside]
    newest = _in_force(number).filter(field__in=fields).select_related("officer")
    current = {each.field: each for each in newest}
    return tuple(_conflict(each, current[each.field]) for each in aside)


def _conflict(mine: Saved, theirs: Saved) -> Conflict:
    return Conflict(
        number=mine.pk,
        field=mine.field,
        mine=mine.value,
        theirs=theirs.value,
        by=theirs.officer.name,
        at=theirs.at,
        mine_by=mine.officer.name,
        mine_at=mine.at,
        session=mine.session,
    )


def changed_since(number: int, base: int, *, but: str) -> tuple[Changed, ...]:
    """Return what pages other than `but` put in force after revision `base`, where it still is."""
    later = _in_force(number).filter(revision__gt=base).exclude(session=but).select_related("officer")
    return tuple(
        Changed(field=each.field, value=each.value, by=each.officer.name, at=each.at)
        for each in later.order_by("revision", "field")
    )


def version_of(saved: Saved) -> Version:
    """Return what the rules look at."""
    return Version(
        revision=saved.revision,
        digest=saved.digest,
        session=saved.session,
        begun_at=saved.begun_at,
        is_aside=saved.is_aside,
        is_settled=saved.is_settled,
        replaced=tuple((revision, digest) for revision, digest in saved.replaced),
    )


def _row(draft: Draft) -> DraftRow:
    return DraftRow(
        number=draft.number,
        link=draft.link,
        purpose=draft.purpose,
        about=draft.about,
        officer=draft.officer_id,
        officer_name=draft.officer.name,
        created_at=draft.created_at,
        saved_at=draft.saved_at,
        saved_by=draft.saved_by.name,
        revision=draft.revision,
        count=draft.count,
        closed_at=draft.closed_at,
        outcome=draft.outcome,
    )
