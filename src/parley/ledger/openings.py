"""What a node says to open a link: the same in every lane, each time in a channel and a log of its own.

Both sides compute it from the two offers. The names of the first logs differ between the lanes by the
lane alone, the cards and the terms not at all. Source: Spec §3.5, §7.1.
"""

from collections.abc import Sequence

from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.offers import Offer, terms_between
from parley.ledger.standing import LinkFacts
from parley.protocol.act import id_text


def opening(facts: LinkFacts, mine: Offer, theirs: Offer, *, name: str) -> Draft:
    """Return the draft `name` by which we open, in the lane of `facts`, the link between the two offers."""
    sides = [facts.sides.of(node) for node in sorted((facts.me, facts.peer))]
    world = facts.channel.split("/", 1)[0]
    return Draft(
        id=name,
        link=facts.link,
        lane=facts.lane,
        kind="link.opened",
        d={
            "channel": facts.channel,
            "origins": [side.origin for side in sides],
            "cards": [id_text(side.card_hash) for side in sides],
            "protocol": "parley/v1",
            "terms": terms_between(mine, theirs, world=world),
        },
        body={"name": dict(mine.names)},
    )


def opened(results: Sequence[Appended | RefusedError]) -> Appended:
    """Return the place of the first of the openings that were said.

    Raises:
        RefusedError: one of them would be void.
    """
    said = [result for result in results if isinstance(result, Appended)]
    for result in results:
        if isinstance(result, RefusedError):
            raise result
    return said[0]
