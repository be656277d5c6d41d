"""What an officer typed into a form, as the values of an act. What cannot be read is told at its field.

Nothing is guessed and nothing is dropped: a measure beside a finding that has none is a
question back, never ignored. Names of fields in the form:

    items     any number of times: 0 · 0-2,7 · all
    line      any number of times: the lines of findings, all.0 · 3.0 · 3.1
              each with code.3.1  measure.3.1  until.3.1  of.3.1  at.3.1, and note.3 for item 3
    lack.url  a reason for each field that is returned      supply.url, supply.3.url  its supplement
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.inquiries.forms.letter import LANGUAGES, Remark, Text, text_of
from parley.inquiries.forms.saying.desk import Desk, Posted, Problem, ProblemsError, missing, typed_text
from parley.inquiries.forms.saying.findings import read_findings
from parley.inquiries.forms.saying.times import read_moment
from parley.inquiries.forms.saying.verbs import Field, Shape, Target, Verb
from parley.inquiries.forms.typed import TypedError, named_items, read_code, read_codes, read_items
from parley.protocol.inquiries.codes import CLOCK_OF, Clock, Lack
from parley.protocol.strictjson import JsonValue
from parley.ui import words

MAX_REF: Final = 64
SCORES: Final = tuple(words.SCORES)
_CLOCKS: Final = frozenset({Clock.ADMIT, *CLOCK_OF.values()})
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was read. `values` are the arguments of the action, complete if `problems` is empty."""

    values: Mapping[str, object]
    remark: Remark
    ref: str | None
    problems: tuple[Problem, ...]


