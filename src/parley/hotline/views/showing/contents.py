"""All that the page of a call shows, and what can be said next: the same page on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.queries import list_officers
from parley.hotline.queries.pages import Dossier
from parley.hotline.queries.rows import CallRow
from parley.hotline.views.showing import coded
from parley.hotline.views.showing.compared import Comparison, comparison
from parley.hotline.views.showing.ladders import Ladder, ladders
from parley.hotline.views.showing.silence import Silence, silence
from parley.hotline.views.showing.timeline import Eyes, Said, timeline
from parley.inquiries.forms.letter import Text
from parley.ledger.home import read_config
from parley.ledger.readers import side_name
from parley.links.policy import Whose
from parley.links.queries.standing import Standing
from parley.protocol.hotline.bell import Cause
from parley.protocol.hotline.codes import State
from parley.ui import callwords, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands over every page of a call: which class, how fast, at which level, how far it is."""

    nature: str
    nature_word: coded.Both
    urgency: str
    precedence: coded.Both
    level: str
    state: str
    why: str
    is_over: bool
    is_one_sided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Whose word is missing, and since or from when, `left` seconds ahead; `is_late` once that has passed."""

    is_ours: bool
    text: str
    at: int
    left: int
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """What the templates under `hotline/` show. `turn` names the form that comes next for our side."""

    dossier: Dossier
    row: CallRow
    us: str
    them: str
    head: Head
    lines: tuple[coded.Line, ...]
    text: Text | None
    authority: str
    comparison: Comparison | None
    ladders: tuple[Ladder, ...]
    moves: tuple[Move, ...]
    said: tuple[Said, ...]
    silence: Silence | None
    joint_starts: tuple[int, ...]
    turn: str
    now: int

    @property
    def age(self) -> int:
        """Return how many seconds ago it was opened, by its caller's clock."""
        return max(0, self.now - self.row.opened_at)

    @property
    def caller(self) -> str:
        """Return what the side that calls is named."""
        return self.us if self.row.is_ours else self.them

    @property
    def called(self) -> str:
        """Return what the side that is called is named."""
        return self.them if self.row.is_ours else self.us

    @property
    def minutes(self) -> tuple[Said, ...]:
        """Return the minutes of voice calls."""
        return tuple(each for each in self.said if each.is_minute)


def contents(dossier: Dossier, standing: Standing | None) -> CallShown:
    """Return what the page of a call shows, at the dossier's own now."""
    row, call = dossier.row, dossier.call
    sides = side_names(dossier)
    officers = {officer.number: officer.name for officer in list_officers()}
    return CallShown(
        dossier=dossier,
        row=row,
        us=sides[Whose.US],
        them=sides[Whose.THEM],
        head=head_of(row, now=dossier.now),
        lines=() if dossier.text.fields is None else coded.lines(dossier.text.fields),
        text=dossier.text.text,
        authority=row.authority,
        comparison=comparison(dossier),
        ladders=ladders(dossier, sides=sides),
        moves=moves(row, sides=sides, now=dossier.now),
        said=timeline(dossier, Eyes(sides=sides, officers=officers)),
        silence=silence(dossier, standing, side=sides[Whose.THEM]),
        joint_starts=() if call is None else call.joint_starts,
        turn=turn_of(dossier),
        now=dossier.now,
    )


def side_names(dossier: Dossier) -> Mapping[Whose, str]:
    """Return what both sides call themselves, in the language in force."""
    config = read_config(settings.HOME)
    own = config.name_zh if words.is_chinese() else config.name_en
    return {Whose.US: own, Whose.THEM: side_name(dossier.link.row)}


def head_of(row: CallRow, *, now: int) -> Head:
    """Return what stands over the page, and in the lists."""
    why = words.label(row.scope, callwords.SCOPE) if row.scope else ""
    return Head(
        nature=row.nature,
        nature_word=coded.both(row.nature, callwords.NATURES),
        urgency=row.urgency,
        precedence=coded.both(row.urgency, words.URGENCIES),
        level=words.label(row.level, callwords.LEVELS),
        state=_state(row),
        why=why,
        is_over=row.is_over(now),
        is_one_sided=row.is_one_sided(now),
    )


def _state(row: CallRow) -> str:
    if row.verdict == "unopened" and row.is_ours:
        return _("their node could not open it: call again")
    return words.label(row.state, callwords.STATES)


def moves(row: CallRow, *, sides: Mapping[Whose, str], now: int) -> tuple[Move, ...]:
    """Return what each side owes, ours first."""
    if row.is_over(now):
        return ()
    return tuple(
        Move(
            is_ours=whose is Whose.US,
            text=_owed_text(owed.cause, sides[whose], is_ours=whose is Whose.US),
            at=owed.since,
            left=max(0, owed.since - now),
            is_late=owed.since <= now,
        )
        for whose in row.owing
        for owed in (row.owed[whose],)
    )


def _owed_text(cause: str, side: str, *, is_ours: bool) -> str:
    told = {"side": side}
    match cause:
        case "take":
            return _("We have to take the call.") if is_ours else _("%(side)s has to take the call.") % told
        case "read_back":
            return _("We have to read it back.") if is_ours else _("%(side)s has to read it back.") % told
        case _:
            return _("We owe the next word.") if is_ours else _("%(side)s owes the next word.") % told


def turn_of(dossier: Dossier) -> str:
    """Return what our side can say next: take, read_back, say, or nothing ("").

    It is that of the record at this moment; the rows of lists may be an instant behind it.
    """
    call, me = dossier.call, dossier.link.row.me
    if call is None or call.state is State.CLOSED:
        return ""
    alarms = call.bells[me].alarms
    if any(alarm.cause is Cause.TAKE and alarm.debtor == me for alarm in alarms):
        return "take"
    if call.caller == me:
        return "say"
    is_read = any(each.of == call.text and each.node == me and not each.misses for each in call.readings)
    return "say" if is_read else "read_back"
