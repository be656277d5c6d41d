"""parley case: propose, join, note, link, set tasks, close. Each file here adds verbs to the noun."""

from parley.cli.case import linking, listing, printing, proposing, reporting, showing, speaking, tasks
from parley.cli.case.noun import case

__all__ = ["case", "linking", "listing", "printing", "proposing", "reporting", "showing", "speaking", "tasks"]
