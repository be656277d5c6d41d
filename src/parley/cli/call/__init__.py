"""parley call: open, take, read back, speak, decide by voice, close. Each file beside this one adds verbs."""

from parley.cli.call import closing, exporting, listing, opening, reading, showing, speaking, voicing
from parley.cli.call.noun import call

__all__ = ["call", "closing", "exporting", "listing", "opening", "reading", "showing", "speaking", "voicing"]
