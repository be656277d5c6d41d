"""What can be chosen in the forms of a call: each code with its words in both languages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from parley.hotline.queries import Dossier
from parley.hotline.views.finding import zone_options
from parley.hotline.views.showing.coded import both
from parley.protocol.clauses import Clauses, Rung
from parley.protocol.hotline.codes import Ask, Cause, Nature, Sort, Subject, What, Where, nature_of
from parley.ui import callwords, words
from parley.ui.words import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that can be chosen. `text` is in the reader's language, `en` and `zh` for both."""

    value: str
    text: str
    en: str
    zh: str
    is_chosen: bool
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time that is typed: in one field, or day and hour and whose clock they are on."""

    name: str
    value: str
    date: str
    time: str
    zones: tuple[Option, ...]


def options(codes: Iterable[str], labels: Labels, *, chosen: Collection[str] = ()) -> tuple[Option, ...]:
    """Return an option for each code, in their order."""
    return tuple(
        Option(
            value=code,
            text=words.label(code, labels),
            en=both(code, labels).en,
            zh=both(code, labels).zh,
            is_chosen=code in chosen,
        )
        for code in codes
    )


def moment(form: QueryDict, name: str) -> Moment:
    """Return the fields of a time as they were filled in."""
    zone = form.get(f"{name}_zone", "")
    return Moment(
        name=name,
        value=form.get(name, ""),
        date=form.get(f"{name}_date", ""),
        time=form.get(f"{name}_time", ""),
        zones=tuple(
            Option(value=value, text=text, en=text, zh=text, is_chosen=value == zone)
            for value, text in zone_options()
        ),
    )


def five(form: QueryDict, *, nature: Nature | None = None) -> dict[str, object]:
    """Return what the five fields can be; WHAT of one `nature` alone, if it is given."""
    whats = [each.value for each in What if nature is None or nature_of(each) is nature]
    return {
        "whats": options(whats, callwords.WHATS, chosen=(form.get("what", ""),)),
        "subjects": options(
            (each.value for each in Subject), callwords.SUBJECTS, chosen=(form.get("object_type", ""),)
        ),
        "wheres": options((each.value for each in Where), callwords.WHERES, chosen=(form.get("where", ""),)),
        "asks": options((each.value for each in Ask), callwords.ASKS, chosen=form.getlist("ask")),
        "since": moment(form, "since"),
        "by": moment(form, "by"),
    }


def rungs(dossier: Dossier, form: QueryDict) -> tuple[Option, ...]:
    """Return the rungs of the other side that a message may ring: none of principals that are not in it."""
    call = dossier.call
    if call is None:
        return ()
    clauses = next(iter(call.bells.values())).clauses
    them = dossier.link.row.peer
    reached = {each.rung for each in call.takings if each.node == them}
    level = next((step.level for step in clauses.ladder if step.level.value == dossier.row.level), None)
    may = [
        step.rung.value
        for step in clauses.ladder
        if not step.level.is_principal
        or step.rung in reached
        or (level is not None and step.level.rank <= level.rank)
    ]
    return options(may, callwords.RUNGS, chosen=(form.get("to", ""),))


def sorts(form: QueryDict) -> tuple[Option, ...]:
    """Return the ten sorts of a message."""
    codes = (each.value for each in Sort)
    return options(codes, callwords.SORTS, chosen=(form.get("sort", Sort.SUBSTANTIVE.value),))


def causes(form: QueryDict) -> tuple[Option, ...]:
    """Return why nobody was reached, or what failed."""
    return options((each.value for each in Cause), callwords.CAUSES, chosen=(form.get("cause", ""),))


def ladder_preview(clauses: Clauses) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return for each urgency what rings there and when, by the ladder of the terms."""
    return tuple(
        (urgency, tuple(_step(step.rung, after) for step, after in clauses.climb(urgency)))
        for urgency in words.URGENCIES
    )


def _step(rung: Rung, after: int) -> str:
    name = words.label(rung.value, callwords.RUNGS)
    if after == 0:
        return _("%(rung)s at once") % {"rung": name}
    return _("%(rung)s after %(minutes)d min") % {"rung": name, "minutes": after // 60}
