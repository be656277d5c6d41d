"""What pages and commands show of guidelines; reads only."""

from parley.guidelines.queries.changes import Changes, Place, articles_of, changes_of, effects, place_of
from parley.guidelines.queries.drafts import Base, DraftRow, UnknownDraftError, base_of, drafts, find_draft

__all__ = (
    "Base",
    "Changes",
    "DraftRow",
    "Place",
    "UnknownDraftError",
    "articles_of",
    "base_of",
    "changes_of",
    "drafts",
    "effects",
    "find_draft",
    "place_of",
)
