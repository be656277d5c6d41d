"""parley inquiry: send, look, answer. Each file beside this one adds some verbs to the noun."""

from parley.cli.inquiry import asked, asker, importing, listing, showing
from parley.cli.inquiry.noun import inquiry

__all__ = ["asked", "asker", "importing", "inquiry", "listing", "showing"]
