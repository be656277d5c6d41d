"""What the desk shows; reads only, and folds nothing."""

from parley.today.queries.desk import Desk, desk
from parley.today.queries.duty import Duty, duty
from parley.today.queries.looking import looked_before
from parley.today.queries.ringing import SHOWN, Ring, Screen, hear, open_rows, rings

__all__ = (
    "SHOWN",
    "Desk",
    "Duty",
    "Ring",
    "Screen",
    "desk",
    "duty",
    "hear",
    "looked_before",
    "open_rows",
    "rings",
)
