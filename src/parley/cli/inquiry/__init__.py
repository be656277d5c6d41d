"""parley inquiry: send, look, answer. Each file beside this one adds some verbs to the noun."""

from parley.cli.inquiry import asked, asker, batches, drafting, importing, listing, printing, showing
from parley.cli.inquiry.noun import inquiry

__all__ = ["asked", "asker", "batches", "drafting", "importing", "inquiry", "listing", "printing", "showing"]
