"""An inquiry of A about one item, brought by B's and A's statements into every state.

On the way there is a statement of every kind that can be replied to or corrected, so that a
move can be tried from the state and nothing else is in its way. Only an inquiry that is just
sent or acknowledged has none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from parley.protocol.inquiries.codes import State
from tests.protocol.world import Pen, Statement, World, found

# What a kind is about, if not about the inquiry: the newest of these.
TARGETS: Mapping[str, str] = {
    "supplied": "returned",
    "undertaken": "conditioned",
    "declined": "conditioned",
    "agreed": "postponed",
    "time_refused": "postponed",
    "corrected": "answered",
}
ASKERS = frozenset(
    {
        "supplied",
        "undertaken",
        "declined",
        "agreed",
        "time_refused",
        "status_asked",
        "withdrawn",
        "rated",
        "outcome_notified",
        "closed",
    }
)
# From "partly answered", which statements lead to a state.
_PATHS: Mapping[State, tuple[str, ...]] = {
    State.PARTLY_ANSWERED: (),
    State.RETURNED: ("returned",),
    State.ADMITTED: ("returned", "admitted"),
    State.IN_EXECUTION: ("returned", "admitted", "progressed"),
    State.POSTPONED: ("returned", "admitted", "postponed"),
    State.REFERRED: ("returned", "admitted", "referred"),
    State.CONDITIONED: ("returned", "admitted", "conditioned"),
    State.REFUSED: ("refused",),
    State.WITHDRAWN: ("withdrawn",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A world, the inquiry in it, and the newest statement of each kind about it."""

    world: World
    inquiry: Statement
    newest: Mapping[str, Statement]

    def fork(self) -> "Case":
        """Return a copy to go on from."""
        return Case(world=self.world.fork(), inquiry=self.inquiry, newest=self.newest)

    def target(self, kind: str) -> Statement:
        """Return what a statement of `kind` is about; the inquiry, if there is nothing better."""
        return self.newest.get(TARGETS.get(kind, ""), self.inquiry)

    def state(self) -> State:
        """Return the state of the item."""
        return self.world.item(self.inquiry).state


def writer(world: World, kind: str) -> Pen:
    """Return the side that may say `kind` about an inquiry of A."""
    return world.a if kind in ASKERS else world.b


@lru_cache(maxsize=len(State))
def case_in(state: State) -> Case:
    """Return a world with one inquiry, of which mitigation and the operator are wanted, in `state`."""
    case = bring(World(), state)
    assert case.state() is state
    return case


def bring(world: World, state: State) -> Case:
    """Write another inquiry into `world` and bring it into `state`."""
    inquiry = world.a.sends(wants=("mitigate", "operator"))
    newest: dict[str, Statement] = {}
    if state is State.ACKNOWLEDGED:
        world.b.says("acknowledged", re=inquiry)
    if state not in {State.SENT, State.ACKNOWLEDGED}:
        for kind in ("returned", "admitted", "extended", "postponed", "admitted", "conditioned"):
            newest[kind] = world.b.says(kind, re=inquiry)
        part = [found("mitigated", 0)]
        newest["answered"] = world.b.says("answered", re=inquiry, findings=part)
        for kind in _PATHS.get(state, ()):
            newest[kind] = writer(world, kind).says(kind, re=inquiry)
    if state is State.ANSWERED:
        world.b.says("answered", re=inquiry, findings=[found("operator_information", 0)])
    return Case(world=world, inquiry=inquiry, newest=newest)
