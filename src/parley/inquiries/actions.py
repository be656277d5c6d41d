"""What an officer can do about an inquiry: one verb, one statement.

Each verb builds what the act says, checks its shape, and hands it to the door of the record
(`links/actions/speaking.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from parley.inquiries.forms.letter import Letter, Remark, write_letter, write_remark
from parley.inquiries.policy import check_may_speak
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.enclosing import Kept, with_files
from parley.links.actions.speaking import Hand, Said, Target, Tried, draft_of, pass_on
from parley.protocol.inquiries.bodies import read_said
from parley.protocol.inquiries.codes import (
    Condition,
    Contention,
    Delay,
    Ground,
    Lack,
    Outcome,
    Postponement,
    Progress,
    Referral,
    Withdrawal,
)
from parley.protocol.names import MAIN
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What goes along with a statement: our registry number, what is said in words, and files."""

    ref: str | None = None
    remark: Remark = field(default_factory=Remark)
    files: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """An inquiry ready to go: what its act says, its letter, our registry number, and files."""

    d: Mapping[str, JsonValue]
    letter: Letter
    ref: str | None = None
    files: tuple[Kept, ...] = ()


SILENT: Final = Words()


def send(
    link: str, sendings: Sequence[Sending], *, by: Hand, lane: str = MAIN
) -> Sequence[Appended | Tried | RefusedError]:
    """Send the inquiries in `lane`, each on its own; one that is refused does not hold up the others.

    Raises:
        NotAllowedError: the officer may not speak for this node.
        BreachError: an act has not the agreed shape; nothing was written.
    """
    check_may_speak(by.officer.role)
    drafts = [
        Draft(
            id=f"{by.key}-{place}",
            link=link,
            lane=lane,
            kind="inquiry.sent",
            d=sending.d,
            role=by.officer.role.value,
            officer=by.officer.number,
            ref=sending.ref,
            body=with_files(write_letter(sending.letter), sending.files),
            files=tuple(each.enclosed for each in sending.files),
        )
        for place, sending in enumerate(sendings)
    ]
    for draft in drafts:
        read_said(draft.kind, draft.d)
    return by.door.pass_on(drafts, by=by)


def _say(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, words: Words) -> Said:
    """Say one thing, and return its place.

    Raises:
        NotAllowedError: the officer may not speak for this node.
        BreachError: the act has not the agreed shape.
        RefusedError: it would be void. TooManyFilesError: nothing was written.
    """
    check_may_speak(by.officer.role)
    read_said(kind, d)
    body = with_files(write_remark(words.remark), words.files)
    files = tuple(each.enclosed for each in words.files)
    return pass_on(replace(draft_of(kind, d, on, by=by, body=body), ref=words.ref, files=files), by=by)


# ---- The asked side


