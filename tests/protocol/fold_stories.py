"""The histories that the fold vectors tell. Each goes as little beyond its point as it can."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replace_card

from msgspec.structs import replace

from parley.protocol.act import id_text
from parley.protocol.card import card_hash, keys_hash
from parley.protocol.entry import Seen
from parley.protocol.officetime import default_calendar
from parley.protocol.part import MAX_ACT
from parley.protocol.record import Sides
from parley.protocol.strictjson import JsonSource, JsonValue
from parley.protocol.suite import Suite
from tests.protocol.persons import Person, asking_for, end, enrol
from tests.protocol.rotation import announce, fresh, root_line
from tests.protocol.stops import FORUM, ITEM, resume, suspend
from tests.protocol.world import (
    DAY,
    HOUR,
    MINUTE,
    USUAL,
    A,
    B,
    Pen,
    Statement,
    Wording,
    World,
    found,
    usual_terms,
)

RECEIVED = b'{"k":"received","v":1,"re":null,"by":{"role":"desk","n":1},"ref":null,"d":{}}'
# Eight hours ahead of UTC, a holiday on Wednesday the 18th, and Saturday the 21st made up for it.
EAST: dict[str, JsonValue] = {
    **default_calendar(offset_minutes=480),
    "closed": ["2026-11-18"],
    "made_up": ["2026-11-21"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file: what it shows, and how it is told. `unread` are places whose acts did not open there."""

    name: str
    spec: str
    about: str
    tell: Callable[[World], None]
    terms: str | None = None
    is_open: bool = True
    unread: frozenset[tuple[str, int]] = frozenset()

    def told(self, sides: Sides, suite: Suite) -> World:
        """Return the world after the story."""
        world = World(terms=self.terms, is_open=self.is_open, sides=sides, suite=suite)
        self.tell(world)
        return world


def crossing(world: World) -> None:
    """Tell of an answer, a refusal and an answer in part that cross a withdrawal, and of one too late."""
    inquiries = [world.a.sends() for _ in range(4)]
    world.b.says("received")
    cut = len(world.a.log)
    world.wait(HOUR)
    for inquiry in inquiries:
        world.a.says("withdrawn", re=inquiry)
    world.b.says("answered", re=inquiries[0], seen=cut)
    world.b.says("refused", re=inquiries[1], seen=cut)
    world.b.says("answered", re=inquiries[2], seen=cut, findings=[found("mitigated", 0)])
    world.b.says("answered", re=inquiries[3])


def two_returns(world: World) -> None:
    """Tell of two open returns of one item, the second of which is supplied first."""
    inquiry = world.a.sends(count=2, urgency="U1")
    world.b.says("admitted", re=inquiry)
    first = world.b.says("returned", re=inquiry, items=[0])
    second = world.b.says("returned", re=inquiry, items=[0, 1])
    world.wait(HOUR)
    world.a.says("supplied", re=second)
    world.a.says("supplied", re=second)
    world.b.says("received")
    world.wait(HOUR)
    world.a.says("supplied", re=first)
    world.b.says("received")


def pause(world: World) -> None:
    """Tell of a return, a condition, an agreed postponement and one that is not agreed."""
    inquiry = world.a.sends(count=4, urgency="U1")
    world.b.says("received")
    world.wait(HOUR)
    returned = world.b.says("returned", re=inquiry, items=[0])
    condition = world.b.says("conditioned", re=inquiry, items=[1])
    agreed = world.b.says("postponed", re=inquiry, items=[2], until=world.now + 6 * HOUR)
    world.b.says("postponed", re=inquiry, items=[3], until=world.now + 6 * HOUR)
    world.wait(2 * HOUR)
    world.a.says("supplied", re=returned)
    world.a.says("undertaken", re=condition)
    world.a.says("agreed", re=agreed)
    world.wait(30 * MINUTE)
    world.b.says("received")
    world.b.says("conditioned", re=inquiry, items=[1])


def unopened(world: World) -> None:
    """Tell of an answer that A could not open, its correction and its second try."""
    inquiry = world.a.sends()
    answered = world.b.says("answered", re=inquiry)
    world.b.says("corrected", re=answered, items=[0], grounds=["G01"])
    world.a.says("unopened", re=answered)
    world.a.says("received")
    late = world.b.says("answered", re=inquiry, findings=[found("mitigated", 0)])
    world.a.says("status_asked", re=inquiry)
    world.a.says("unopened", re=late)


