"""What pages and commands show of reviews; reads only."""

from parley.review.queries.kept import figures_kept
from parley.review.queries.reviews import ReviewRow, UnknownReviewError, Words, all_reviews, find_review
from parley.review.queries.shown import (
    CallsShown,
    ClockRow,
    Number,
    PartShown,
    Shown,
    shown,
)

__all__ = (
    "CallsShown",
    "ClockRow",
    "Number",
    "PartShown",
    "ReviewRow",
    "Shown",
    "UnknownReviewError",
    "Words",
    "all_reviews",
    "figures_kept",
    "find_review",
    "shown",
)
