"""One form about one inquiry: whether it can be sent now, what it proposes, what the page shows of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.http import QueryDict
from django.utils.translation import override

from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import CHINESE, ENGLISH, Remark, read_remark
from parley.inquiries.forms.saying.desk import Desk
from parley.inquiries.forms.saying.findings import ALL
from parley.inquiries.forms.saying.keeping import lines_in, typed_in, values_in
from parley.inquiries.forms.saying.offers import (
    Spoken,
    is_offered,
    is_writer,
    movable,
    running_clocks,
    targets,
)
from parley.inquiries.forms.saying.reading import MODES, Filled
from parley.inquiries.forms.saying.times import Zones
from parley.inquiries.forms.saying.verbs import Shape, Target, Verb
from parley.inquiries.forms.saying.wording import send_text, verb_effect, verb_name
from parley.inquiries.forms.telling import kind_text, said_text
from parley.inquiries.forms.typed import named_items
from parley.inquiries.queries import EventRow, ItemRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.blanks import LONG, Matter, Option, blanks, ticked
from parley.inquiries.views.showing.eyes import our_eyes
from parley.inquiries.views.showing.faults import Fault, not_now_fault, not_open_fault, not_yours_fault
from parley.inquiries.views.showing.timeline import Words, words_of
from parley.ledger.drafts import Draft
from parley.ledger.reading import AmbiguousError
from parley.protocol.act import id_text
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.codes import Lack
from parley.protocol.strictjson import MAX_BODY_VALUES, read
from parley.ui import words as labels

_LANGUAGES: Final = ((ENGLISH, "en"), (CHINESE, "zh-hans"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a statement says in one language."""

    language: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What they will see: in both languages, the words that go along, and the very bytes."""

    told: tuple[Told, ...]
    words: tuple[Words, ...]
    act: str
    body: str


class Sheet:
    """The form of `verb` about the inquiry that was `found`."""

    def __init__(self, found: Found, verb: Verb, *, now: int) -> None:
        self.found = found
        self.verb = verb
        self.now = now
        assert found.dossier is not None
        self.dossier = found.dossier

    @cached_property
    def state(self) -> Inquiry | None:
        """Return the state by which it is judged what may be said; None if nothing may."""
        return None if self.found.terms is None else self.found.state

    @cached_property
    def zones(self) -> Zones | None:
        """Return the clocks of both sides, None while the link is not open."""
        ours, theirs = (self.found.calendar(node) for node in (self.found.link.me, self.found.link.peer))
        return None if ours is None or theirs is None else Zones(ours=ours, theirs=theirs)

    @cached_property
    def eyes_sides(self) -> tuple[str, str]:
        """Return what both sides are called: ours, theirs."""
        eyes = our_eyes(self.found)
        return eyes.us, eyes.them

    @property
    def side(self) -> str:
        """Return what the other side is called."""
        return self.eyes_sides[1]

    @property
    def name(self) -> str:
        """Return what the form is called."""
        return verb_name(self.verb.name)

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """Return the statements of the thread that have effect."""
        return spoken_in(self.found)

    def fault(self) -> Fault | None:
        """Return why it cannot be said now; None if it can."""
        if self.state is None or self.zones is None:
            return not_open_fault()
        if not is_writer(self.verb, self.state, self.found.link.me):
            return not_yours_fault(side=self.side)
        if not is_offered(self.verb, self.state, self.found.link.me, said=self.spoken):
            return not_now_fault()
        return None

    def targets(self) -> tuple[EventRow, ...]:
        """Return the statements that may be answered, oldest first."""
        if self.state is None or self.verb.target is Target.INQUIRY:
            return ()
        ids = targets(self.verb, self.state, self.found.link.me, said=self.spoken)
        events = {event.statement: event for event in self.dossier.events}
        return tuple(events[name] for each in ids if (name := id_text(each)) in events)

    def answered(self, posted: QueryDict) -> EventRow | None:
        """Return the statement that the form answers, as far as one is chosen."""
        place = posted.get("on", "").replace("-", " ")
        return next((event for event in self.dossier.events if event.place == place), None)

    def items(self, posted: QueryDict) -> tuple[ItemRow, ...]:
        """Return the items that the form may be about: those that can move, and those that are ticked."""
        can = set() if self.state is None else set(movable(self.verb, self.state))
        can |= {int(n) for n in ticked(posted) or ()}
        if self.verb.target is Target.OWN:
            can &= self._reach(posted) or can
        return tuple(item for item in self.dossier.items if item.n in can)

    def _reach(self, posted: QueryDict) -> set[int]:
        event = self.answered(posted)
        items = None if event is None else event.said.get("items")
        findings = None if event is None else event.said.get("findings")
        if isinstance(findings, list):
            return {n for n in named_items(findings) if isinstance(n, int)}
        return {n for n in items if isinstance(n, int)} if isinstance(items, list) else set()

    # ---- What the page shows

    def page(self, posted: QueryDict, *, filled: Filled | None, draft: Draft | None) -> dict[str, object]:
        """Return what the template needs."""
        matter = self._matter(posted)
        return {
            "sheet": self,
            "found": self.found,
            "inquiry": self.dossier.inquiry,
            "posted": posted,
            "blanks": () if matter is None else blanks(self.verb, posted, matter),
            "targets": self._target_options(posted),
            "mode": posted.get("mode") or MODES[0],
            "key": posted.get("key") or uuid.uuid4().hex,
            "effect": verb_effect(self.verb.name),
            "send": self._send_text(posted, filled),
            "preview": None if draft is None else _preview(draft),
        }

    def _matter(self, posted: QueryDict) -> Matter | None:
        if self.state is None or self.zones is None or self.found.terms is None:
            return None
        return Matter(
            items=self.items(posted),
            letter=self.found.letter,
            required=self.found.terms.required,
            clocks=running_clocks(self.state),
            returned=self.answered(posted),
            zones=self.zones,
            sides=self.eyes_sides,
            now=self.now,
        )

    def _target_options(self, posted: QueryDict) -> tuple[Option, ...]:
        chosen = posted.get("on", "")
        return tuple(
            Option(
                value=event.place.replace(" ", "-"),
                text=" · ".join(filter(None, [event.place, _told(event.kind, event.said)])),
                is_chosen=event.place.replace(" ", "-") == chosen,
            )
            for event in self.targets()
        )

    def _send_text(self, posted: QueryDict, filled: Filled | None) -> str:
        grounds = [*posted.getlist("grounds"), *posted.getlist("ground")]
        codes = [text.split()[0] for text in grounds if text.strip()]
        return send_text(
            self.verb.name, side=self.side, numbers=self._numbers(posted, filled), codes=labels.listed(codes)
        )

    def _numbers(self, posted: QueryDict, filled: Filled | None) -> tuple[int, ...]:
        findings = filled.values.get("findings") if filled else None
        if isinstance(findings, list):
            return tuple(n for n in named_items(findings) if isinstance(n, int))
        chosen = ticked(posted)
        return tuple(item.n for item in self.items(posted) if chosen is None or str(item.n) in chosen)


def spoken_in(found: Found) -> tuple[Spoken, ...]:
    """Return the statements of the thread that have effect."""
    return tuple(
        Spoken(statement=row.statement, kind=row.kind or "", writer=row.writer)
        for row in found.entries
        if row.verdict.is_valid
    )


def _told(kind: str, d: Mapping[str, object]) -> str:
    said = said_text(kind, d)
    return labels.said_of(kind_text(kind), said) if said else kind_text(kind)


def _preview(draft: Draft) -> Preview:
    told = []
    for language, code in _LANGUAGES:
        with override(code):
            told.append(Told(language=language, said=_told(draft.kind, dict(draft.d))))
    body = draft.body_bytes()
    remark = Remark() if body is None else read_remark(read(body, max_values=MAX_BODY_VALUES))
    return Preview(
        told=tuple(told),
        words=tuple(words_of(remark)),
        act=draft.act().decode(),
        body="" if body is None else body.decode(),
    )


def proposed(sheet: Sheet, asked: QueryDict) -> QueryDict:
    """Return the form as it first stands: what the address asks for, and what is proposed beside it."""
    form = asked.copy()
    form["key"] = uuid.uuid4().hex
    choices = sheet.targets()
    if "on" not in form and choices:
        # The newest waits longest for somebody to look at it; of our own, it is the one just said.
        form["on"] = choices[-1].place.replace(" ", "-")
    if "items" not in form:
        form.setlist("items", ["all"])
    if sheet.verb.field(Shape.LACKS):
        _propose_lacks(sheet, form)
    if sheet.verb.field(Shape.FINDINGS):
        _propose_lines(sheet, form)
    if (score := asked.get("score", "")) in {"1", "2", "3"}:
        form.update(dict.fromkeys(labels.SCORES, score))
    return form


def resumed(sheet: Sheet, values: Mapping[str, str]) -> QueryDict:
    """Return the form as a draft has it; what the draft does not say is as it is proposed."""
    form = proposed(sheet, QueryDict())
    for name, texts in values_in(values):
        form.setlist(name, texts)
    if sheet.verb.field(Shape.FINDINGS):
        _propose_lines(sheet, form)
        form.setlist("line", [*dict.fromkeys([*form.getlist("line"), *lines_in(values)])])
    return form


def shown_in(sheet: Sheet, form: QueryDict) -> dict[str, str]:
    """Return what a page shows that nobody has touched, as fields of a draft."""
    items = sheet.items(form)
    if 0 < len(items) <= LONG and "items" in form:
        chosen = ticked(form)
        form.setlist("items", [str(item.n) for item in items if chosen is None or str(item.n) in chosen])
    return {name: text for name, text in typed_in(sheet.verb, form.lists()).items() if text}


def _propose_lacks(sheet: Sheet, form: QueryDict) -> None:
    """Propose what the terms require and the letter lacks, for the items that lack it."""
    terms = sheet.found.terms
    gaps = compose.gaps(sheet.found.letter, terms.required if terms else {})
    wanted = compose.proposed_return(gaps)
    if wanted is None:
        return
    for gap in gaps:
        form.setdefault(f"lack.{gap.field}", Lack.MISSING.value)
    numbers = wanted["items"]
    if form.getlist("items") == ["all"] and isinstance(numbers, list):
        form.setlist("items", [str(n) for n in numbers])


def _propose_lines(sheet: Sheet, form: QueryDict) -> None:
    items: Sequence[ItemRow] = sheet.items(form)
    lines = [f"{ALL}.0", *(f"{item.n}.0" for item in items[:LONG])]
    form.setlist("line", lines)


def desk_of(sheet: Sheet) -> Desk:
    """Return what reading the form needs to know."""
    assert sheet.zones is not None
    return Desk(zones=sheet.zones, now=sheet.now, find=lambda name: _inquiry_called(sheet.found, name))


def _inquiry_called(found: Found, name: str) -> str | None:
    """Return the id of the inquiry that people call `name`, None if there is none, or more than one."""
    spoken = name.strip()
    if len(spoken) > 1 and spoken[0] in "ABab" and spoken[1:].lstrip("- ").isdecimal():
        spoken = f"{spoken[0].upper()} {int(spoken[1:].lstrip('- '))}"
    try:
        statement = found.reader.find(found.link.name, spoken)
    except AmbiguousError:
        return None
    return None if statement is None else id_text(statement)
