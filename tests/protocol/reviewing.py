"""Both sides of a link that review what was said, in memory."""

from collections.abc import Mapping, Sequence

from parley.protocol.agreements import reviews
from parley.protocol.review.account import digest
from parley.protocol.review.standing import Review
from parley.protocol.strictjson import JsonSource
from tests.protocol.counted import figures_of
from tests.protocol.guided import TERMS
from tests.protocol.world import DAY, HOUR, START, A, Pen, Statement, Wording, World, found


def answered(
    world: World, *, after: int, wants: Sequence[str] = ("mitigate",), urgency: str = "U1"
) -> Statement:
    """Have B answer an inquiry of A after so many seconds."""
    inquiry = world.a.sends(urgency=urgency, wants=wants)
    world.b.says("received")
    world.wait(after)
    world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    return inquiry


class Reviewing:
    """Both sides of a link whose terms list reviews, with one inquiry that was answered."""

    def __init__(self, world: World | None = None) -> None:
        """Begin with an answered inquiry."""
        self.world = world or World(terms=TERMS)
        answered(self.world, after=HOUR)
        self.world.a.says("received")

    def pen(self, node: str) -> Pen:
        """Return the side of `node`."""
        return self.world.pen(node)

    def proposes(
        self,
        *,
        by: str = A,
        sizes: tuple[int, int] | None = None,
        more: Mapping[str, JsonSource] | None = None,
    ) -> Statement:
        """Propose a cut: by default all that is there."""
        found = sizes or (len(self.world.a.log), len(self.world.b.log))
        said: dict[str, JsonSource] = {
            "since": START,
            "until": START + 30 * DAY,
            "cut": [{"lane": "main", "sizes": [*found]}],
        }
        return self.pen(by).words(Wording(kind="review.cut_proposed"), {**said, **(more or {})})

    def signs(self, cut: Statement, *, by: str, digest: str, roots: tuple[int, ...] = (1, 2)) -> Statement:
        """Sign figures by persons of one side."""
        pen = self.pen(by)
        wording = Wording(kind="review.signed", re=cut.id, log=pen.side.origin, roots=roots)
        return pen.words(wording, {"digest": digest})

    def review(self) -> Review:
        """Return what became of the one review."""
        past = {pen.node: len(pen.log) for pen in (self.world.a, self.world.b)}
        (found,) = reviews(self.world.record().shelf.link(), past)
        return found

    def digest(self) -> str:
        """Return what both nodes compute."""
        return digest(figures_of(self.world.record(), self.review().said))
