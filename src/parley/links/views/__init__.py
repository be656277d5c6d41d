"""Pages of links: how they stand, the comparing of digits, the terms, and the record itself."""

from parley.links.views.checking import check
from parley.links.views.evidence import evidence
from parley.links.views.links import all_links, link, terms
from parley.links.views.record import raw, record, statement
from parley.links.views.suspending import resume, sign, suspend, suspensions
from parley.links.views.verify import verify

__all__ = (
    "all_links",
    "check",
    "evidence",
    "link",
    "raw",
    "record",
    "resume",
    "sign",
    "statement",
    "suspend",
    "suspensions",
    "terms",
    "verify",
)
