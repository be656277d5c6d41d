"""The dealings that the vectors of sharing and of cases tell, none further than its point."""

from collections.abc import Callable
from dataclasses import dataclass

from parley.protocol.record import Sides
from parley.protocol.suite import Suite
from tests.protocol.casework import Cases, case_terms, place
from tests.protocol.sharers import GRADE, OTHER_PART, PARTS, Sharing, sharing_terms
from tests.protocol.stops import resume, suspend
from tests.protocol.world import A, B, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file: what it shows, its terms, and how it is told."""

    name: str
    spec: str
    about: str
    terms: Callable[[], str]
    tell: Callable[[World], None]

    def told(self, sides: Sides, suite: Suite) -> World:
        """Return the world after the story."""
        world = World(terms=self.terms(), sides=sides, suite=suite)
        self.tell(world)
        return world


def conditions(world: World) -> None:
    """Tell of offers that are accepted, undertaken, countered, declined, and delivered at once."""
    desks = Sharing(world)
    offer = desks.offers(
        conditions=["confidential", "report_outcome"], grade=dict(GRADE), until=world.now + 60
    )
    delivery = desks.delivers(desks.undertakes(offer, "report_outcome", "confidential"))
    desks.says("evaluated", delivery, by=B, source="X", information=4)
    desks.says("evaluated", delivery, by=B, source="A", information=1)
    desks.says("result_notified", delivery, by=B, result="measures_taken")
    first = desks.says("release_asked", delivery, by=B, to="providers")
    desks.says("release_refused", first, by=A)
    desks.says("release_permitted", desks.says("release_asked", delivery, by=B, to="affected"), by=A)
    desks.says("release_asked", delivery, by=B, to="public")
    countered = desks.offers(by=B, conditions=["intelligence_only", "no_third_party"], tlp="RED")
    counter = desks.undertakes(countered, "no_third_party", by=A)
    desks.says("confirmed", counter, by=B)
    desks.delivers(counter, by=B)
    notice = desks.delivers(desks.offers(what="notice", tlp="GREEN"))
    desks.says("cleaned", notice, by=B, informed=300, cleaned=250, patched=40, not_found=9)
    desks.says("declined", desks.offers(what="lead"), by=B, reason="conditions")
    desks.undertakes(desks.offers(conditions=["confidential"]), "no_publication")
    desks.offers(what="victims", about=[place("inquiry", None)["statement"]])


def crossings(world: World) -> None:
    """Tell of withdrawals and answers that cross, and of a declining that crosses a delivery."""
    desks = Sharing(world)
    offer = desks.offers()
    seen = len(world.b.log)
    yes = desks.says("accepted", offer, by=B)
    desks.says("withdrawn", offer, by=A, seen=seen, reason="source_at_risk")
    desks.delivers(yes)
    other = desks.offers(conditions=["confidential"])
    counter = desks.undertakes(other, "no_publication")
    seen = len(world.b.log)
    desks.says("declined", other, by=B, reason="conditions")
    desks.says("confirmed", counter, by=A, seen=seen)
    desks.delivers(counter, seen=seen)


def void_sharing(world: World) -> None:
    """Tell of what is void about an offer."""
    desks = Sharing(world)
    offer = desks.offers(conditions=["confidential"])
    desks.says("accepted", offer, by=B)
    desks.says("declined", offer, by=A, reason="no_need")
    yes = desks.undertakes(offer, "confidential")
    desks.delivers(yes, PARTS[0], OTHER_PART)
    desks.delivers(yes, brings=PARTS[:1])
    desks.undertakes(offer, "confidential", roots=(1, 2))
    world.b.says("sharing.undertaken", re=offer, conditions=["confidential"])
    stop = suspend(world.b, scope={"forum": "sharing"})
    desks.delivers(yes)
    desks.offers()
    resume(world.b, stop)
    lost = desks.offers()
    world.b.says("unopened", re=lost)
    desks.says("accepted", lost, by=B)


def theft(world: World) -> None:
    """Tell of a theft that was first held state-sponsored, and was found criminal by both."""
    desks = Cases(world)
    case = desks.proposes(by=B, origins=[place("call", None)["statement"]])
    lure, laptop, payments = place("lure"), place("laptop"), place("payments")
    first = desks.gives(case, by=B, evidence=[lure])
    desks.says("joined", case, by=A)
    desks.answers(first, "does_not_concur", by=A)
    desks.says("noted", case, by=A, sort="lead")
    exhibit = desks.says("linked", case, by=B, to="evidence", place=lure)
    desks.says("linked", case, by=A, to="evidence", place=laptop)
    desks.says("linked", case, by=A, to="inquiry", place=place("inquiry", None))
    second = desks.revises(
        first,
        by=B,
        responsibility="undetermined",
        likelihood="even_chance",
        evidence=[lure],
        alternatives=[{"responsibility": "no_state", "likelihood": "even_chance"}],
        dissent=True,
        reasons=["other_side"],
    )
    desks.answers(second, "concurs", by=A)
    desks.says("unlinked", exhibit, by=B, reason="forged")
    third = desks.revises(
        second,
        by=B,
        responsibility="no_state",
        likelihood="very_likely",
        confidence="moderate",
        evidence=[laptop, payments],
        alternatives=[{"responsibility": "state_encouraged", "likelihood": "unlikely"}],
        public=True,
        reasons=["new_evidence", "evidence_withdrawn"],
    )
    desks.answers(third, "concurs", by=A, public=True)
    desks.gives(case, by=A, responsibility=None, confidence="high")
    desks.says("closed", case, by=A, ending="prosecuted")
    desks.says("closed", case, by=B, ending="solved")


def tasks(world: World) -> None:
    """Tell of tasks, a joint start, versions that cross, and results."""
    desks = Cases(world)
    case = desks.opened()
    start = world.now + 86_400
    raid = desks.sets(case, start=start, due=start + 3600)
    later = desks.sets(raid, by=B, start=start + 600)
    desks.says("task_agreed", later, by=A)
    desks.says("task_done", later, by=A, result="done")
    desks.says("task_done", later, by=B, result="partly")
    own = desks.sets(case, "A")
    desks.says("task_done", own, by=A, result="not_possible")
    desks.says("task_declined", desks.sets(case, "B"), by=B)
    desks.sets(case, "A", due=start)
    crossing = desks.sets(case)
    desks.says("task_agreed", crossing, by=B)
    seen = len(world.b.log)
    desks.sets(crossing, "B", by=B)
    desks.sets(crossing, "A", seen=seen)
    desks.says("closed", case, by=A, ending="no_result")


def crossed_cases(world: World) -> None:
    """Tell of a concurrence that crosses a revision, a joining that crosses a taking back; of voids."""
    desks = Cases(world)
    case = desks.opened()
    first = desks.gives(case)
    seen = len(world.b.log)
    desks.answers(first, "concurs")
    desks.revises(first, seen=seen)
    desks.revises(first)
    desks.revises(first, by=B)
    desks.answers(first, "concurs", by=A)
    desks.answers(case, "concurs")
    other = desks.proposes()
    seen = len(world.b.log)
    desks.says("joined", other, by=B)
    desks.says("closed", other, by=A, seen=seen, ending="withdrawn")
    declined = desks.proposes(by=B)
    desks.says("declined", declined, by=A, reason="own_proceedings")
    desks.notes(declined, by=B)
    desks.proposes(items=["weather"])
    desks.proposes()
    stop = suspend(world.b, scope={"forum": "case"})
    desks.gives(case)
    desks.proposes()
    resume(world.b, stop)
    lost = desks.proposes()
    world.b.says("unopened", re=lost)
    desks.notes(lost)


STORIES = (
    Story(
        name="sharing-conditions",
        spec="§14",
        about="offers on conditions, countered, declined, delivered at once; evaluation, use, passing on",
        terms=sharing_terms,
        tell=conditions,
    ),
    Story(
        name="sharing-crossing",
        spec="§14.5",
        about="an acceptance crosses a withdrawal, a declining crosses a delivery",
        terms=sharing_terms,
        tell=crossings,
    ),
    Story(
        name="sharing-voids",
        spec="§14.4",
        about="what is void about an offer",
        terms=sharing_terms,
        tell=void_sharing,
    ),
    Story(
        name="case-theft",
        spec="§15.5",
        about="a finding is revised twice in the open, contested, and joint at last",
        terms=case_terms,
        tell=theft,
    ),
    Story(
        name="case-tasks",
        spec="§15.4",
        about="tasks, a joint start, versions that cross, results",
        terms=case_terms,
        tell=tasks,
    ),
    Story(
        name="case-crossing",
        spec="§15.3, §15.6",
        about="concurrence and revision, joining and taking back; what is void in a case",
        terms=case_terms,
        tell=crossed_cases,
    ),
)
