"""parley share: offer, accept, deliver, evaluate. Each file here adds verbs to the noun."""

from parley.cli.share import listing, offering, printing, receiving, showing
from parley.cli.share.noun import share

__all__ = ["listing", "offering", "printing", "receiving", "share", "showing"]
