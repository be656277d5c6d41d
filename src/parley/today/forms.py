"""Words of the duty desk: what a call that rings says at a glance, and where calls ring if a screen fails.

A call is understood before it is translated: how urgent it is, what it is about and what is asked stand
in both languages, beside each other. Source: screens D19, D20, §6.1, §7.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.hotline.queries import CallRow
from parley.hotline.queries.testing import DueTest
from parley.hotline.views.showing.coded import both, harmless
from parley.hotline.views.taking import rungs_held
from parley.protocol.hotline.codes import Subject
from parley.today.queries import Ring
from parley.ui import callwords, testwords, times, words
from parley.watch.beats import OWN_RUNG, Fallback
from parley.watch.forms import channel_word
from parley.watch.policy import WatchState

TAKING: Final = frozenset({"take", "own_rung"})
"""What a person of the called side ends by taking the call."""
KINDS: Final = {
    WatchState.WATCHED: "proved",
    WatchState.THIN: "soon",
    WatchState.UNCONFIRMED: "act",
    WatchState.UNWATCHED: "act",
}
"""The label of each state of the watch (`ui/pieces.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A call that rings, as a screen tells it; texts are in the reader's language where they are one text.

    `take` is the address at which it is taken, empty where taking it is no answer. `silent`: the reader's
    screens make no sound for it, since they are muted and it rings a phone.
    """

    id: str
    href: str
    take: str
    nature: str
    nature_word: str
    grade: str
    title: str
    said: str
    what: str
    object: str
    by: str
    ask: str
    cause: str
    since: int
    next: str
    next_at: int | None
    silent: bool = False

    @property
    def take_href(self) -> str:
        return self.take

    @property
    def asks(self) -> str:
        """Return what is asked, on one line."""
        return self.ask.replace("\n", " · ")


def offices(rings: Iterable[Ring], *, officer: int, now: int) -> Collection[str]:
    """Return the rungs at which the roster has the officer; none while no call waits for one rung alone."""
    is_asked = any(each.alarm.cause == OWN_RUNG for each in rings)
    return rungs_held(officer, now) if is_asked else frozenset()


def told(ring: Ring, *, held: Collection[str] = (), silent: bool = False) -> Told:
    """Return the words of a call that rings. `held` are the rungs at which the roster has the reader."""
    alarm, row = ring.alarm, ring.row
    place = {"link": alarm.link, "place": alarm.place.replace(" ", "-")}
    office = _office(ring)
    is_to_take = not alarm.is_ours and alarm.cause in TAKING and (not office or office in held)
    waits = words.label(alarm.cause, callwords.CALLED_FOR)
    calling = _("Our call to %(side)s: %(place)s") if alarm.is_ours else _("%(side)s calls: %(place)s")
    return Told(
        id=alarm.call,
        href=reverse("hotline:page", kwargs=place),
        take=reverse("hotline:take", kwargs=place) if is_to_take else "",
        nature=alarm.nature,
        nature_word=_twice(alarm.nature, callwords.NATURES),
        grade=_twice(alarm.urgency, words.URGENCIES),
        title=calling % {"side": ring.side, "place": alarm.place},
        said=words.said_of(words.label(office, callwords.RUNGS), waits) if office else waits,
        what="" if row is None else about(row),
        object="" if row is None else _object(ring),
        by="" if row is None or row.by is None else times.planned(row.by),
        ask="" if row is None else "\n".join(_twice(each, callwords.ASKS) for each in row.ask),
        cause=alarm.cause,
        since=alarm.since,
        next="" if alarm.next_rung is None else words.label(alarm.next_rung, callwords.RUNGS),
        next_at=alarm.next_at,
        silent=silent,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHold:
    """A line test that one of us is to hold before `ends`, and the page on which it is held."""

    name: str
    side: str
    href: str
    ends: int


def to_hold(test: DueTest, *, sides: Mapping[str, str]) -> ToHold:
    """Return the words of a line test; `sides` are the other sides' names by link."""
    return ToHold(
        name=words.label(test.test.value, testwords.TESTS),
        side=sides.get(test.link, test.link),
        href=reverse("hotline:tests", kwargs={"link": test.link}),
        ends=test.ends,
    )


def about(row: CallRow) -> str:
    """Return what a call is about, in both languages."""
    return _twice(row.what, callwords.WHATS)


def fails_text(fallback: Fallback | None, *, now: int) -> str:
    """Return by what calls ring if every screen fails."""
    if fallback is None:
        return _("Nobody would be rung: no way to ring anybody is set up, or nobody is on the roster.")
    way = {"channel": channel_word(fallback.channel.value), "ending": fallback.ending}
    if fallback.proved_at is None:
        return (
            _("As long as the node runs, calls ring by %(channel)s ••%(ending)s, which nobody proved.") % way
        )
    span = times.span(max(0, now - fallback.proved_at))
    said = _("As long as the node runs, calls ring by %(channel)s ••%(ending)s, proved %(span)s ago.")
    return said % {**way, "span": span}


def fails_texts(fallback: Fallback | None, *, now: int) -> dict[str, str]:
    """Return the same in both languages: whoever comes to a blind screen may read either."""
    found = {}
    for name, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            found[name] = fails_text(fallback, now=now)
    return found


def _office(ring: Ring) -> str:
    """Return the principal's office that alone can end this, as its rung; "" where the desk can.

    Where nobody can be rung at that office, the desk is rung in its place, and still cannot end it.
    """
    alarm, row = ring.alarm, ring.row
    if alarm.awaits_principal:
        return alarm.rung
    return row.level if row is not None and row.is_principal and alarm.cause == OWN_RUNG else ""


def _object(ring: Ring) -> str:
    row = ring.row
    if row is None or row.object_type == Subject.NONE.value:
        return ""
    kind = _twice(row.object_type, callwords.SUBJECTS)
    try:
        shown = harmless(Subject(row.object_type), row.object_text)
    except ValueError:
        shown = ""
    return f"{shown} · {kind}" if shown else kind


def _twice(code: str, labels: words.Labels) -> str:
    found = both(code, labels)
    return found.en if found.en == found.zh else f"{found.en} {found.zh}"
