"""The figures at a cut, as a page shows them: what a proposed period and a review have in common."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from parley.inquiries.forms.telling import items_text
from parley.inquiries.forms.typed import spoken_items
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink
from parley.ledger.reading import Reader
from parley.protocol.review.bodies import CutProposed
from parley.review.queries import Behind, curves_before, opening_of, period_before, terms_at
from parley.review.views.contents import Beside, Told, told, told_number
from parley.review.views.defining import definition_of, sentence_of
from parley.review.views.finding import Computed
from parley.ui import words
from parley.ui.words import is_chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A number that was opened: how it is made, and what is behind it, each with the parts that count."""

    told: Told
    sentence: str
    paragraph: str
    lines: tuple[tuple[Behind, str], ...]
    more: int


def figures_told(
    reader: Reader, link: OpenLink, cut: CutProposed, *, found: Computed, of: str
) -> dict[str, object]:
    """Return what the template needs of the figures at `cut`; `of` names the number whose places it lists."""
    before = period_before(reader, link.row, cut)
    beside = Beside(
        own=own_name(),
        terms=terms_at(reader, link.row, cut),
        before=before,
        curves=curves_before(reader, link.row, before),
    )
    return {
        "cut": cut_text(cut),
        "chosen": _explained(reader, link, found, of=of) if of else None,
        **told(found, link, beside),
    }


def _explained(reader: Reader, link: OpenLink, found: Computed, *, of: str) -> Explained | None:
    number = told_number(found.shown, of)
    if number is None:
        return None
    opening = opening_of(reader, link.row.name, number.number)
    return Explained(
        told=number,
        sentence=sentence_of(of),
        paragraph=definition_of(of),
        lines=tuple((each, _parts(each)) for each in opening.behind),
        more=opening.more,
    )


def _parts(behind: Behind) -> str:
    """Return which items or questions are counted; "" where it is the inquiry or the call as a whole."""
    questions = [_("question %(n)d") % {"n": n} for n in behind.questions]
    items = [items_text(spoken_items(behind.items))] if behind.items else []
    return words.listed([*items, *questions])


def cut_text(cut: CutProposed) -> str:
    """Return a cut as people type it, such as ``main:812/640 hot:9/7``."""
    return " ".join(f"{part.lane}:{part.sizes[0]}/{part.sizes[1]}" for part in cut.cut)


def own_name() -> str:
    """Return what our side is called."""
    config = read_config(settings.HOME)
    return config.name_zh if is_chinese() else config.name_en
