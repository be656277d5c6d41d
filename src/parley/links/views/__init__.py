"""Pages of links: how they stand, the comparing of digits, the terms, and the record itself."""

from parley.links.views.checking import check
from parley.links.views.erasing import erase, erasure, erasures
from parley.links.views.evidence import evidence
from parley.links.views.judging import judge, verifier
from parley.links.views.links import all_links, link, terms
from parley.links.views.losing import recover
from parley.links.views.record import raw, record, statement
from parley.links.views.suspending import resume, sign, suspend, suspensions
from parley.links.views.verify import verify

__all__ = (
    "all_links",
    "check",
    "erase",
    "erasure",
    "erasures",
    "evidence",
    "judge",
    "link",
    "raw",
    "record",
    "recover",
    "resume",
    "sign",
    "statement",
    "suspend",
    "suspensions",
    "terms",
    "verifier",
    "verify",
)
