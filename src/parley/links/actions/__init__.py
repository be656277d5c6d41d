"""What is done to links: opened, suspended and resumed, handed over as evidence, and erased from."""

from parley.links.actions.checking import check_record
from parley.links.actions.deciding import Done, decide, put_decision_away
from parley.links.actions.erasing import Going, order_erasure
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
from parley.links.actions.signing import (
    NotEnrolledError,
    Pen,
    Said,
    SignedAlreadyError,
    put_away,
    sign_prepared,
)
from parley.links.actions.suspending import Stop, Words, prepare_resumption, prepare_suspension

__all__ = (
    "By",
    "Done",
    "Going",
    "NotEnrolledError",
    "Pen",
    "Said",
    "SignedAlreadyError",
    "Stop",
    "Words",
    "add_link",
    "check_record",
    "decide",
    "export_evidence",
    "note_differing_digits",
    "offer_text",
    "open_link",
    "order_erasure",
    "own_offer",
    "own_offer_bytes",
    "prepare_resumption",
    "prepare_suspension",
    "put_away",
    "put_decision_away",
    "sign_prepared",
)
