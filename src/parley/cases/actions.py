"""What an officer can do in a joint case: one verb, one statement, through the one door of the record.

Each verb builds what the act says and its words, checks their shape, and hands them on
(`links/actions/speaking.py`). Whether the other side's rules allow it is decided behind the door. Everything
goes where its case lives; a case is proposed in lane main.

A finding is signed by as many persons as the terms ask for, usually by its author alone: `draft_given` and
its like build it, and `say_finding` has it signed and said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from parley.cases.forms.texts import (
    Body,
    Both,
    FindingWords,
    MissingWordsError,
    write_finding,
    write_title,
    write_words,
)
from parley.inquiries.forms.letter import Text
from parley.inquiries.policy import check_may_speak
from parley.ledger.drafts import Draft
from parley.ledger.enclosing import Kept, with_files
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text
from parley.protocol.cases.bodies import Place, read_said
from parley.protocol.cases.codes import (
    Confidence,
    Declining,
    Ending,
    Likelihood,
    Linked,
    Owner,
    Position,
    Reason,
    Responsibility,
    Result,
    Sort,
    Unlinking,
)
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home

Signed: TypeAlias = signing.Said | Signing
"""What became of a finding: said, or prepared and waiting for another person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A joint case: items of cooperation, the statements from which it arose, what it is called, and why."""

    items: tuple[str, ...]
    title: Both
    origins: tuple[bytes, ...] = ()
    text: Text | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task: whose it is, when it starts, for both at once if it is both's, and by when."""

    owner: Owner
    title: Both
    start: int | None = None
    due: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """What else was considered, how likely that is held to be, and why."""

    responsibility: Responsibility
    likelihood: Likelihood
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a finding holds. Likelihood and confidence are two judgements and never one.

    `dissent` are the words of whoever of our own side holds otherwise, None if nobody does. `is_public` is
    whether it may be said in public.
    """

    statement: Both
    likelihood: Likelihood
    confidence: Confidence
    responsibility: Responsibility | None = None
    evidence: tuple[Place, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    dissent: Text | None = None
    is_public: bool = False


# ---- The case itself


def propose(link: str, proposal: Proposal, *, by: Hand) -> Said:
    """Propose a joint case to the other side.

    Raises:
        NotAllowedError: the officer may not speak for this node. MissingWordsError, LongWordsError: the title
        or the text is wanting. BreachError: the act has not the agreed shape.
        RefusedError: it would be void. Nothing was written.
    """
    d: Mapping[str, JsonValue] = {
        "items": [*proposal.items],
        "origins": [id_text(each) for each in proposal.origins],
    }
    body = write_title(proposal.title, text=proposal.text)
    on = Target(link=link, statement=b"")
    draft = _draft("case.proposed", d, on, by=by, body=body)
    return pass_on(replace(draft, ref=proposal.ref), by=by)


def join(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Say that our side is in the case `on`; a case that we declined can still be joined.

    Raises:
        As every verb, NotAllowedError, LongWordsError, BreachError, RefusedError.
    """
    return _say("case.joined", {}, on, by=by, text=text)


def decline(on: Target, reason: Declining, *, by: Hand, text: Text | None = None) -> Said:
    """Say that our side does not join the case `on`."""
    return _say("case.declined", {"reason": reason.value}, on, by=by, text=text)


def close(on: Target, ending: Ending, *, by: Hand, text: Text | None = None) -> Said:
    """Say that the case `on` is over for us, and how. A later word of ours opens our side of it again."""
    return _say("case.closed", {"ending": ending.value}, on, by=by, text=text)


def note(on: Target, sort: Sort, *, by: Hand, text: Text | None, files: Sequence[Kept] = ()) -> Said:
    """Tell what both should know, with files if there are any; `on` is any statement of the case.

    Raises:
        MissingWordsError: it says nothing. TooManyFilesError: and as every verb.
    """
    if text is None:
        raise MissingWordsError("text")
    body = with_files(write_words(text), files)
    draft = _draft("case.noted", {"sort": sort.value}, on, by=by, body=body)
    return pass_on(replace(draft, files=tuple(each.enclosed for each in files)), by=by)


def link_to(on: Target, to: Linked, place: Place, *, by: Hand, text: Text | None = None) -> Said:
    """Link the case `on` to a statement, or name one of its files as evidence."""
    d: Mapping[str, JsonValue] = {"to": to.value, "place": _place(place)}
    return _say("case.linked", d, on, by=by, text=text)


