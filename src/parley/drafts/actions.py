"""What is done with drafts: begun, saved, chosen between, closed. Nothing is ever overwritten or deleted.

One transaction for each; SQLite lets one writer in at a time, so what `policy` decided about
the versions still holds when the new one is written.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from parley.drafts.models import FIELD, Draft, Saved
from parley.drafts.policy import Brought, Change, change_of, in_force, merged
from parley.drafts.queries import (
    Changed,
    Conflict,
    DraftRow,
    Origin,
    UnknownDraftError,
    changed_since,
    conflicts_of,
    draft_of,
    find_draft,
    version_of,
)
from parley.work.order import Order

MAX_VALUE: Final = 2 * 1024 * 1024
MAX_FIELDS: Final = 12_000
"""One for each row of the largest sheet, one for each inquiry that its rows become, and the rest."""
MAX_SIZE: Final = 64 * 1024 * 1024
CHUNK: Final = 500

_STROKES: Final = Order()


class LimitError(Exception):
    """The draft would grow beyond a limit: `what` is value, fields, size or name. Nothing was written."""

    def __init__(self, what: str, *, limit: int, found: int, field: str = "") -> None:
        super().__init__(f"{what} {field}: expected at most {limit}, found {found}")
        self.what = what
        self.limit = limit
        self.found = found
        self.field = field


class ClosedError(Exception):
    """The draft is closed: it was sent, or somebody put it away. Nothing was written."""

    def __init__(self, number: int) -> None:
        super().__init__(f"draft {number} is closed")
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who types, and on which page: two tabs of one person are two pages. `now` is unix seconds.

    `stroke` grows with each request of the page; 0 if it does not count.
    """

    officer: int
    session: str
    now: int
    stroke: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a save: the draft's revision, what lies aside, and what else others changed meanwhile.

    A page that shows all of it to its person knows the draft as of `revision`.
    """

    revision: int
    conflicts: tuple[Conflict, ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """In which draft something was saved, and what came of it."""

    number: int
    outcome: Outcome


def digest_of(value: str) -> str:
    """Return the SHA-256 of `value` in hex."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def keep(
    origin: Origin, fields: Mapping[str, str], *, by: Hand, first: Mapping[str, str] | None = None
) -> Kept:
    """Save what a page brings by itself while somebody types; the first time, its draft begins.

    `first` is what the page shows of fields that nobody saved yet, where that is not nothing.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        number = _number(origin, by=by)
        return Kept(number=number, outcome=save(number, fields, base=origin.base, by=by, first=first))


def keep_all(
    origin: Origin, fields: Mapping[str, str], *, by: Hand, first: Mapping[str, str] | None = None
) -> Kept:
    """Save what a whole form brings; the first time, its draft begins. `first` as for `keep`.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        number = _number(origin, by=by)
        return Kept(number=number, outcome=save_all(number, fields, base=origin.base, by=by, first=first))


def _number(origin: Origin, *, by: Hand) -> int:
    found = draft_of(origin, page=by.session)
    if found is not None:
        return found.number
    return _begun(origin, by=by, page=by.session).number


def begin(link: str, *, purpose: str, fields: Mapping[str, str], by: Hand) -> DraftRow:
    """Begin a draft on `link` with `fields`, under the next number."""
    with transaction.atomic():
        draft = _begun(Origin(link=link, purpose=purpose), by=by)
        save(draft.number, fields, base=0, by=by)
    return find_draft(draft.number)


def _begun(origin: Origin, *, by: Hand, page: str = "") -> Draft:
    last = Draft.objects.order_by("number").last()
    return Draft.objects.create(
        number=last.number + 1 if last else 1,
        link=origin.link,
        purpose=origin.purpose,
        about=origin.about,
        begun_on=page,
        officer_id=by.officer,
        created_at=by.now,
        saved_at=by.now,
        saved_by_id=by.officer,
    )


