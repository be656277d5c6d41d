"""What pages and commands show of reviews; reads only."""

from parley.review.queries.beside import curves_before, period_before, terms_at
from parley.review.queries.kept import figures_kept
from parley.review.queries.opening import Behind, Opening, opening_of
from parley.review.queries.reviews import (
    ReviewRow,
    UnknownReviewError,
    Words,
    all_reviews,
    find_review,
    signatures_of,
)
from parley.review.queries.shown import (
    CallsShown,
    ClockRow,
    Curve,
    Number,
    PartShown,
    Shown,
    counts_calls,
    shown,
)

__all__ = (
    "Behind",
    "CallsShown",
    "ClockRow",
    "Curve",
    "Number",
    "Opening",
    "PartShown",
    "ReviewRow",
    "Shown",
    "UnknownReviewError",
    "Words",
    "all_reviews",
    "counts_calls",
    "curves_before",
    "figures_kept",
    "find_review",
    "opening_of",
    "period_before",
    "shown",
    "signatures_of",
    "terms_at",
)