def unopened_inquiry(world: World) -> None:
    """Tell of an inquiry of B that A could not open, and of a copy of A's own inquiry in B's log."""
    lost = world.b.sends()
    world.a.says("unopened", re=lost, reason="commitment")
    world.b.says("status_asked", re=lost)
    inquiry = world.a.sends()
    world.b.puts(inquiry.raw)
    world.b.says("admitted", re=inquiry)
    world.a.says("unopened", re=inquiry)
    world.b.says("answered", re=inquiry)


def openings(world: World) -> None:
    """Tell of openings that disagree, one that is signed by too few, and of how they are mended."""
    world.a.sends()
    world.a.opens()
    world.b.opens(terms=usual_terms(a=default_calendar(offset_minutes=60)))
    world.a.sends()
    world.b.opens(roots=(1,))
    world.b.opens(roots=(2, 3))
    world.b.sends()
    world.a.sends()
    for serial in (3, 2):
        wording = Wording(kind="link.carded", log=world.a.side.origin, roots=(1, 2))
        world.a.words(wording, {"card": "A" * 43, "serial": serial})


def erasure(world: World) -> None:
    """Tell of orders to erase, of answers that count, and of those that come twice or out of turn."""
    inquiry = world.a.sends()

    def orders(pen: Pen, *roots: int) -> Statement:
        named: JsonSource = [{"statement": id_text(inquiry.id), "parts": "all"}]
        wording = Wording(kind="record.erasure_ordered", log=pen.side.origin, roots=roots)
        return pen.words(wording, {"parts": named, "ground": "retention"})

    order = orders(world.a, 1, 2)
    orders(world.a, 1)
    world.a.says("record.erasure_refused", re=order, ground="legal_hold")
    for answer in ("erasure_refused", "erasure_refused", "erased", "erased", "erasure_refused"):
        d: dict[str, JsonSource] = {} if answer == "erased" else {"ground": "legal_hold"}
        world.b.words(Wording(kind=f"record.{answer}", re=order.id), d)
    world.a.says("record.erased", re=order)
    world.b.says("record.erased", re=inquiry)
    world.b.says("admitted", re=order)
    lost = orders(world.b, 2, 3)
    world.b.says("record.erased", re=lost)
    world.a.says("unopened", re=lost)


def rotation(world: World) -> None:
    """Tell of cards that change keys and roots, promise the next ones, and keep or break that."""
    old = world.a.side.card
    three = fresh(fresh(old, "two", roots=3, suite=world.suite), "three", suite=world.suite)
    two = fresh(old, "two", roots=3, suite=world.suite, next_keys=keys_hash(three))
    new_roots = tuple(root_line(world.a, "two", n) for n in (1, 2, 3))
    announce(world.a, replace_card(two, prev=old.write_ed25519), more=new_roots[:2])
    announce(world.a, two, more=new_roots[:1])
    announce(world.a, two, more=new_roots[:2])
    suspend(world.a)
    announce(world.a, fresh(two, "stolen", suite=world.suite), roots=(), more=new_roots[:2])
    announce(world.a, replace_card(three, prev=card_hash(two)), roots=(), more=new_roots[:2])
    stop = Wording(kind="link.suspended", log=world.a.side.origin, more=new_roots[1:])
    world.a.words(stop, {"scope": dict(ITEM), "reason": "policy", "until": None})
    for key in ("A" * 43, "A" * 42):
        world.a.words(Wording(kind="link.sealkey"), {"key": key})
    world.b.says("received")
    ended: JsonSource = {"origin": world.a.side.origin.replace("5e0c", "0000"), "size": 9, "root": "A" * 43}
    world.b.opens(after=[ended])


def voids(world: World) -> None:
    """Tell of one void act for each reason."""
    inquiry = world.a.sends()
    world.b.puts(b"parley/v1\n")
    world.b.writes(RECEIVED, Wording(kind="", act_size=MAX_ACT + 1))
    first = world.b.writes(RECEIVED, Wording(kind=""))
    world.b.writes(RECEIVED, Wording(kind="", act_hash=first.act_hash))
    world.b.writes(RECEIVED, Wording(kind="", log=world.a.side.origin))
    world.b.writes(b'{"k":"received","k":"received"}', Wording(kind=""))
    world.b.writes(b'{"k":"received"}', Wording(kind=""))
    world.b.says("admitted", re=inquiry, items=[1, 0])
    world.b.sends(item="dissent")
    world.b.words(Wording(kind="parade.held"), {})
    world.b.words(Wording(kind="received", version=2), {})
    world.b.says("supplied", re=inquiry)
    world.b.says("admitted", re=inquiry, items=[1])
    world.b.says("corrected", re=inquiry)
    world.b.says("refused", re=inquiry)
    world.b.says("admitted", re=inquiry)
    world.b.opens(roots=(1,))
    suspend(world.a, scope=ITEM)
    world.b.says("disputed", re=inquiry)
    world.a.opens(terms=usual_terms(a=default_calendar(offset_minutes=60)))
    world.b.says("disputed", re=inquiry)


