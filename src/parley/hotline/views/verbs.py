"""What each form of a call says, from what was typed: one verb, one statement.

    message      one of the ten sorts; may promise the next word, press a rung, name an instant
    clarify      the five fields anew, by the caller; what was read back before is then to be read again
    read-back    what we understood of the text that holds; compared before it is sent, and by the record
    read-lines   the same of a minute
    minute       what was said by voice, elsewhere: at most five lines
    close        how the call is over for us

A wrong reading is not refused: both sides are to see it. Source: Spec §12.3 to §12.8; screens §6.4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from parley.hotline import actions
from parley.hotline.actions import Closing, Message, Minute
from parley.hotline.forms.comparing import compare
from parley.hotline.queries import CallText, Dossier, StatementRow, text_at
from parley.hotline.views.typed import Reading, read_five, read_reading, typed_lines
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.saying.desk import Problem
from parley.ledger.readers import reader_of
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.act import read_id
from parley.protocol.clauses import Rung
from parley.protocol.hotline.bodies import MAX_LINES, Minuted
from parley.protocol.hotline.codes import PUTS_OFF, Cause, Ending, Sort
from parley.protocol.hotline.length import MAX_LINE, is_line
from parley.protocol.hotline.mark import UnreadableError, canonical_line

Command = Callable[[Hand], Said]
"""A statement that is ready: it only waits for a hand and a door."""

_TIMED: Final = frozenset({Sort.JOINT_START, Sort.INTENDED_STATEMENT})
_WORDLESS: Final = frozenset({Sort.HOLDING, Sort.JOINT_START})
_EXPLAINED: Final = frozenset({Ending.NOT_REACHED, Ending.TECHNICAL_FAULT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form of a call that is being read: the call, what was typed, and the key of the form."""

    dossier: Dossier
    reading: Reading
    key: str

    @property
    def link(self) -> str:
        """Return the name of the link."""
        return self.dossier.row.link

    @property
    def opening(self) -> Target:
        """Return the statement that opened the call."""
        return Target(link=self.link, statement=read_id(self.dossier.opening.statement))

    def problem(self, anchor: str, text: str) -> None:
        """Write down what is wrong at a field."""
        self.reading.problems.append(Problem(anchor=anchor, text=text))


def salt_of(key: str) -> bytes:
    """Return the 32 bytes of salt of the form with this `key`: the same at each try.

    A form that is sent twice must make the very same act; chance would make it another one.
    """
    return salted_hmac("parley.hotline.salt", key, algorithm="sha256").digest()


def read(verb: str, filled: Filled) -> Command | None:
    """Return what the form says; None, with its problems written down, if it cannot be said so."""
    command = _READ[verb](filled)
    return None if filled.reading.problems else command


def _message(filled: Filled) -> Command | None:
    reading = filled.reading
    sort = reading.code("sort", Sort, label=_("Sort of message"))
    message = _worded(filled, sort)
    if sort is None or message is None:
        return None
    on = _answered(filled)
    return lambda by: actions.say(on, message, by=by)


def _worded(filled: Filled, sort: Sort | None) -> Message | None:
    reading = filled.reading
    text, next_word = reading.text("text"), reading.moment("next_word")
    at = reading.moment("at") if sort in _TIMED else None
    to = _rung(filled)
    if sort is Sort.HOLDING and next_word is None:
        reading.miss("next_word", _("Next word from us by"))
    if sort is Sort.JOINT_START and at is None:
        reading.miss("at", _("Time of the joint start"))
    # A promise and a time say what there is to say; whoever rings a rung there says why.
    if text is None and (to is not None or sort not in _WORDLESS):
        filled.problem("text", _("There is nothing in the text. Nothing was sent."))
    if next_word is not None and next_word <= reading.now:
        told = _("The next word is promised for a time that has passed. Nothing was sent.")
        filled.problem("next_word", told)
    if sort is None or reading.problems:
        return None
    return Message(sort=sort, text=text, next_word=next_word, to=to, at=at)


def _rung(filled: Filled) -> Rung | None:
    typed = filled.reading.posted.get("to", "")
    return next((each for each in Rung if each.value == typed), None)


def _answered(filled: Filled) -> Target:
    """Return what a message answers: what was chosen, else the newest of theirs, else the call."""
    wanted = filled.reading.posted.get("on", "").replace("-", " ")
    valid = [each for each in filled.dossier.statements if each.is_valid]
    named = next((each for each in valid if each.place == wanted), None)
    theirs = [each for each in valid if each.whose.value == "them"]
    found = named or (theirs[-1] if theirs else filled.dossier.opening)
    return Target(link=filled.link, statement=read_id(found.statement))


def _clarify(filled: Filled) -> Command | None:
    fields, text = read_five(filled.reading), filled.reading.text("text")
    if fields is None:
        return None
    salt, on = salt_of(filled.key), _answered(filled)
    message = Message(sort=Sort.CLARIFICATION, text=text, fields=fields, salt=salt)
    return lambda by: actions.say(on, message, by=by)


