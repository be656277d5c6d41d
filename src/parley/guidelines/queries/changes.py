"""What one text changes in another, as pages show it; and what it would have done to a period.

Both are computed in `protocol/guidelines/`; here values become words of the reader's language, and clauses
stand in both languages beside each other.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.ledger.reading import LinkRow, Reader
from parley.ledger.reviewing import effects_of, newest_cut
from parley.protocol.guidelines.compare import ClauseChange, FieldChange, compare
from parley.protocol.guidelines.fields import show
from parley.protocol.guidelines.replay import Effect
from parley.protocol.guidelines.text import Clause, Guideline
from parley.protocol.guidelines.words import Language, word
from parley.protocol.places import heard_place
from parley.ui import fieldwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClause:
    """A clause as people read it, in both languages, with its number; empty where it is in no such text."""

    number: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    """Clauses under their heading."""

    number: int
    en: str
    zh: str
    clauses: tuple[ShownClause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field that is changed: its path, and what it says before and after; None where it is not there.

    `name` is its path in words.
    """

    path: str
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a text changes: fields by their paths, and clauses as pairs of before and after.

    `readings` are clauses whose own words stay, and that read otherwise since a field in them is changed.
    """

    fields: tuple[ShownField, ...]
    clauses: tuple[tuple[ShownClause, ShownClause], ...]
    readings: tuple[tuple[ShownClause, ShownClause], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as people say it, such as ``B 6/1``, and what stands in the address of its statement."""

    text: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEffect:
    """What a text would have done to one clock of one side."""

    is_ours: bool
    clock: str
    ran: int
    late: int
    would_be_late: int
    newly_late: tuple[Place, ...]
    no_longer_late: tuple[Place, ...]


def language() -> Language:
    """Return which of the two languages of a guideline is that of the reader."""
    return Language.ZH if (get_language() or "").startswith("zh") else Language.EN


def articles_of(text: Guideline) -> tuple[ShownArticle, ...]:
    """Return a whole text as people read it."""
    return tuple(
        ShownArticle(
            number=n,
            en=article.heading.en,
            zh=article.heading.zh,
            clauses=tuple(
                _shown(text, f"{n}.{m}", clause) for m, clause in enumerate(article.clauses, start=1)
            ),
        )
        for n, article in enumerate(text.articles, start=1)
    )


def changes_of(old: Guideline, new: Guideline) -> Changes:
    """Return what `new` changes in `old`."""
    found = compare(old, new)
    return Changes(
        fields=tuple(_field(old, new, each) for each in found.fields),
        clauses=tuple(_pair(old, new, each) for each in found.clauses),
        readings=tuple(_readings(old, new, changed={each.number_after for each in found.clauses})),
    )


def path_words(path: str) -> str:
    """Return a path in words, such as ``time limits · mitigate · U1 IMMEDIATE``."""
    return " · ".join(map(_part_words, path.split("/")))


def _part_words(part: str) -> str:
    table = next((each for each in (fieldwords.FIELDS, words.KINDS) if part in each), None)
    return word(part, language()) if table is None else words.label(part, table)


def effects(
    reader: Reader, link: LinkRow, text: Guideline, *, since: int, until: int
) -> tuple[ShownEffect, ...]:
    """Return what `text` would have done from `since` to before `until`, by all that both nodes hold.

    Raises:
        CutError: what both hold cannot be looked at together yet.
    """
    cut = newest_cut(reader, link.name, since=since, until=until)
    return tuple(_effect(each, link) for each in effects_of(reader, link.name, cut, terms=text.terms))


def place_of(text: str) -> Place:
    """Return a place with the address of its statement: an item and a question stand with their inquiry."""
    spoken = text.partition("/")[0].partition("?")[0]
    heard, question = heard_place(spoken), text.partition("?")[2]
    told = _("%(place)s, question %(n)s") % {"place": spoken, "n": question} if question else text
    return Place(text=told, slug=(heard.text if heard else spoken).replace(" ", "-"))


def _effect(effect: Effect, link: LinkRow) -> ShownEffect:
    return ShownEffect(
        is_ours=effect.asked == link.me,
        clock=effect.clock.value,
        ran=effect.ran,
        late=len(effect.late),
        would_be_late=len(effect.would_be_late),
        newly_late=tuple(map(place_of, effect.newly_late)),
        no_longer_late=tuple(map(place_of, effect.no_longer_late)),
    )


def _field(old: Guideline, new: Guideline, change: FieldChange) -> ShownField:
    spoken = language()
    return ShownField(
        path=change.path,
        name=path_words(change.path),
        before=show(old.fields, change.path, spoken) if change.was_there else None,
        after=show(new.fields, change.path, spoken) if change.is_there else None,
    )


def _pair(old: Guideline, new: Guideline, change: ClauseChange) -> tuple[ShownClause, ShownClause]:
    return (
        _shown(old, change.number_before, change.before),
        _shown(new, change.number_after, change.after),
    )


def _readings(
    old: Guideline, new: Guideline, *, changed: Collection[str | None]
) -> Iterator[tuple[ShownClause, ShownClause]]:
    """Yield the clauses that stand in both texts with the same words, and read otherwise."""
    before = {clause: number for number, clause in old.numbered()}
    for number, clause in new.numbered():
        if number in changed or clause not in before:
            continue
        one, two = _shown(old, before[clause], clause), _shown(new, number, clause)
        if (one.en, one.zh) != (two.en, two.zh):
            yield one, two


def _shown(text: Guideline, number: str | None, clause: Clause | None) -> ShownClause:
    if number is None or clause is None:
        return ShownClause(number="", en="", zh="")
    en, zh = (text.rendered(clause, each) for each in (Language.EN, Language.ZH))
    return ShownClause(number=number, en=en, zh=zh)
