"""What an officer can do in a call: one verb, one statement, through the one door of the record.

Each verb builds what the act says and its body, checks their shape, and hands them on
(`links/actions/speaking.py`). Whether the other side's rules allow it is decided behind the door. A call to a
principal's office is signed by as many persons as the terms ask: it is prepared by the first, and waits.

Answers go where their call lives; a call is opened in the lane that its `Calling` names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from parley.agencies.actions import note_act
from parley.agencies.queries import OfficerRow
from parley.hotline.forms.five import FiveFields, write_fields
from parley.hotline.forms.testing import URGENCY, fields_of, words_of
from parley.hotline.forms.texts import (
    Body,
    check_lines,
    check_text,
    write_minute,
    write_opening,
    write_text_with_fields,
    write_words,
)
from parley.hotline.forms.voicing import Deed
from parley.inquiries.forms.letter import Text
from parley.inquiries.policy import check_may_speak
from parley.ledger.drafts import Appended, Draft
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text
from parley.protocol.clauses import Level, Rung
from parley.protocol.hotline.bodies import Fields, read_said
from parley.protocol.hotline.codes import Cause, Ending, Sort, nature_of
from parley.protocol.hotline.mark import mark_line
from parley.protocol.linetests.texts import Drawn
from parley.protocol.names import MAIN
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home

Waiting: TypeAlias = Signing
"""A call to principals that was prepared, and waits for the next person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """A call ready to go: how fast, why, what about, in which words, and in which lane.

    It has either `inquiry`, the id of the one that led to it, or `scope`, if it is meant; neither, if it
    is about the line or a test. `salt` are 32 bytes of dice for the marks.
    """

    urgency: str
    fields: FiveFields
    salt: bytes
    inquiry: bytes | None = None
    scope: str | None = None
    text: Text | None = None
    authority: Text | None = None
    ref: str | None = None
    lane: str = MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of one of the ten sorts. `fields` with `salt` go with a clarification by the caller."""

    sort: Sort
    text: Text | None = None
    next_word: int | None = None
    to: Rung | None = None
    at: int | None = None
    fields: FiveFields | None = None
    salt: bytes = b""
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """What was agreed by voice, elsewhere: from when to when, in 1 to 5 lines, and who was there."""

    since: int
    until: int
    lines: tuple[str, ...]
    salt: bytes
    present: tuple[Text, ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How the call is over for us. `at` stands where it is put off, `cause` where nobody was reached."""

    ending: Ending
    at: int | None = None
    cause: Cause | None = None
    text: Text | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """A decision that was heard: by which office, which, in which words; `second` heard it too."""

    rung: Rung
    deed: Deed
    text: Text
    second: OfficerRow


OPENED: Final = "call.opened"
PRINCIPAL_OPENED: Final = "call.principal_opened"


def open_call(link: str, calling: Calling, *, by: Hand) -> Said:
    """Call the other side's desk.

    Raises:
        NotAllowedError: the officer may not speak for this node. UnreadableError: the object is none.
        TooLongError: the text is. BreachError: the act has not the agreed shape.
        RefusedError: it would be void. Nothing was written.
    """
    return pass_on(_opening(link, calling, kind=OPENED, d=_opened(calling), by=by), by=by)


def open_test(link: str, drawn: Drawn, *, salt: bytes, lane: str, by: Hand) -> Said:
    """Hold the human test: call the other side's desk with a text of the agreed shelf (Spec §13.6).

    Raises:
        NotAllowedError, BreachError, RefusedError: as `open_call`.
    """
    calling = Calling(urgency=URGENCY, fields=fields_of(drawn), salt=salt, text=words_of(drawn), lane=lane)
    return open_call(link, calling, by=by)


def draft_principal(link: str, calling: Calling, *, to: Level, by: Hand) -> Draft:
    """Return the call to the office of a principal as it would be prepared; nothing is kept.

    Raises:
        NotAllowedError, UnreadableError, TooLongError, BreachError: as `open_call`.
    """
    d = {**_opened(calling), "to": to.value}
    return _opening(link, calling, kind=PRINCIPAL_OPENED, d=d, by=by)


def open_principal(
    home: Home, link: str, calling: Calling, *, to: Level, by: Hand, secret: str
) -> "Waiting | signing.Said":
    """Prepare a call to the office of a principal and sign it as the first person; the last one says it.

    The others sign by `links.actions.signing.sign_prepared`, as everything that persons sign together.

    Raises:
        NotAllowedError, UnreadableError, TooLongError, BreachError: as `open_call`.
        NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void.
    """
    draft = draft_principal(link, calling, to=to, by=by)
    hand = By(officer=by.officer, key=by.key, now=by.now)
    return signing.prepare_signed(home, draft, by=hand, secret=secret)


def take(on: Target, rung: Rung, *, by: Hand, text: Text | None = None) -> Said:
    """Take the call `on` at a rung of ours: this person has it now, and answers for it."""
    check_text(text)
    return _say("call.taken", {"rung": rung.value}, on, by=by, body=write_words(text))


