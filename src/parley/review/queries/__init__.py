"""What pages and commands show of reviews; reads only."""

from parley.review.queries.beside import curves_before, period_before, terms_at
from parley.review.queries.kept import figures_kept
from parley.review.queries.reviews import ReviewRow, UnknownReviewError, Words, all_reviews, find_review
from parley.review.queries.shown import (
    CallsShown,
    ClockRow,
    Curve,
    Number,
    PartShown,
    Shown,
    shown,
)

__all__ = (
    "CallsShown",
    "ClockRow",
    "Curve",
    "Number",
    "PartShown",
    "ReviewRow",
    "Shown",
    "UnknownReviewError",
    "Words",
    "all_reviews",
    "curves_before",
    "figures_kept",
    "find_review",
    "period_before",
    "shown",
    "terms_at",
)