def _read_back(filled: Filled) -> Command | None:
    said = filled.dossier.text
    held = _text(filled, said)
    if said.fields is None or held is None or held.fields is None or held.body.salt is None:
        filled.problem("", _("The words of the call are not here: there is nothing to read back."))
        return None
    read = read_reading(filled.reading, said.fields)
    if read is None:
        return None
    try:
        compared = compare(held.fields, named=held.body.object, read=read, salt=held.body.salt)
    except UnreadableError:
        filled.problem("object", _("OBJECT: this cannot be such a thing. Nothing was sent."))
        return None
    on = Target(link=filled.link, statement=held.statement)
    return lambda by: actions.read_back(on, compared.fields, by=by, named=read.object or None)


def _text(filled: Filled, row: StatementRow) -> CallText | None:
    reader = reader_of(settings.HOME)
    return None if reader is None else text_at(reader, filled.link, read_id(row.statement))


def minute_at(dossier: Dossier, place: str) -> StatementRow | None:
    """Return the minute that stands at `place` (``A-hot-7``); the newest one, if it is empty."""
    minutes = [each for each in dossier.statements if each.is_valid and each.kind == "call.minuted"]
    wanted = place.replace("-", " ")
    return next((each for each in reversed(minutes) if not wanted or each.place == wanted), None)


def _read_lines(filled: Filled) -> Command | None:
    row = minute_at(filled.dossier, filled.reading.posted.get("on", ""))
    held = None if row is None else _text(filled, row)
    if held is None or not isinstance(held.said, Minuted) or held.body.salt is None:
        filled.problem("", _("The words of the minute are not here: there is nothing to read back."))
        return None
    lines = _lines(filled)
    salt, on = held.body.salt, Target(link=filled.link, statement=held.statement)
    return lambda by: actions.read_back_lines(on, lines, salt=salt, by=by)


def _lines(filled: Filled) -> tuple[str, ...]:
    lines = typed_lines(filled.reading.posted, "line")
    if not lines:
        filled.problem("line", _("There is no line. Nothing was sent. Write 1 to 5 lines."))
    if len(lines) > MAX_LINES:
        filled.problem("line", _("More than 5 lines. Nothing was sent."))
    for number, line in enumerate(lines, start=1):
        if not is_line(line):
            told = _("Line %(number)d is longer than 40 words or %(most)d Chinese characters.")
            filled.problem("line", told % {"number": number, "most": MAX_LINE})
        try:
            canonical_line(line)
        except UnreadableError:
            filled.problem("line", _("Line %(number)d cannot be read.") % {"number": number})
    return lines


def _minute(filled: Filled) -> Command | None:
    reading = filled.reading
    since, until = reading.moment("since", is_past=True), reading.moment("until", is_past=True)
    for name, at, label in (("since", since, _("Begins")), ("until", until, _("Ends"))):
        if at is None and not any(each.anchor == name for each in reading.problems):
            reading.miss(name, label)
    if since is not None and until is not None and until < since:
        filled.problem("until", _("It ends before it begins. Nothing was sent."))
    lines = _lines(filled)
    if len(set(lines)) != len(lines):
        filled.problem("line", _("A line stands twice. Nothing was sent."))
    if reading.problems or since is None or until is None:
        return None
    present = tuple(
        Text(
            language="zh-Hans" if any("\u4e00" <= letter <= "\u9fff" for letter in each) else "en", text=each
        )
        for each in typed_lines(reading.posted, "present")
    )
    said = Minute(since=since, until=until, lines=lines, salt=salt_of(filled.key), present=present)
    return lambda by: actions.minute(filled.opening, said, by=by)


def _close(filled: Filled) -> Command | None:
    reading = filled.reading
    ending = reading.code("ending", Ending, label=_("How it ends"))
    text = reading.text("text")
    at = reading.moment("at") if ending in PUTS_OFF else None
    if ending in PUTS_OFF and at is None and not reading.problems:
        reading.miss("at", _("Until when, or when you call back"))
    if ending is Ending.DECLINED and text is None:
        filled.problem("text", _("A call is declined with a statement. Nothing was sent. Write it."))
    typed = reading.posted.get("cause", "")
    cause = next((each for each in Cause if each.value == typed), None) if ending in _EXPLAINED else None
    if ending is None:
        return None
    closing = Closing(ending=ending, at=at, cause=cause, text=text)
    return lambda by: actions.close(filled.opening, closing, by=by)


_READ: Final[Mapping[str, Callable[[Filled], Command | None]]] = {
    "message": _message,
    "clarify": _clarify,
    "read-back": _read_back,
    "read-lines": _read_lines,
    "minute": _minute,
    "close": _close,
}
VERBS: Final = tuple(_READ)
