"""parley call: open, take, read back, speak, close. Each file beside this one adds some verbs to the noun."""

from parley.cli.call import closing, exporting, listing, opening, reading, showing, speaking
from parley.cli.call.noun import call

__all__ = ["call", "closing", "exporting", "listing", "opening", "reading", "showing", "speaking"]