def seen_lines(world: World) -> None:
    """Tell of `seen` lines that are false, too large, smaller than before and true. Rule H9."""
    inquiry = world.a.sends()
    origin = world.a.side.origin
    world.b.says("admitted", re=inquiry, seen=Seen(origin=origin, size=2, root=bytes(32)))
    world.b.says("admitted", re=inquiry, seen=Seen(origin=origin, size=9, root=world.a.head(2).root))
    world.b.says("admitted", re=inquiry, seen=world.a.head(2))
    world.wait(HOUR)
    world.b.says("progressed", re=inquiry, seen=world.a.head(1))
    world.a.says("received", seen=2)
    hot = replace(world.b.head(5), origin=world.b.side.origin.replace("/main/", "/hot/"))
    world.a.says("received", seen=hot)


def office_hours(world: World) -> None:
    """Tell of one inquiry of each urgency that B, in the east, has on a Tuesday evening before a holiday."""
    world.at("2026-11-17 09:30")
    wants = ("mitigate", "preserve", "operator", "subscriber", "stop_payment")
    for urgency in ("U0", "U1", "U2", "U3"):
        world.a.sends(urgency=urgency, wants=wants)
    world.b.says("received")


def extensions(world: World) -> None:
    """Tell of extensions that are told in time, late, for too long, in a pause, and agreed."""
    inquiry = world.a.sends(count=5, urgency="U1", wants=("mitigate",))
    world.b.says("received")
    due = world.now + 12 * HOUR
    returned = world.b.says("returned", re=inquiry, items=[3])
    world.wait(HOUR)
    world.b.says("extended", re=inquiry, items=[0], until=due + 12 * HOUR)
    world.b.says("extended", re=inquiry, items=[1], until=due + 13 * HOUR)
    world.b.says("extended", re=inquiry, items=[3], until=due + 500 * HOUR)
    second = world.b.says("extended", re=inquiry, items=[0], until=due + 20 * HOUR)
    world.wait(HOUR)
    world.a.says("supplied", re=returned)
    world.a.says("time_refused", re=second)
    world.at("2026-11-16 23:00")
    world.b.says("extended", re=inquiry, items=[2], until=due + 5 * HOUR)
    late = world.b.says("extended", re=inquiry, items=[4], until=due + 5 * HOUR)
    world.a.says("agreed", re=late)
    world.b.says("answered", re=inquiry, findings=[found("no_data", 0, 1, 2, 3, 4)])


def corrections(world: World) -> None:
    """Tell of an answer that is replaced, one that is taken back, and a refusal that becomes an answer."""
    inquiry = world.a.sends(count=4, urgency="U1")
    world.b.says("received")
    world.wait(HOUR)
    answered = world.b.says("answered", re=inquiry, findings=[found("false_positive", 0, 1)])
    refused = world.b.says("refused", re=inquiry, items=[2])
    part = world.b.says("answered", re=inquiry, findings=[found("mitigated", 3)])
    world.wait(20 * HOUR)
    world.b.says("corrected", re=answered, items=[0], findings=[found("mitigated", 0)])
    world.b.says("corrected", re=answered, items=[1])
    world.b.says("corrected", re=refused, items=[2], findings=[found("no_data", 2)])
    world.b.says("corrected", re=answered, items=[3])
    world.a.says("withdrawn", re=inquiry, items=[3])
    world.b.says("corrected", re=part, items=[3], findings=[found("no_data", 3)])
    world.at("2026-11-20 10:00")
    world.a.says("rated", re=inquiry)


