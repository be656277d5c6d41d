"""What an officer can do about spontaneous information: one verb, one statement, through the one door.

Each verb builds what the act says and its words, checks their shape, and hands them on
(`links/actions/speaking.py`). Whether the other side's rules allow it is decided behind the door.

    offer      the content is sealed at home and stays there; the act names its hashes
    deliver    the files of the offer go with the statement, and into the record
    withdraw   nothing was ever sent; what was sealed is destroyed here

Conditions are undertaken by a person who signs (`say_undertaken`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from parley.inquiries.forms.letter import Text
from parley.inquiries.policy import check_may_speak
from parley.ledger import sealed
from parley.ledger.drafts import Appended, Draft
from parley.ledger.enclosing import Kept, TooManyFilesError, with_files
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text, read_id
from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.apply import Share
from parley.protocol.sharing.bodies import MAX_CONTENT, Cleaned, Grade, read_said
from parley.protocol.sharing.codes import (
    Audience,
    Class,
    Declining,
    Expects,
    Pap,
    Result,
    Thing,
    Tlp,
    Withdrawing,
)
from parley.protocol.strictjson import JsonValue
from parley.sharing.forms.texts import Body, write_offer, write_words
from parley.sharing.policy import content_of, is_at_once
from parley.work.home import Home

Signed: TypeAlias = signing.Said | Signing
"""What became of an undertaking: said, or prepared and waiting for another person."""


class NothingAgreedError(Exception):
    """The offer waits for an answer that binds, so its content cannot be delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered: its class, how much of what, under which marks, on which conditions, until when."""

    what: Class
    counts: Mapping[Thing, int]
    tlp: Tlp
    pap: Pap
    expects: Expects
    title: Text | None
    conditions: tuple[Condition, ...] = ()
    until: int | None = None
    grade: Grade | None = None
    about: tuple[bytes, ...] = ()
    why: Text | None = None
    conditions_text: Text | None = None
    ref: str | None = None


def offer(home: Home, link: str, what: Offer, *, files: Sequence[Kept], by: Hand) -> Said:
    """Offer what `files` hold, which wait sealed at home; they then lie aside until they are delivered.

    Raises:
        NotAllowedError: the officer may not speak for this node. NoTitleError, LongTextError: the words are
        wanting. TooManyFilesError, BreachError: the act has not the agreed shape.
        RefusedError: it would be void. Nothing was written, and the files wait as before.
    """
    if len(files) > MAX_CONTENT:
        raise TooManyFilesError(len(files))
    body = write_offer(title=what.title, why=what.why, conditions=what.conditions_text)
    on = Target(link=link, statement=b"")
    d: Mapping[str, JsonValue] = {**_offered(what), "content": _content(files)}
    draft = _draft("sharing.offered", d, on, by=by, body=body)
    said = pass_on(replace(draft, ref=what.ref), by=by)
    if isinstance(said, Appended):
        sealed.set_aside(home, [each.hash for each in files])
    return said


def _offered(what: Offer) -> dict[str, JsonValue]:
    grade = what.grade
    return {
        "what": what.what.value,
        "counts": [{"of": thing.value, "n": n} for thing, n in what.counts.items()],
        "tlp": what.tlp.value,
        "pap": what.pap.value,
        "expects": what.expects.value,
        "conditions": [each.value for each in what.conditions],
        "until": what.until,
        "grade": None if grade is None else {"source": grade.source.value, "information": grade.information},
        "about": [id_text(each) for each in what.about],
    }


def _content(files: Sequence[Kept]) -> list[JsonValue]:
    return [{"hash": id_text(each.hash), "size": each.size} for each in files]


# ---- The receiver


def accept(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Accept the offer `on`, which sets no conditions.

    Raises:
        As every verb, NotAllowedError, LongTextError, BreachError, RefusedError.
    """
    return _say("sharing.accepted", {}, on, by=by, text=text)


def draft_undertaken(
    on: Target, conditions: Sequence[Condition], *, by: Hand, text: Text | None = None
) -> Draft:
    """Return the undertaking of these conditions for the offer `on`, as it would be signed.

    If they are not just those of the offer, the offerer confirms them or does not.
    """
    d: Mapping[str, JsonValue] = {"conditions": [each.value for each in conditions]}
    return _draft("sharing.undertaken", d, on, by=by, body=write_words(text))