def acknowledge(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Say that a person has seen the inquiry."""
    return _say("inquiry.acknowledged", {}, on, by=by, words=words)


def admit(on: Target, items: JsonValue, *, by: Hand, words: Words = SILENT) -> Said:
    """Take the items on for execution."""
    return _say("inquiry.admitted", {"items": items}, on, by=by, words=words)


def return_(
    on: Target, items: JsonValue, *, fields: Sequence[tuple[str, Lack]], by: Hand, words: Words = SILENT
) -> Said:
    """Return the items for supplement of `fields`."""
    named: list[JsonValue] = [{"field": name, "reason": lack.value} for name, lack in fields]
    return _say("inquiry.returned", {"items": items, "fields": named}, on, by=by, words=words)


def progress(on: Target, items: JsonValue, *, code: Progress, by: Hand, words: Words = SILENT) -> Said:
    """Tell how the work goes, unasked or as the answer to a status inquiry."""
    return _say("inquiry.progressed", {"items": items, "code": code.value}, on, by=by, words=words)


def refer(on: Target, items: JsonValue, *, to: Referral, by: Hand, words: Words = SILENT) -> Said:
    """Say that the items were sent on."""
    return _say("inquiry.referred", {"items": items, "to": to.value}, on, by=by, words=words)


def condition(
    on: Target, items: JsonValue, *, codes: Sequence[Condition], due: int, by: Hand, words: Words = SILENT
) -> Said:
    """Offer the answer on conditions, to be undertaken until `due`."""
    d: dict[str, JsonValue] = {"items": items, "codes": [code.value for code in codes], "due": due}
    return _say("inquiry.conditioned", d, on, by=by, words=words)


def postpone(
    on: Target, items: JsonValue, *, ground: Postponement, until: int, by: Hand, words: Words = SILENT
) -> Said:
    """Postpone the items until a time."""
    d: dict[str, JsonValue] = {"items": items, "ground": ground.value, "until": until}
    return _say("inquiry.postponed", d, on, by=by, words=words)


def extend(
    on: Target,
    items: JsonValue,
    *,
    clock: str,
    until: int,
    reason: Delay,
    by: Hand,
    words: Words = SILENT,
) -> Said:
    """Announce that `clock` needs time until `until`."""
    d: dict[str, JsonValue] = {"items": items, "clock": clock, "until": until, "reason": reason.value}
    return _say("inquiry.extended", d, on, by=by, words=words)


def answer(on: Target, findings: Sequence[JsonValue], *, by: Hand, words: Words = SILENT) -> Said:
    """Answer some items with `findings`."""
    return _say("inquiry.answered", {"findings": list(findings)}, on, by=by, words=words)


def refuse(
    on: Target, items: JsonValue, *, grounds: Sequence[Ground], by: Hand, words: Words = SILENT
) -> Said:
    """Refuse the items on `grounds`."""
    d: dict[str, JsonValue] = {"items": items, "grounds": [ground.value for ground in grounds]}
    return _say("inquiry.refused", d, on, by=by, words=words)


def correct(
    on: Target,
    items: JsonValue,
    *,
    findings: Sequence[JsonValue] = (),
    grounds: Sequence[Ground] = (),
    by: Hand,
    words: Words = SILENT,
) -> Said:
    """Correct the own answer or refusal `on`; with neither findings nor grounds it is taken back."""
    d: dict[str, JsonValue] = {
        "items": items,
        "findings": list(findings),
        "grounds": [ground.value for ground in grounds],
    }
    return _say("inquiry.corrected", d, on, by=by, words=words)


# ---- The asking side


def supply(on: Target, *, by: Hand, words: Words) -> Said:
    """Supply what the return `on` asked for; the supplement is in the words."""
    return _say("inquiry.supplied", {}, on, by=by, words=words)


def undertake(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Undertake the conditions of `on`."""
    return _say("inquiry.undertaken", {}, on, by=by, words=words)


def decline(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Decline the conditions of `on`."""
    return _say("inquiry.declined", {}, on, by=by, words=words)


def agree(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Agree to the extension or postponement `on`."""
    return _say("inquiry.agreed", {}, on, by=by, words=words)


def refuse_time(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Refuse the extension or postponement `on`."""
    return _say("inquiry.time_refused", {}, on, by=by, words=words)


def ask_status(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Ask how things stand."""
    return _say("inquiry.status_asked", {}, on, by=by, words=words)


def withdraw(on: Target, items: JsonValue, *, reason: Withdrawal, by: Hand, words: Words = SILENT) -> Said:
    """Ask that the items be disregarded."""
    return _say("inquiry.withdrawn", {"items": items, "reason": reason.value}, on, by=by, words=words)


def rate(on: Target, scores: Mapping[str, int], *, by: Hand, words: Words = SILENT) -> Said:
    """Say how timely, complete, usable and understandable the answers were, 0 to 3 each."""
    return _say("inquiry.rated", dict(scores), on, by=by, words=words)


def notify_outcome(on: Target, outcome: Outcome, *, by: Hand, words: Words = SILENT) -> Said:
    """Tell what became of the case at home."""
    return _say("inquiry.outcome_notified", {"outcome": outcome.value}, on, by=by, words=words)


def close(on: Target, *, by: Hand, words: Words = SILENT) -> Said:
    """Say that nothing more is needed."""
    return _say("inquiry.closed", {}, on, by=by, words=words)


# ---- Either side


def dispute(on: Target, ground: Contention, *, by: Hand, words: Words = SILENT) -> Said:
    """Contest the statement `on`; it stands all the same."""
    return _say("inquiry.disputed", {"ground": ground.value}, on, by=by, words=words)
