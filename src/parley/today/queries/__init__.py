"""What the desk shows; reads only, and folds nothing."""

from parley.today.queries.desk import Desk, desk
from parley.today.queries.looking import looked_before

__all__ = ("Desk", "desk", "looked_before")