def save(
    number: int, fields: Mapping[str, str], *, base: int, by: Hand, first: Mapping[str, str] | None = None
) -> Outcome:
    """Write the fields that the page changed since `base`; those that somebody else changed, too, lie aside.

    Fields that are not brought stay as they are. `first` is what a page shows of fields that
    nobody saved yet, where that is not nothing. Of what a page sent before something that has
    come already, nothing is written: it is older.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        # One writer at a time: whoever comes later here writes later, too.
        if _STROKES.is_late(by.session, by.stroke):
            fields = {}
        return _save(number, fields, base=base, by=by, first=first)


def _save(
    number: int, fields: Mapping[str, str], *, base: int, by: Hand, first: Mapping[str, str] | None
) -> Outcome:
    _check_fields(fields)
    with transaction.atomic():
        draft = _open_draft(number)
        versions = _versions(number, fields)
        changes = _Changes(draft=draft, by=by)
        for field, value in fields.items():
            changes.take(field, value, versions.get(field, []), base=base, first=(first or {}).get(field, ""))
        changes.write()
        conflicts = tuple(each for each in conflicts_of(number) if each.field in fields)
        changed = changed_since(number, base, but=by.session)
    disputed = {each.field for each in conflicts}
    return Outcome(
        revision=draft.revision,
        conflicts=conflicts,
        changed=tuple(each for each in changed if each.field not in disputed),
    )


def save_all(
    number: int, fields: Mapping[str, str], *, base: int, by: Hand, first: Mapping[str, str] | None = None
) -> Outcome:
    """Save what a whole form brings: no choice between two texts is meant by it.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        if _STROKES.is_late(by.session, by.stroke):
            fields = {}
        open_ones = {each.field for each in conflicts_of(number) if each.session == by.session}
        disputed = {name: value for name, value in fields.items() if name in open_ones}
        _save(number, disputed, base=0, by=by, first=first)
        agreed = {name: value for name, value in fields.items() if name not in open_ones}
        outcome = _save(number, agreed, base=base, by=by, first=first)
        conflicts = tuple(each for each in conflicts_of(number) if each.field in fields)
    return Outcome(
        revision=outcome.revision,
        conflicts=conflicts,
        changed=tuple(each for each in outcome.changed if each.field not in open_ones),
    )


def resolve(number: int, conflict: int, *, take_mine: bool, by: Hand) -> None:
    """Choose between two texts: `take_mine` puts the one that lies aside in force; both stay in the history.

    Where somebody chose before, nothing happens.

    Raises:
        ClosedError, UnknownDraftError: nothing was written.
    """
    with transaction.atomic():
        draft = _open_draft(number)
        aside = Saved.objects.filter(pk=conflict, draft=number, is_aside=True, is_settled=False).first()
        if aside is None:
            return
        aside.is_settled = True
        aside.save(update_fields=["is_settled"])
        if take_mine:
            _put(draft, {aside.field: aside.value}, by=by)


def put(number: int, fields: Mapping[str, str], *, by: Hand, count: int | None = None) -> None:
    """Write `fields` whatever stood there: for what the house itself computes inside one transaction.

    `count` is how many rows the draft has now, for lists.

    Raises:
        LimitError, ClosedError, UnknownDraftError: nothing was written.
    """
    _check_fields(fields)
    with transaction.atomic():
        _put(_open_draft(number), fields, by=by, count=count)


def close(number: int, *, outcome: str, by: Hand) -> None:
    """Close the draft; it can be read for ever, and written no more. Closing twice changes nothing."""
    with transaction.atomic():
        Draft.objects.filter(number=number, closed_at__isnull=True).update(
            closed_at=by.now, saved_at=by.now, saved_by=by.officer, outcome=outcome
        )


def _put(draft: Draft, fields: Mapping[str, str], *, by: Hand, count: int | None = None) -> None:
    # Not what the page typed: a page that never saw it must not count as having known it.
    by = replace(by, session=f"house {draft.revision + 1}")
    versions = _versions(draft.number, fields)
    changes = _Changes(draft=draft, by=by)
    for field, value in fields.items():
        changes.take(field, value, versions.get(field, []), base=draft.revision)
    changes.write(count)