def read(verb: Verb, posted: Posted, desk: Desk) -> Filled:
    """Return what the form of `verb` says, with everything that is wrong about it."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for field in wanted_fields(verb, posted):
        try:
            values[field.name] = _READERS[field.shape](field, posted, desk)
        except ProblemsError as error:
            problems += error.problems
        except TypedError as error:
            problems.append(Problem(anchor=field.name, text=typed_text(error)))
    if verb.target is Target.OWN and isinstance(findings := values.get("findings"), list):
        # A correction with findings lists its items (Spec §8.2).
        values["items"] = named_items(findings)
    remark, more = _remark(verb, posted)
    problems += more
    ref = posted.get("ref", "").strip()
    if ref and not (ref.isascii() and ref.isprintable() and len(ref) <= MAX_REF):
        told = _("“%(ref)s” cannot be a registry number on the wire. Take at most %(count)d ASCII signs.")
        problems.append(Problem(anchor="ref", text=told % {"ref": ref, "count": MAX_REF}))
    return Filled(values=values, remark=remark, ref=ref or None, problems=tuple(problems))


def wanted_fields(verb: Verb, posted: Posted) -> tuple[Field, ...]:
    """Return the fields that count: all of them, but of a correction those of what it says."""
    if verb.target is not Target.OWN:
        return verb.fields
    shapes = _CORRECTIONS.get(posted.get("mode", ""), _CORRECTIONS["findings"])
    return tuple(field for field in verb.fields if field.shape in shapes)


_CORRECTIONS: Final[Mapping[str, frozenset[Shape]]] = {
    "findings": frozenset({Shape.FINDINGS}),
    "grounds": frozenset({Shape.GROUNDS, Shape.ITEMS}),
    "back": frozenset({Shape.ITEMS}),
}
"""What a correction puts in the place of what it corrects; ``back`` is nothing."""
MODES: Final = tuple(_CORRECTIONS)


# ---- One reader for each shape


def _read_items(field: Field, posted: Posted, _desk: Desk) -> JsonValue:
    texts = [text for text in posted.getlist("items") if text.strip()]
    if not texts:
        told = _("No item is ticked. Nothing was sent. Tick the items that are meant.")
        raise ProblemsError(Problem(anchor=field.name, text=told))
    return read_items("all" if "all" in texts else ",".join(texts))


def _read_code(field: Field, posted: Posted, _desk: Desk) -> object:
    text = posted.get(field.name, "").strip()
    if not text:
        raise missing(field)
    assert field.codes is not None
    return read_code(text, field.codes)


def _read_codes(field: Field, posted: Posted, _desk: Desk) -> object:
    assert field.codes is not None
    # "G09 own proceedings" is as good as "G09": the code is what counts.
    firsts = [text.strip().split()[0] for text in posted.getlist(field.name) if text.strip()]
    if not firsts and field.is_needed:
        raise missing(field)
    return read_codes(firsts, field.codes)


def _read_time(field: Field, posted: Posted, desk: Desk) -> int:
    names = (field.name, *(f"{field.name}_{part}" for part in ("date", "time", "zone")))
    at = read_moment(
        {name: posted.get(name, "") for name in names}, field.name, zones=desk.zones, now=desk.now
    )
    if at is None:
        raise missing(field)
    return at


def _read_clock(field: Field, posted: Posted, _desk: Desk) -> str:
    text = posted.get(field.name, "")
    if not text:
        raise missing(field)
    clock = read_code(text, Clock)
    if clock not in _CLOCKS:
        raise TypedError("code", text, choices=tuple(sorted(each.value for each in _CLOCKS)))
    return clock.value


def _read_lacks(field: Field, posted: Posted, _desk: Desk) -> tuple[tuple[str, Lack], ...]:
    found = [
        (name.removeprefix("lack."), read_code(posted.get(name, ""), Lack))
        for name in posted
        if name.startswith("lack.") and posted.get(name, "")
    ]
    if not found:
        told = _("No field is chosen. Nothing was sent. Say for one field at least what is wrong with it.")
        raise ProblemsError(Problem(anchor=field.name, text=told))
    return tuple((name, lack) for name, lack in found if _FIELD.fullmatch(name))


def _read_scores(_field: Field, posted: Posted, _desk: Desk) -> Mapping[str, int]:
    scores = {name: posted.get(name, "") for name in SCORES}
    empty = [
        Problem(
            anchor=name,
            text=_("%(field)s: nothing is chosen. Nothing was sent.")
            % {"field": words.label(name, words.SCORES)},
        )
        for name, score in scores.items()
        if score not in {"0", "1", "2", "3"}
    ]
    if empty:
        raise ProblemsError(*empty)
    return {name: int(score) for name, score in scores.items()}


def _read_supplement(_field: Field, _posted: Posted, _desk: Desk) -> None:
    """Read nothing: a supplement is said in words (`_remark`), its act is empty."""


_READERS: Final[Mapping[Shape, Callable[[Field, Posted, Desk], object]]] = {
    Shape.ITEMS: _read_items,
    Shape.CODE: _read_code,
    Shape.CODES: _read_codes,
    Shape.GROUNDS: _read_codes,
    Shape.TIME: _read_time,
    Shape.CLOCK: _read_clock,
    Shape.LACKS: _read_lacks,
    Shape.SUPPLEMENT: _read_supplement,
    Shape.FINDINGS: read_findings,
    Shape.SCORES: _read_scores,
}


# ---- Words


def _remark(verb: Verb, posted: Posted) -> tuple[Remark, Iterable[Problem]]:
    told = posted.get("words", "").strip()
    remark = Remark(
        text=_text(told, posted.get("words_language", "")) if told else None,
        fields=tuple(_supplements(posted)) if verb.field(Shape.SUPPLEMENT) else (),
        notes=tuple(_notes(posted)) if verb.field(Shape.FINDINGS) else (),
    )
    if verb.field(Shape.SUPPLEMENT) and remark == Remark():
        text = _("There is no supplement. Nothing was sent. Fill in a field, or say it in words.")
        return remark, [Problem(anchor="in-words", text=text)]
    return remark, []


def _text(told: str, language: str) -> Text:
    if language in LANGUAGES:
        return Text(language=language, text=unicodedata.normalize("NFC", told))
    return text_of(told)


def _supplements(posted: Posted) -> Iterator[tuple[int | None, str, Text]]:
    for name in posted:
        told = posted.get(name, "").strip()
        _supply, dot, rest = name.partition("supply.")
        item, colon, field = rest.rpartition(".")
        if dot and told and _FIELD.fullmatch(field) and (not colon or item.isdecimal()):
            yield (int(item) if colon else None), field, text_of(told)


def _notes(posted: Posted) -> Iterator[tuple[int, Text]]:
    for name in posted:
        number = name.removeprefix("note.")
        told = posted.get(name, "").strip()
        if name.startswith("note.") and number.isdecimal() and told:
            yield int(number), text_of(told)
