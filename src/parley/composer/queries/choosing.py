"""What can be chosen in a draft: zones, agreed items, wants, urgencies, markings, groupings, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.composer.forms.asking import USUAL_TLP
from parley.composer.forms.fields import wants_of
from parley.composer.forms.letters import ROUTINE
from parley.composer.queries.work import Work, calendar_of, zone_text
from parley.gates.table.translate import Question, SiteState
from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import TLP
from parley.ledger.readers import side_name
from parley.protocol.inquiries.codes import CLOCK_OF, Type, Want
from parley.ui import times, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be chosen: its value, its words, and whether it is."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Everything that part 2 and part 3 let an officer choose."""

    types: tuple[Choice, ...]
    zones: tuple[Choice, ...]
    questions: tuple[Choice, ...]
    states: tuple[str, ...]
    items: tuple[Choice, ...]
    wants: tuple[Choice, ...]
    urgencies: tuple[Choice, ...]
    markings: tuple[Choice, ...]
    groupings: tuple[Choice, ...]


def choices_in(work: Work) -> Choices:
    """Return what can be chosen on this link. Wants without a limit in the terms are not asked for."""
    values = work.values
    wanted = wants_of(values)
    return Choices(
        types=_all(_types(), values.get("type") or Type.PHISHING_SITE.value),
        zones=_zones(work),
        questions=_all([("", _("None")), *_questions()], values.get("all.questions", "")),
        states=tuple(state.value for state in SiteState),
        items=_items(work),
        wants=tuple(
            Choice(value=want.value, text=words.label(want.value, words.WANTS), is_chosen=want in wanted)
            for want in Want
            if want in wanted or _is_known(work, want)
        ),
        urgencies=_all(
            [(code, words.urgency(code)) for code in words.URGENCIES],
            values.get("urgency") or ROUTINE,
        ),
        markings=_all([(code, f"TLP:{code}") for code in TLP], values.get("tlp") or USUAL_TLP),
        groupings=_all(_groupings(), values.get("grouping", "")),
    )


def _is_known(work: Work, want: Want) -> bool:
    terms = work.link.terms
    return terms is None or CLOCK_OF[want].value in terms.clocks


def _types() -> list[tuple[str, str]]:
    return [
        (Type.PHISHING_SITE.value, _("Sites that pose as somebody else")),
        (Type.INFORMATION.value, _("Subjects about which something is asked")),
    ]


def _groupings() -> list[tuple[str, str]]:
    texts = {
        compose.Grouping.BANK: _("One inquiry for each impersonated institution"),
        compose.Grouping.COLUMN: _("By hand: rows with the same word in the column Group"),
        compose.Grouping.NONE: _("One inquiry for all rows"),
    }
    usual = _("As usual: by the column Group where it is filled, else by institution")
    return [("", usual), *((grouping.value, text) for grouping, text in texts.items())]


def _questions() -> list[tuple[str, str]]:
    labels = {
        Question.OWNERSHIP: _("ownership and registration"),
        Question.HOSTING_HISTORY: _("hosting history"),
        Question.SUBSCRIBER: _("subscriber"),
        Question.LOGIN_RECORDS: _("login records"),
        Question.RELATED_INCIDENTS: _("related incidents"),
        Question.CRIMINAL_RECORD: _("criminal record"),
        Question.AWARE: _("are you aware of it?"),
        Question.AUTHORISED: _("is it authorised by a body of yours?"),
    }
    return [(question.value, text) for question, text in labels.items()]


def _items(work: Work) -> tuple[Choice, ...]:
    """Return the agreed items; one that stands in the draft and is not agreed is shown and named so."""
    chosen = work.values.get("item", "")
    agreed = sorted(work.link.terms.items) if work.link.terms is not None else []
    found = [(item, words.label(item, words.COOPERATION)) for item in agreed]
    if chosen not in agreed:
        label = words.label(chosen, words.COOPERATION) + words.aside(_("not agreed"))
        found.insert(0, (chosen, label))
    return _all(found, chosen)


def _zones(work: Work) -> tuple[Choice, ...]:
    row = work.link.row
    sides = ((row.me, work.own_name), (row.peer, side_name(row)))
    named: dict[str, list[str]] = {}
    for node, name in sides:
        named.setdefault(zone_text(calendar_of(work.link, node).offset(work.now)), []).append(name)
    named.setdefault("+00:00", []).append(_("Zulu"))
    found = [("", _("Each time states its own"))]
    found += [(zone, _zone_label(zone) + words.aside(words.listed(names))) for zone, names in named.items()]
    found += [(zone, _zone_label(zone)) for zone in map(zone_text, range(-720, 841, 60)) if zone not in named]
    chosen = work.values.get("all.zone", "")
    if chosen not in dict(found):
        found.append((chosen, chosen))
    return _all(found, chosen)


def _zone_label(zone: str) -> str:
    sign = -1 if zone.startswith("-") else 1
    return times.offset_text(sign * (int(zone[1:3]) * 60 + int(zone[4:])))


def _all(found: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, text=text, is_chosen=value == chosen) for value, text in found)
