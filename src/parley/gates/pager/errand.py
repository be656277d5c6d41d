"""One way of one ring: which provider is next, and when it is at its end. Pure.

accepted              at its end
refused, failed       the next provider; after the last, at its end
unknown               the next provider too: a person who is rung twice loses some sleep, one who is not
                      rung loses the night. A board (`wall`) is not told twice: at its end
interrupted by a stop the same provider again, unless it is a board
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parley.gates.pager.deliveries import Delivery
from parley.gates.pager.ring import Outcome, Reason, Ring
from parley.gates.pager.settings import Settings, Way
from parley.gates.pager.wording import BOTH, Invitation, word
from parley.watch.policy import Addressee, Channel

NOBODY = 0


@dataclass(slots=True, kw_only=True)
class Errand:
    """The way by `channel` to `to`; `place` is that of the next provider among `providers`."""

    ring: Ring
    channel: Channel
    contact: int
    to: str
    invitation: Invitation
    providers: tuple[str, ...]
    place: int = 0
    outcome: Outcome = Outcome.WRITTEN

    @property
    def provider(self) -> str | None:
        """The provider whose turn it is; None: it is at its end."""
        return self.providers[self.place] if self.place < len(self.providers) else None

    def go_on(self, outcome: Outcome) -> None:
        """Take the outcome of the try at the provider whose turn it was."""
        was_unknown = self.outcome is Outcome.UNKNOWN
        is_final = outcome is Outcome.ACCEPTED or (
            outcome is Outcome.UNKNOWN and self.channel is Channel.WALL
        )
        self.place = len(self.providers) if is_final else self.place + 1
        # That something may have gone out once is not forgotten because a second provider refused.
        self.outcome = Outcome.UNKNOWN if was_unknown and outcome is not Outcome.ACCEPTED else outcome


def errands_of(ring: Ring, addressees: Iterable[Addressee], settings: Settings) -> tuple[Errand, ...]:
    """Return every way of `ring`: those of the person for which there are providers, and the boards."""
    found = [
        _errand(ring, each, settings.ways[each.contact.channel], world=settings.world)
        for each in addressees
        if each.contact.channel in settings.ways and ring.contact in {0, each.contact.number}
    ]
    board = settings.ways.get(Channel.WALL)
    if board is not None and ring.reason is not Reason.PROOF and not ring.contact:
        invitation = word(ring, ceiling=board.ceiling, language=BOTH, world=settings.world)
        found.append(
            Errand(
                ring=ring,
                channel=Channel.WALL,
                contact=NOBODY,
                to="",
                invitation=invitation,
                providers=board.providers,
            )
        )
    return tuple(found)


def _errand(ring: Ring, addressee: Addressee, way: Way, *, world: str) -> Errand:
    return Errand(
        ring=ring,
        channel=addressee.contact.channel,
        contact=addressee.contact.number,
        to=addressee.contact.address,
        invitation=word(ring, ceiling=way.ceiling, language=addressee.language, world=world),
        providers=way.providers,
    )


def resume(errands: Iterable[Errand], past: Iterable[Delivery]) -> tuple[Errand, ...]:
    """Return `errands` as far as the tries of `past`, oldest first, leave something to do."""
    last: Mapping[tuple[str, int], Delivery] = {(each.channel, each.contact): each for each in past}
    errands = tuple(errands)
    for errand in errands:
        before = last.get((errand.channel.value, errand.contact))
        if before is None:
            continue
        if before.provider in errand.providers:
            errand.place = errand.providers.index(before.provider)
        if before.outcome is Outcome.UNKNOWN and errand.channel is not Channel.WALL:
            errand.outcome = Outcome.UNKNOWN
        else:
            errand.go_on(before.outcome)
    return errands
