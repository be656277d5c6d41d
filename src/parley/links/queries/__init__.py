"""What pages show of links; reads only, and verifies what it shows as proved."""

from parley.links.queries.cursor import CursorError
from parley.links.queries.record import newest_of_theirs, record_page
from parley.links.queries.signing import Signing, signings
from parley.links.queries.standing import LinkPage, Standing, link_page, standings
from parley.links.queries.statement import UnknownStatementError, raw_entry, statement_page, thread_at
from parley.links.queries.suspending import (
    Suspension,
    freeze_page,
    in_force,
    signing_page,
    suspensions_page,
)
from parley.links.queries.terms import TermsPage, terms_page
from parley.links.queries.verifying import VerifyPage, is_signed, offer_of, verify_page

__all__ = (
    "CursorError",
    "LinkPage",
    "Signing",
    "Standing",
    "Suspension",
    "TermsPage",
    "UnknownStatementError",
    "VerifyPage",
    "freeze_page",
    "in_force",
    "is_signed",
    "link_page",
    "newest_of_theirs",
    "offer_of",
    "raw_entry",
    "record_page",
    "signing_page",
    "signings",
    "standings",
    "statement_page",
    "suspensions_page",
    "terms_page",
    "thread_at",
    "verify_page",
)
