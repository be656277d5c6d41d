"""What is done to links: opened, suspended and resumed, and handed over as evidence."""

from parley.links.actions.checking import check_record
from parley.links.actions.opening import (
    By,
    add_link,
    export_evidence,
    note_differing_digits,
    offer_text,
    open_link,
    own_offer,
    own_offer_bytes,
)
from parley.links.actions.suspending import (
    NotEnrolledError,
    SignedAlreadyError,
    Stop,
    Words,
    prepare_resumption,
    prepare_suspension,
    put_away,
    sign_prepared,
)

__all__ = (
    "By",
    "NotEnrolledError",
    "SignedAlreadyError",
    "Stop",
    "Words",
    "add_link",
    "check_record",
    "export_evidence",
    "note_differing_digits",
    "offer_text",
    "open_link",
    "own_offer",
    "own_offer_bytes",
    "prepare_resumption",
    "prepare_suspension",
    "put_away",
    "sign_prepared",
)
