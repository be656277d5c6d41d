"""A call on paper: what both sides said, when and where, what was read back, and what proves it.

Nothing on it is of one side alone: no names of our people, no clock of the reader, no ladder as it stands
now. So two nodes that hold the same record, and the same words of it, print the same bytes in the same
language. A copy for reading: what proves is the record, and the ids and digests on the last page lead
there. Source: screens §12, D27; Spec §12.11.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.hotline.forms.telling import near_words, said_text
from parley.hotline.queries.pages import Dossier, ReadingRow, StatementRow
from parley.hotline.views.showing import coded
from parley.hotline.views.showing.contents import side_names
from parley.hotline.views.showing.timeline import verdict_of
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.telling import kind_text, signers_text, verdict_text
from parley.inquiries.views.showing.proving import Proven, State, channel_of, foot_of, proof, running_of
from parley.links.policy import Whose
from parley.protocol.hotline import account
from parley.protocol.places import Place, read_place
from parley.ui import callwords, times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paper, Paragraph, Table, Words, dated
from parley.ui.pieces import visible

MOST_WITHOUT_EFFECT: Final = 50
"""Of what one side said without effect so many are printed, the newest: of that there is no end."""
MARKING: Final = "TLP:RED"
LINES: Final = "lines"
"""What misses where a minute was read back wrongly: the lines stand below, and are no field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A dossier, seen as neither side's: its statements in one order, and what the sides are called."""

    dossier: Dossier
    statements: tuple[StatementRow, ...]
    left_out: int
    sides: "dict[Whose, str]"

    @property
    def caller(self) -> Whose:
        return self.dossier.opening.whose

    @property
    def proven(self) -> tuple[Proven, ...]:
        return tuple(
            Proven(place=row.place, statement=row.statement, at=row.effective, verdict=row.verdict)
            for row in self.statements
        )

    @property
    def called(self) -> Whose:
        return Whose.THEM if self.caller is Whose.US else Whose.US


def paper_of(dossier: Dossier) -> Paper:
    """Return the paper of a call, in the language in force."""
    call, opening = _seen(dossier), dossier.opening
    nature = coded.both(str(opening.said.get("nature", "")), callwords.NATURES)
    instants = [at for row in call.statements for at in (row.effective, row.received_at) if at is not None]
    told = {"place": opening.place, "caller": call.sides[call.caller], "called": call.sides[call.called]}
    return Paper(
        title=_("Call %(place)s: %(caller)s calls %(called)s") % told,
        lang="zh" if words.is_chinese() else "en",
        running=running_of(dossier.link.row, f"{nature.en} {nature.zh}".upper(), opening.place),
        foot=foot_of(call.proven),
        at=dated(*instants),
        marking=MARKING,
        blocks=(*_head(call), *_text(call), *_said(call), *_proof(call)),
    )


def _seen(dossier: Dossier) -> _Call:
    """Return the dossier with its statements by time, then place: the same order whoever had which first."""
    ordered = sorted(
        dossier.statements, key=lambda row: (row.effective, _place(row).letter, _place(row).index)
    )
    idle = {whose: [row for row in ordered if not row.is_valid and row.whose is whose] for whose in Whose}
    kept = {row.place for rows in idle.values() for row in rows[-MOST_WITHOUT_EFFECT:]}
    shown = tuple(row for row in ordered if row.is_valid or row.place in kept)
    return _Call(
        dossier=dossier,
        statements=shown,
        left_out=len(ordered) - len(shown) + dossier.unshown,
        sides=dict(side_names(dossier)),
    )


def _place(row: StatementRow) -> Place:
    place = read_place(row.place)
    assert place is not None, "the record names its places"
    return place


# ---- What the call is


def _head(call: _Call) -> Iterator[Block]:
    opening, fold = call.dossier.opening, call.dossier.call
    said = opening.said
    urgency = coded.both(str(said.get("urgency", "")), words.URGENCIES)
    rows = [
        (_("The caller"), f"{call.sides[call.caller]} · {_node(call, call.caller)}"),
        (_("The called side"), f"{call.sides[call.called]} · {_node(call, call.called)}"),
        (_("Class"), _both(coded.both(str(said.get("nature", "")), callwords.NATURES))),
        (_("Precedence"), f"{said.get('urgency', '')} {_both(urgency)}"),
        (_("Level"), words.label(str(said.get("to", "desk")), callwords.LEVELS)),
        (_("Why a call"), _why(call)),
        (_("Opened"), times.stamp(opening.effective)),
        (_("State by the record"), "" if fold is None else words.label(fold.state.value, callwords.STATES)),
        (_("Registry number"), visible(opening.ref)),
        (_("Joint start settled"), words.listed(map(times.stamp, () if fold is None else fold.joint_starts))),
    ]
    yield Facts(rows=tuple((name, value) for name, value in rows if value.strip()))
    if fold is None:
        yield Paragraph(
            text=_("The opening of this call is without effect, and so is all that was said in it.")
        )
    yield Paragraph(
        text=_(
            "All times are UTC, each by the clock of the side that spoke. A text counts in its own language."
        ),
        is_quiet=True,
    )


