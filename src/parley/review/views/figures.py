"""The figures at a cut, as a page shows them: what a proposed period and a review have in common."""

from django.conf import settings

from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink
from parley.ledger.reading import Reader
from parley.protocol.review.bodies import CutProposed
from parley.review.queries import curves_before, period_before, terms_at
from parley.review.views.contents import Beside, chosen_number, told
from parley.review.views.finding import Computed
from parley.ui.words import is_chinese


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
    chosen = chosen_number(found.shown, of) if of else None
    return {"cut": cut_text(cut), "chosen": chosen, **told(found, link, beside)}


def cut_text(cut: CutProposed) -> str:
    """Return a cut as people type it, such as ``main:812/640 hot:9/7``."""
    return " ".join(f"{part.lane}:{part.sizes[0]}/{part.sizes[1]}" for part in cut.cut)


def own_name() -> str:
    """Return what our side is called."""
    config = read_config(settings.HOME)
    return config.name_zh if is_chinese() else config.name_en
