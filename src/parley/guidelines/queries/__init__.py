"""What pages and commands show of guidelines; reads only."""

from parley.guidelines.queries.changes import (
    Changes,
    Place,
    ShownField,
    articles_of,
    changes_of,
    effects,
    place_of,
)
from parley.guidelines.queries.drafts import Base, DraftRow, UnknownDraftError, base_of, drafts, find_draft
from parley.guidelines.queries.governing import Governing, Reign, governing, reign_of, signatures_of

__all__ = (
    "Base",
    "Changes",
    "DraftRow",
    "Governing",
    "Place",
    "Reign",
    "ShownField",
    "UnknownDraftError",
    "articles_of",
    "base_of",
    "changes_of",
    "drafts",
    "effects",
    "find_draft",
    "governing",
    "place_of",
    "reign_of",
    "signatures_of",
)