def read_back(on: Target, fields: Fields, *, by: Hand, named: str | None) -> Said:
    """Read back the text `on`: the fields as they were typed, marked (`forms.comparing.compare`).

    `named` is the object as it was typed; None if there is none.
    """
    return _say("call.read_back", {"fields": write_fields(fields)}, on, by=by, body={"object": named})


def read_back_lines(on: Target, lines: Sequence[str], *, salt: bytes, by: Hand) -> Said:
    """Read back the minute `on`, its lines as they were typed.

    Raises:
        UnreadableError: a line is empty.
    """
    marks: list[JsonValue] = [mark_line(line, salt=salt) for line in lines]
    return _say("call.read_back", {"lines": marks}, on, by=by, body={"lines": [*lines]})


def say(on: Target, message: Message, *, by: Hand) -> Said:
    """Say something in the call of the statement `on`, which it answers.

    Raises:
        TooLongError, UnreadableError: and as every verb, NotAllowedError, BreachError, RefusedError.
    """
    check_text(message.text)
    d: dict[str, JsonValue] = {"sort": message.sort.value}
    optional: Mapping[str, JsonValue] = {
        "next_word": message.next_word,
        "to": None if message.to is None else message.to.value,
        "at": message.at,
        "fields": None if message.fields is None else write_fields(message.fields.marked(salt=message.salt)),
    }
    d |= {name: value for name, value in optional.items() if value is not None}
    body = write_words(message.text)
    if message.fields is not None:
        body = write_text_with_fields(salt=message.salt, named=message.fields.object or "", text=message.text)
    return _say("call.said", d, on, by=by, body=body, ref=message.ref)


def minute(on: Target, said: Minute, *, by: Hand) -> Said:
    """Put down what was said by voice in the call `on`; it holds when both sides have read it back.

    Raises:
        MinuteError, TooLongError, UnreadableError: the lines cannot be a minute.
    """
    check_lines(said.lines)
    marks: list[JsonValue] = [mark_line(line, salt=said.salt) for line in said.lines]
    d: dict[str, JsonValue] = {"since": said.since, "until": said.until, "lines": marks}
    body = write_minute(said.lines, salt=said.salt, present=said.present)
    return _say("call.minuted", d, on, by=by, body=body, ref=said.ref)


def close(on: Target, closing: Closing, *, by: Hand) -> Said:
    """Say that the call `on` is over for us, and how. A later word of ours counts in its place."""
    check_text(closing.text)
    d: dict[str, JsonValue] = {"ending": closing.ending.value}
    if closing.at is not None:
        d["at"] = closing.at
    if closing.cause is not None:
        d["cause"] = closing.cause.value
    return _say("call.closed", d, on, by=by, body=write_words(closing.text), ref=closing.ref)


def put_down(on: Target, voiced: Voiced, *, by: Hand) -> Said:
    """Say what a principal decided by voice about the call `on`, as two of ours heard it.

    It is an ordinary statement of the first of them, whose row stands in the journal as of every statement;
    the other one has a row beside it.

    Raises:
        TooLongError, NotAllowedError, BreachError, RefusedError: as `take` and `close`.
    """
    if voiced.deed is Deed.TAKE:
        said = take(on, voiced.rung, by=by, text=voiced.text)
    else:
        said = close(on, Closing(ending=Ending.DECLINED, text=voiced.text), by=by)
    if isinstance(said, Appended):
        subject = f"{on.link} {said.place}: {voiced.rung.value} by voice"
        note_act(
            "call.witnessed",
            officer=voiced.second.number,
            subject=subject,
            now=by.now,
            statement=id_text(said.statement),
        )
    return said


# ---- What they share


def _opened(calling: Calling) -> dict[str, JsonValue]:
    check_text(calling.text)
    fields = calling.fields.marked(salt=calling.salt)
    return {
        "nature": nature_of(fields.what).value,
        "urgency": calling.urgency,
        "inquiry": None if calling.inquiry is None else id_text(calling.inquiry),
        "scope": calling.scope,
        "fields": write_fields(fields),
    }


def _opening(link: str, calling: Calling, *, kind: str, d: Mapping[str, JsonValue], by: Hand) -> Draft:
    check_may_speak(by.officer.role)
    read_said(kind, d)
    body = write_opening(
        salt=calling.salt,
        named=calling.fields.object or "",
        text=calling.text,
        authority=calling.authority,
    )
    draft = draft_of(kind, d, Target(link=link, statement=b""), by=by, body=body)
    return replace(draft, lane=calling.lane, ref=calling.ref)


def _say(
    kind: str,
    d: Mapping[str, JsonValue],
    on: Target,
    *,
    by: Hand,
    body: Body | None,
    ref: str | None = None,
) -> Said:
    check_may_speak(by.officer.role)
    read_said(kind, d)
    return pass_on(replace(draft_of(kind, d, on, by=by, body=body), ref=ref), by=by)