def officers(world: World) -> None:
    """Tell of officers who are enrolled, sign with keys of three types, and end; too few is void."""
    desk, head, away = (
        Person(node=A, n=21 + at, alg=alg, suite=world.suite)
        for at, alg in enumerate(("ed25519", "webauthn-es256", "webauthn-ed25519"))
    )
    enrol(world.a, desk)
    enrol(world.a, head, roles=["head"])
    enrol(world.a, away, since=world.now + HOUR, until=world.now + 2 * HOUR)
    enrol(world.a, desk, n=24)
    enrol(world.a, desk, roots=(1,))

    def sends(*persons: Person, roots: tuple[int, ...] = ()) -> None:
        lines = tuple(person.line for person in persons)
        wording = Wording(kind="inquiry.sent", log=world.a.side.origin, roots=roots, more=lines)
        world.a.words(wording, USUAL["inquiry.sent"])

    sends(desk)
    sends(desk, head)
    sends(head, away, roots=(3,))
    sends(head, away)
    world.wait(HOUR)
    sends(head, away)
    end(world.a, 22, at=world.now + HOUR)
    world.wait(HOUR)
    sends(desk, head)
    sends(desk, roots=(1,))
    world.a.sends()


def suspension(world: World) -> None:
    """Tell of a suspension by each side, what crosses it, what stays open, and clocks that stand still."""
    inquiry, mixed, life = (
        world.a.sends(urgency=urgency, wants=wants)
        for urgency, wants in (("U1", ("mitigate",)), ("U1", ("mitigate", "preserve")), ("U0", ("operator",)))
    )
    world.a.says("status_asked", re=inquiry)
    world.b.says("received")
    world.wait(HOUR)
    cut = len(world.a.log)
    item = suspend(world.a, scope=ITEM)
    world.b.says("admitted", re=inquiry, seen=cut)
    world.wait(HOUR)
    world.b.says("received")
    world.b.says("progressed", re=inquiry)
    world.b.says("acknowledged", re=mixed)
    world.b.says("answered", re=mixed, findings=[found("preserved", 0)])
    world.b.says("answered", re=mixed, findings=[found("mitigated", 0)])
    world.b.says("admitted", re=life)
    world.b.sends(item="trade_secrets")
    whole = suspend(world.b, until=world.now + DAY, reason="own_law")
    world.b.sends(item="trade_secrets")
    suspend(world.b, roots=(1,))
    world.wait(DAY)
    resume(world.a, item)
    resume(world.a, whole)
    resume(world.a, item)
    world.a.sends()
    world.wait(HOUR)
    resume(world.b, whole)
    world.b.says("progressed", re=inquiry)
    world.a.sends()
    suspend(world.a, scope=FORUM)
    world.b.says("received")


STORIES = (
    Story(name="crossing", spec="§8.4", about="withdrawals and answers that cross", tell=crossing),
    Story(
        name="returns", spec="§8.3, §8.6", about="two open returns and their supplements", tell=two_returns
    ),
    Story(name="pause", spec="§8.6", about="what pauses the clocks of an item, and until when", tell=pause),
    Story(
        name="unopened", spec="§6.7", about="an answer that could not be opened", tell=unopened,
        unread=frozenset({(B, 1)}),
    ),
    Story(
        name="unopened-inquiry",
        spec="§6.7",
        about="an inquiry that could not be opened, and a copy that never does",
        tell=unopened_inquiry,
        unread=frozenset({(B, 1)}),
    ),
    Story(name="openings", spec="§7.1, §7.2", about="how a link comes to hold", tell=openings, is_open=False),
    Story(
        name="officers",
        spec="§7.5, §7.6",
        about="who signs for a side, and when too few did",
        tell=officers,
        terms=asking_for({"inquiry.sent": 2}),
    ),
    Story(
        name="rotation",
        spec="§3.4, §7.2",
        about="cards that change keys and roots",
        tell=rotation,
    ),
    Story(
        name="erasure",
        spec="§7.8",
        about="orders to erase and their answers",
        tell=erasure,
        unread=frozenset({(B, 8)}),
    ),
    Story(
        name="suspension",
        spec="§7.7, §8.6",
        about="what is suspended, what is not, and the clocks",
        tell=suspension,
    ),
    Story(name="voids", spec="§6.5, §6.8", about="every reason, and what is unknown", tell=voids),
    Story(name="seen", spec="§6.4", about="true, idle, false and unproven seen lines", tell=seen_lines),
    Story(
        name="office-hours",
        spec="§7.4, §8.6",
        about="every clock for every urgency, outside the debtor's hours",
        tell=office_hours,
        terms=usual_terms(b=EAST),
    ),
    Story(name="extension", spec="§8.6", about="extensions that hold and that do not", tell=extensions),
    Story(name="correction", spec="§8.3, §8.5", about="answers and refusals put right", tell=corrections),
)  # fmt: skip
