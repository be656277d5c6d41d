"""What pages show of links; reads only, and verifies what it shows as proved."""

from parley.links.queries.record import CursorError, newest_of_theirs, record_page
from parley.links.queries.standing import LinkPage, Standing, link_page, standings
from parley.links.queries.statement import UnknownStatementError, raw_entry, statement_page
from parley.links.queries.terms import TermsPage, terms_page
from parley.links.queries.verifying import VerifyPage, is_signed, offer_of, verify_page

__all__ = (
    "CursorError",
    "LinkPage",
    "Standing",
    "TermsPage",
    "UnknownStatementError",
    "VerifyPage",
    "is_signed",
    "link_page",
    "newest_of_theirs",
    "offer_of",
    "raw_entry",
    "record_page",
    "standings",
    "statement_page",
    "terms_page",
    "verify_page",
)