def say_undertaken(home: Home, draft: Draft, *, by: Hand, secret: str) -> Signed:
    """Sign what `draft_undertaken` built as its first person; the last whom the terms ask for says it.

    Raises:
        NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void.
    """
    return signing.prepare_signed(
        home, draft, by=By(officer=by.officer, key=by.key, now=by.now), secret=secret
    )


def decline(on: Target, reason: Declining, *, by: Hand, text: Text | None = None) -> Said:
    """Say that we do not want the offer `on` so: its offerer destroys what it sealed."""
    return _say("sharing.declined", {"reason": reason.value}, on, by=by, text=text)


def evaluate(on: Target, grade: Grade, *, by: Hand, text: Text | None = None) -> Said:
    """Say what we hold of source and information of the delivery `on`."""
    d: Mapping[str, JsonValue] = {"source": grade.source.value, "information": grade.information}
    return _say("sharing.evaluated", d, on, by=by, text=text)


def notify_result(on: Target, result: Result, *, by: Hand, text: Text | None = None) -> Said:
    """Say what became at our side of the delivery `on`."""
    return _say("sharing.result_notified", {"result": result.value}, on, by=by, text=text)


def report_cleaned(on: Target, counts: Cleaned, *, by: Hand, text: Text | None = None) -> Said:
    """Say how far the clean-up is of what the delivered notice `on` named."""
    d: Mapping[str, JsonValue] = {
        "informed": counts.informed,
        "cleaned": counts.cleaned,
        "patched": counts.patched,
        "not_found": counts.not_found,
    }
    return _say("sharing.cleaned", d, on, by=by, text=text)


def ask_release(on: Target, to: Audience, *, by: Hand, text: Text | None = None) -> Said:
    """Ask whether what was delivered by `on` may be passed on."""
    return _say("sharing.release_asked", {"to": to.value}, on, by=by, text=text)


# ---- The offerer


def confirm(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Take the conditions of the undertaking `on` in place of those of our offer."""
    return _say("sharing.confirmed", {}, on, by=by, text=text)


def withdraw(
    home: Home, share: Share, link: str, *, reason: Withdrawing, by: Hand, text: Text | None = None
) -> Said:
    """Take our offer back, and destroy what was sealed for it: nobody else ever had any of it."""
    on = Target(link=link, statement=share.id)
    said = _say("sharing.withdrawn", {"reason": reason.value}, on, by=by, text=text)
    if isinstance(said, Appended):
        for each in content_of(share.offer):
            sealed.let_go(home, read_id(each))
    return said


def deliver(home: Home, share: Share, link: str, *, by: Hand, text: Text | None = None) -> Said:
    """Deliver the content of our offer, under what was agreed last, or at once where that is allowed.

    Raises:
        NothingAgreedError: nothing that binds was said. NotSealedError: the content does not lie here.
        RefusedError, and as every verb.
    """
    if not share.agreed and not is_at_once(share):
        raise NothingAgreedError
    under = share.agreed[-1] if share.agreed else share.id
    files = sealed.find_sealed(home, link, [read_id(each) for each in content_of(share.offer)])
    body = with_files({**(write_words(text) or {"text": None})}, files)
    d: Mapping[str, JsonValue] = {"content": _content(files)}
    on = Target(link=link, statement=under)
    draft = _draft("sharing.delivered", d, on, by=by, body=body)
    said = pass_on(replace(draft, files=tuple(each.enclosed for each in files)), by=by)
    if isinstance(said, Appended):
        for each in files:
            sealed.let_go(home, each.hash)
    return said


def permit_release(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Say that it may be passed on as the question `on` asks; under the same marks and conditions."""
    return _say("sharing.release_permitted", {}, on, by=by, text=text)


def refuse_release(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Say that it may not."""
    return _say("sharing.release_refused", {}, on, by=by, text=text)


# ---- What they share


def _say(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, text: Text | None) -> Said:
    return pass_on(_draft(kind, d, on, by=by, body=write_words(text)), by=by)


def _draft(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, body: Body | None) -> Draft:
    check_may_speak(by.officer.role)
    read_said(kind, d)
    return draft_of(kind, d, on, by=by, body=body)
