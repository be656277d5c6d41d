"""Which guideline holds: the one that both signed, from its instant on, until another takes its place.

Two signatures make a text hold, one of each side, over the same digest, terms and instant; in which draft
each side found it does not matter. Whose word it is, and which statements count at all, is told by
`agreements.py`; what is in force in a past, by `links.py`. Source: Spec §16.5.
"""

from collections.abc import Iterable, Sequence

from parley.protocol.guidelines.bodies import Drafted


def agreed(one: Iterable[Drafted], two: Iterable[Drafted]) -> tuple[Drafted, ...]:
    """Return the texts that both sides signed, in the order in which they take effect.

    `one` and `two` are what the persons of each side signed. Of two texts for the same instant the one with
    the larger digest comes later: no order of arrival decides.
    """
    return tuple(sorted(set(one) & set(two), key=lambda draft: (draft.since, draft.text, draft.terms)))


def in_force(agreed: Sequence[Drafted], *, at: int) -> Drafted | None:
    """Return which of the agreed texts, as they take effect, holds at `at`; None before the first."""
    begun = [draft for draft in agreed if draft.since <= at]
    return begun[-1] if begun else None