def unlink(on: Target, reason: Unlinking, *, by: Hand, text: Text | None = None) -> Said:
    """Say that the link `on`, which we made, no longer holds. It stays to be seen, with the reason."""
    return _say("case.unlinked", {"reason": reason.value}, on, by=by, text=text)


# ---- Tasks


def set_task(on: Target, task: Task, *, by: Hand) -> Said:
    """Set a task, `on` the case; or its next version, `on` an earlier one of it."""
    d: Mapping[str, JsonValue] = {"owner": task.owner.value, "start": task.start, "due": task.due}
    return pass_on(_draft("case.task_set", d, on, by=by, body=write_title(task.title)), by=by)


def agree_task(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Stand behind the version `on` of a task that the other side set."""
    return _say("case.task_agreed", {}, on, by=by, text=text)


def decline_task(on: Target, *, by: Hand, text: Text | None = None) -> Said:
    """Say that we do not stand behind the version `on` of a task, or no longer."""
    return _say("case.task_declined", {}, on, by=by, text=text)


def finish_task(on: Target, result: Result, *, by: Hand, text: Text | None = None) -> Said:
    """Say what became at our side of the task whose version `on` holds."""
    return _say("case.task_done", {"result": result.value}, on, by=by, text=text)


# ---- Findings


def draft_given(on: Target, holding: Holding, *, by: Hand) -> Draft:
    """Return the statement of a finding in the case `on` as it would be signed; nothing is kept.

    Raises:
        NotAllowedError, MissingWordsError, LongWordsError, BreachError: as every verb.
    """
    return _draft("finding.given", _held(holding), on, by=by, body=write_finding(_words(holding)))


def draft_revised(
    on: Target, holding: Holding, *, reasons: Sequence[Reason], changed: Both, by: Hand
) -> Draft:
    """Return the next version of a finding, `on` its newest one: why, and what changed, in both languages.

    Raises:
        NotAllowedError, MissingWordsError, LongWordsError, BreachError: as every verb.
    """
    d: Mapping[str, JsonValue] = {**_held(holding), "reasons": [each.value for each in reasons]}
    body = write_finding(_words(holding, changed=changed))
    return _draft("finding.revised", d, on, by=by, body=body)


def draft_answered(
    on: Target, position: Position, *, is_public: bool, by: Hand, text: Text | None = None
) -> Draft:
    """Return what our side holds of the version `on`, that very one, of a finding of theirs.

    Raises:
        NotAllowedError, LongWordsError, BreachError: as every verb.
    """
    d: Mapping[str, JsonValue] = {"position": position.value, "public": is_public}
    return _draft("finding.answered", d, on, by=by, body=write_words(text))


def say_finding(home: Home, draft: Draft, *, by: Hand, secret: str) -> Signed:
    """Sign what one of the `draft_` verbs built as its first person; the last whom the terms ask says it.

    Raises:
        NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void.
    """
    return signing.prepare_signed(
        home, draft, by=By(officer=by.officer, key=by.key, now=by.now), secret=secret
    )


# ---- What they share


def _held(holding: Holding) -> dict[str, JsonValue]:
    step = holding.responsibility
    return {
        "responsibility": None if step is None else step.value,
        "likelihood": holding.likelihood.value,
        "confidence": holding.confidence.value,
        "evidence": [_place(each) for each in holding.evidence],
        "alternatives": [
            {"responsibility": each.responsibility.value, "likelihood": each.likelihood.value}
            for each in holding.alternatives
        ],
        "dissent": holding.dissent is not None,
        "public": holding.is_public,
    }


def _words(holding: Holding, *, changed: Both | None = None) -> FindingWords:
    return FindingWords(
        statement=holding.statement,
        alternatives=tuple(each.text for each in holding.alternatives),
        dissent=holding.dissent,
        changed=changed,
    )


def _place(place: Place) -> JsonValue:
    return {"statement": place.statement, "part": place.part}


def _say(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, text: Text | None) -> Said:
    return pass_on(_draft(kind, d, on, by=by, body=write_words(text)), by=by)


def _draft(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, body: Body | None) -> Draft:
    check_may_speak(by.officer.role)
    read_said(kind, d)
    return draft_of(kind, d, on, by=by, body=body)
