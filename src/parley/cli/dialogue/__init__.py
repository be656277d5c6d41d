"""parley commitment, concern, round, outcome. Each file beside this one adds some verbs to a noun."""

from parley.cli.dialogue import commitments, concerns, outcomes, papers, raised, rounds, timing
from parley.cli.dialogue.nouns import commitment, concern, outcome, round_

__all__ = [
    "commitment",
    "commitments",
    "concern",
    "concerns",
    "outcome",
    "outcomes",
    "papers",
    "raised",
    "round_",
    "rounds",
    "timing",
]
