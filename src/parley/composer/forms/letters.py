"""What an officer says about all rows together, and the inquiries that rows become with it.

Used by the page and by the command line alike: both only say in their own way what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import ngettext

from parley.inquiries.actions import Sending
from parley.inquiries.forms import compose, letter
from parley.inquiries.forms.letter import Letter
from parley.ledger.home import Config
from parley.protocol.inquiries.codes import Want
from parley.ui import words

MAX_REF: Final = 64
ROUTINE: Final = "U3"
"""A routine request explains itself; any other takes somebody from other work."""


class NoRowsError(Exception):
    """No row is ready."""


class RefError(Exception):
    """`ref` cannot be a registry number on the wire: at most 64 printing ASCII signs."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"expected at most {MAX_REF} printing ASCII signs, found {ref!r}")
        self.ref = ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted of all rows. `grouping` None: as the rows usually are."""

    item: str
    urgency: str
    wants: tuple[Want, ...]
    batch: str | None = None
    grouping: compose.Grouping | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What every letter says. `ref` is our registry number; without it, the batch's number is taken."""

    authority: str
    purpose: str | None = None
    legal_basis: tuple[str, ...] = ()
    facts: str | None = None
    title: str | None = None
    case: str | None = None
    tlp: str = "AMBER"
    urgency_reason: str | None = None
    ref: str | None = None


def group_all(rows: Sequence[compose.Row], ask: Ask) -> tuple[compose.Group, ...]:
    """Return which rows become one inquiry."""
    return compose.group_rows(rows, ask.grouping or compose.usual_grouping(rows))


def compose_all(rows: Sequence[compose.Row], ask: Ask, cover: Cover) -> tuple[Sending, ...]:
    """Return the inquiries that `rows` become, in the order of `group_all`.

    Raises:
        NoRowsError: there is no row.
        RefError: the registry number cannot be one.
    """
    if not rows:
        raise NoRowsError("expected at least one row that is ready")
    groups = group_all(rows, ask)
    asked = compose.Asked(
        item=ask.item,
        urgency=ask.urgency,
        wants=ask.wants,
        batch=(ask.batch, len(groups)) if ask.batch else None,
    )
    refs = refs_of(cover.ref or ask.batch, len(groups))
    return tuple(_sending(group, asked, cover, ref=ref) for group, ref in zip(groups, refs, strict=True))


def refs_of(ref: str | None, count: int) -> tuple[str | None, ...]:
    """Return the registry number of each of `count` inquiries: with /1, /2 … behind it if they are several.

    Raises:
        RefError: it cannot be one on the wire.
    """
    if ref is None or count == 1:
        refs: tuple[str | None, ...] = (ref,) * count
    else:
        refs = tuple(f"{ref}/{place}" for place in range(1, count + 1))
    for each in refs:
        if each is not None and not (each.isascii() and each.isprintable() and len(each) <= MAX_REF):
            raise RefError(each)
    return refs


def missing_in(
    sendings: Sequence[Sending], required: Mapping[str, tuple[str, ...]], *, urgency: str
) -> tuple[str, ...]:
    """Return the fields that the terms require and that not every inquiry says, each once."""
    found = {gap.field: None for sending in sendings for gap in compose.gaps(sending.letter, required)}
    if urgency != ROUTINE and any(sending.letter.urgency_reason is None for sending in sendings):
        found["urgency_reason"] = None
    return tuple(found)


def own_name(config: Config) -> str:
    """Return what our side calls itself, in the language in force."""
    return config.name_zh if words.is_chinese() else config.name_en


def title_of(group: compose.Group) -> str:
    """Return one line that says what the inquiry is about, made from its rows, in the language in force."""
    count = len(group.rows)
    brands = dict.fromkeys(
        row.item.brand.text for row in group.rows if isinstance(row.item, letter.Site) and row.item.brand
    )
    if not brands:
        return ngettext(
            "Information about %(count)d subject", "Information about %(count)d subjects", count
        ) % {"count": count}
    return ngettext(
        "%(count)d site that poses as %(brand)s", "%(count)d sites that pose as %(brand)s", count
    ) % {"count": count, "brand": ", ".join(list(brands)[:3]) + (" …" if len(brands) > 3 else "")}


def _sending(group: compose.Group, asked: compose.Asked, cover: Cover, *, ref: str | None) -> Sending:
    items = tuple(row.item for row in group.rows)
    written = Letter(
        title=letter.text_of(cover.title) if cover.title else _made_title(group),
        purpose=_text(cover.purpose),
        facts=_text(cover.facts),
        legal_basis=cover.legal_basis,
        authority=letter.text_of(cover.authority),
        case=cover.case,
        tlp=cover.tlp,
        urgency_reason=_text(cover.urgency_reason),
        items=items,
    )
    return Sending(d=compose.sent_of(items, asked), letter=written, ref=ref)


def _made_title(group: compose.Group) -> letter.Text:
    """Return the title made from rows, in the language in force, whatever signs a name in it has."""
    language = letter.CHINESE if words.is_chinese() else letter.ENGLISH
    return replace(letter.text_of(title_of(group)), language=language)


def _text(said: str | None) -> letter.Text | None:
    return letter.text_of(said) if said else None