def _why(call: _Call) -> str:
    scope, inquiry = call.dossier.opening.said.get("scope"), call.dossier.opening.said.get("inquiry")
    if isinstance(inquiry, str):
        # A place is the same on both sides; whether the inquiry is here to be looked up is not.
        return _("the inquiry with the id %(id)s") % {"id": visible(inquiry)}
    return words.label(scope, callwords.SCOPE) if isinstance(scope, str) else ""


def _node(call: _Call, whose: Whose) -> str:
    return call.dossier.link.row.me if whose is Whose.US else call.dossier.link.row.peer


def _text(call: _Call) -> Iterator[Block]:
    text = call.dossier.text
    yield Heading(text=_("The five fields, as %(place)s has them") % {"place": text.place})
    yield from _five(text)
    if text.text is not None:
        yield _words(text.text)


def _five(row: StatementRow) -> Iterator[Block]:
    if row.fields is None:
        return
    lines = coded.lines(row.fields)
    yield Table(
        head=("", "EN", "中文"),
        widths=(2, 4, 4),
        rows=tuple(
            (f"{line.number} {_both(line.name)}", _value(line, "en"), _value(line, "zh")) for line in lines
        ),
    )


def _value(line: coded.Line, lang: str) -> str:
    if line.is_time:
        return " – ".join("…" if at is None else times.stamp(at) for at in (line.since, line.by))
    told = [each.en if lang == "en" else each.zh for each in line.words]
    return " · ".join([*told, *filter(None, [line.text])])


# ---- What was said


def _said(call: _Call) -> Iterator[Block]:
    yield Heading(text=_("What was said"))
    if call.left_out:
        yield Paragraph(
            text=ngettext(
                "%(count)d more statement without effect is not printed.",
                "%(count)d more statements without effect are not printed.",
                call.left_out,
            )
            % {"count": call.left_out}
        )
    for row in call.statements:
        yield from _statement(call, row)


def _statement(call: _Call, row: StatementRow) -> Iterator[Block]:
    heading = (row.place, call.sides[row.whose], kind_text(row.kind))
    yield Heading(text=" · ".join(heading), level=3)
    yield Paragraph(text=" · ".join(_when(row)), is_quiet=True)
    told = [*filter(None, [said_text(row.kind, row.said, instant=times.stamp)]), *_became(row)]
    if told:
        yield Paragraph(text=" · ".join(told))
    if row.kind == "call.said":
        yield from _five(row)
    if row.reading is not None:
        yield from _misses(row.reading)
    lines = row.lines or (row.reading.lines if row.reading is not None else ())
    if lines:
        yield Words(text="\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))
    if row.present:
        yield Paragraph(text=_("Present: %(who)s") % {"who": words.listed(map(visible, row.present))})
    if row.text is not None and row.place != call.dossier.text.place:
        yield _words(row.text)


def _when(row: StatementRow) -> Iterator[str]:
    if row.officer:
        role = words.label(row.role, words.ROLES)
        yield _("%(role)s %(number)d") % {"role": role, "number": row.officer}
    if row.signers:
        yield signers_text(row.signers)
    yield _("said %(at)s") % {"at": times.stamp(row.effective)}
    if row.received_at is None:
        yield _("the other node has not said that it received it")
    else:
        yield _("received %(at)s, by the word of the other node") % {"at": times.stamp(row.received_at)}
    if row.answers:
        yield _("answers %(place)s") % {"place": row.answers}


def _became(row: StatementRow) -> Iterator[str]:
    if row.number is not None:
        yield _("no. %(number)d") % {"number": row.number}
    if row.crossed:
        yield _("crossed: neither side had seen the other's")
    if row.kept is not None:
        yield _("next word came in time") if row.kept else _("next word did not come in time")
    if row.reading is not None and row.is_valid and (row.reading.is_right or row.reading.lines):
        yield _("the same") if row.reading.is_right else _("not the same")
    if row.holds is not None:
        holds = _("the minute holds: both read it back rightly")
        yield holds if row.holds else _("not read back rightly by both yet")
    if row.is_marked_truly is False:
        yield _("the words are not those of the signed marks")
    if not row.is_valid:
        yield verdict_text(verdict_of(row.verdict))


def _misses(reading: ReadingRow) -> Iterator[Block]:
    read = {} if reading.fields is None else {line.code: line for line in coded.lines(reading.fields)}
    for code in (each for each in reading.misses if each != LINES):
        name = _both(coded.both(code, callwords.FIELDS))
        value = _value(read[code], "zh" if words.is_chinese() else "en") if code in read else ""
        told = [_("%(name)s: not the same") % {"name": name}]
        told += [_("read: %(read)s") % {"read": value}] if value else []
        yield Paragraph(text=" · ".join([*told, *filter(None, [near_words(code, reading.near)])]))


# ---- What proves it


def _proof(call: _Call) -> Iterator[Block]:
    fold = call.dossier.call
    state = None if fold is None else State(digest=account.digest(fold).hex(), paragraph="12.11")
    yield from proof(channel_of(call.dossier.link.row, call.dossier.opening.place), call.proven, state=state)


def _words(text: Text) -> Words:
    return Words(text=text.text, lang=text.language)


def _both(each: coded.Both) -> str:
    return f"{each.en} {each.zh}"