class _Changes:
    """What one save writes, gathered first, so that a limit is met before anything is written."""

    def __init__(self, *, draft: Draft, by: Hand) -> None:
        self.draft = draft
        self.by = by
        self.revision = draft.revision + 1
        self.size = draft.size
        self.new: list[Saved] = []
        self.changed: list[Saved] = []
        self.settled: list[Saved] = []

    def take(self, field: str, value: str, before: Sequence[Saved], *, base: int, first: str = "") -> None:
        """Judge one value and note what becomes of it."""
        brought = Brought(digest=digest_of(value), base=base, session=self.by.session, now=self.by.now)
        versions = [version_of(each) for each in before]
        change = change_of(versions, brought, nothing=digest_of(first))
        mine = [each for each in before if each.is_aside and not each.is_settled and self._is_mine(each)]
        if change is Change.NONE:
            current = in_force(versions)
            if current is not None and current.digest == brought.digest:
                self.settled += mine
            return
        old = merged(versions, brought, change)
        replaced = next((each for each in before if old and each.revision == old.revision), None)
        # Of one page only the newest text lies aside; the older ones are history.
        self.settled += [each for each in mine if each is not replaced]
        self._note(field, value, brought, replaced=replaced, is_aside=change is Change.ASIDE)

    def _is_mine(self, saved: Saved) -> bool:
        return saved.session == self.by.session

    def _note(
        self, field: str, value: str, brought: Brought, *, replaced: Saved | None, is_aside: bool
    ) -> None:
        saved = replaced or Saved(draft=self.draft, field=field, session=self.by.session, size=0)
        saved.officer_id = self.by.officer
        if replaced is not None:
            saved.replaced = [*saved.replaced, [saved.revision, saved.digest]]
            self.changed.append(saved)
        else:
            saved.begun_at = self.by.now
            saved.is_aside = is_aside
            self.new.append(saved)
        size = len(value.encode("utf-8", "surrogatepass"))
        self.size += size - saved.size
        saved.revision, saved.value, saved.digest = self.revision, value, brought.digest
        saved.size, saved.at = size, self.by.now

    def write(self, count: int | None = None) -> None:
        """Write what was gathered, and the draft's new revision if there is anything.

        Raises:
            LimitError: the draft would grow too large.
        """
        if self.size > MAX_SIZE:
            raise LimitError("size", limit=MAX_SIZE, found=self.size)
        for saved in self.settled:
            saved.is_settled = True
        Saved.objects.bulk_update(self.settled, ["is_settled"], batch_size=CHUNK)
        if count is not None:
            self.draft.count = count
        if self.new or self.changed:
            self._write_versions()
        self.draft.save()

    def _write_versions(self) -> None:
        Saved.objects.bulk_create(self.new, batch_size=CHUNK)
        columns = ["revision", "value", "digest", "size", "officer", "at", "replaced"]
        Saved.objects.bulk_update(self.changed, columns, batch_size=CHUNK)
        if self.new:
            _check_count(self.draft)
        self.draft.revision = self.revision
        self.draft.size = self.size
        self.draft.saved_at = self.by.now
        self.draft.saved_by_id = self.by.officer


def _check_fields(fields: Mapping[str, str]) -> None:
    for field, value in fields.items():
        if not 0 < len(field) <= FIELD:
            raise LimitError("name", limit=FIELD, found=len(field), field=field[:FIELD])
        size = len(value.encode("utf-8", "surrogatepass"))
        if size > MAX_VALUE:
            raise LimitError("value", limit=MAX_VALUE, found=size, field=field)


def _check_count(draft: Draft) -> None:
    found = Saved.objects.filter(draft=draft).values("field").distinct().count()
    if found > MAX_FIELDS:
        raise LimitError("fields", limit=MAX_FIELDS, found=found)


def _open_draft(number: int) -> Draft:
    draft = Draft.objects.filter(number=number).first()
    if draft is None:
        raise UnknownDraftError(f"expected a draft, found none with the number {number}")
    if draft.closed_at is not None:
        raise ClosedError(number)
    return draft


def _versions(number: int, fields: Iterable[str]) -> dict[str, list[Saved]]:
    """Return all versions of `fields`, without their values, oldest first."""
    found: dict[str, list[Saved]] = {}
    names = list(fields)
    for start in range(0, len(names), CHUNK):
        some = Saved.objects.filter(draft=number, field__in=names[start : start + CHUNK])
        for saved in some.defer("value").order_by("revision"):
            found.setdefault(saved.field, []).append(saved)
    return found
