"""What a call says, in the words of the language in force: from its codes, numbers and times alone.

A page and the command line tell the same. What stands in an act may be void, so anything may stand there.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from parley.hotline.forms.comparing import Nearness
from parley.inquiries.forms.telling import Instant
from parley.protocol.hotline.codes import Field
from parley.protocol.hotline.mark import Near
from parley.ui import callwords, times, words


def near_words(field: str, near: Mapping[str, Nearness]) -> str:
    """Return how near a field that was read wrongly came; "" where nothing can be told."""
    names = {Field.OBJECT.value: ("object",), Field.WHEN.value: ("since", "by")}.get(field, ())
    told = (near_text(near[name]) for name in names if name in near)
    return words.clauses(filter(None, told))


def near_text(found: Nearness) -> str:
    """Return how near one value came."""
    place = {"place": (found.place or 0) + 1}
    match found.near:
        case Near.SWAPPED:
            return _("two characters changed places, from character %(place)d on") % place
        case Near.ONE_OFF:
            return _("one character differs: character %(place)d") % place
        case Near.ZONE:
            return _("another zone: the clocks differ by whole quarters of an hour")
        case _:
            return ""


def said_text(kind: str, d: Mapping[str, object], *, instant: Instant = times.zulu) -> str:
    """Return what the `d` of an act of `kind` says but for fields and marks; "" if its kind says all."""
    return words.clauses(_parts(kind, d, instant=instant))


def _parts(kind: str, d: Mapping[str, object], *, instant: Instant) -> Iterator[str]:
    if isinstance(sort := d.get("sort"), str):
        yield words.label(sort, callwords.SORTS)
    if isinstance(rung := d.get("rung"), str):
        yield _("at the rung: %(rung)s") % {"rung": words.label(rung, callwords.RUNGS)}
    if isinstance(to := d.get("to"), str):
        yield _to(kind, to)
    if isinstance(ending := d.get("ending"), str):
        yield words.label(ending, callwords.ENDINGS)
    if isinstance(cause := d.get("cause"), str):
        yield _("cause: %(cause)s") % {"cause": words.label(cause, callwords.CAUSES)}
    if isinstance(at := d.get("at"), int):
        yield _("at %(at)s") % {"at": instant(at)}
    if isinstance(at := d.get("next_word"), int):
        yield _("next word by %(at)s") % {"at": instant(at)}
    since, until = d.get("since"), d.get("until")
    if isinstance(since, int) and isinstance(until, int):
        yield _("from %(since)s to %(until)s") % {"since": instant(since), "until": instant(until)}


def _to(kind: str, to: str) -> str:
    if kind == "call.principal_opened":
        return _("to the level: %(level)s") % {"level": words.label(to, callwords.LEVELS)}
    return _("rings there at once: %(rung)s") % {"rung": words.label(to, callwords.RUNGS)}
