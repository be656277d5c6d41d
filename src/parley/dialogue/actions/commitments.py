"""Verbs of a commitment and of the concerns under it. Who may say them, and when: Spec §17.4, §17.5.

Every verb raises `NotAllowedError` if the officer may not speak for this node, `BreachError` if the act has
not the agreed shape, and `RefusedError` if it would be void; then nothing was written.
"""

from dataclasses import dataclass

from parley.dialogue.actions.saying import NOTHING, Along, named, open_thread, say
from parley.dialogue.forms.texts import write_words
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import Standing
from parley.protocol.dialogue.clause import Text
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised and by what its performance is measured, in both languages; by whom, until when.

    `owners` are letters, in their order; `round` is the id of that at which it was promised, if at one.
    `salt` are 32 bytes of dice.
    """

    text: Text
    measure: Text
    owners: tuple[str, ...]
    salt: bytes
    due: int | None = None
    round: bytes | None = None
    ref: str | None = None


def propose(link: str, promise: Promise, *, by: Hand) -> Said:
    """Propose a commitment; it binds once the other side agrees."""
    text, body = named((promise.text, promise.measure), salt=promise.salt)
    d: dict[str, JsonValue] = {
        "text": text,
        "owners": [*promise.owners],
        "due": promise.due,
        "round": None if promise.round is None else id_text(promise.round),
    }
    return open_thread(link, "commitment.proposed", d, by=by, body=body, ref=promise.ref)


def carry(on: Target, *, to: bytes | None, due: int | None, by: Hand, along: Along = NOTHING) -> Said:
    """Offer that the commitment goes on under the round `to`, with another time; its id stays."""
    d: dict[str, JsonValue] = {"round": None if to is None else id_text(to), "due": due}
    return say("commitment.carried", d, on, by=by, body=write_words(along.words), ref=along.ref)


def drop(on: Target, *, by: Hand, along: Along = NOTHING) -> Said:
    """Offer that the commitment is given up."""
    return say("commitment.dropped", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def report(
    on: Target, standing: Standing, *, by: Hand, evidence: tuple[bytes, ...] = (), along: Along = NOTHING
) -> Said:
    """Say how a commitment of ours stands; `evidence` are statements in the record that show it."""
    d: dict[str, JsonValue] = {
        "standing": standing.value,
        "evidence": [id_text(each) for each in evidence],
    }
    return say("commitment.reported", d, on, by=by, body=write_words(along.words), ref=along.ref)


def confirm(on: Target, *, by: Hand, along: Along = NOTHING) -> Said:
    """Say that the report `on` of the other side is so."""
    return say("commitment.confirmed", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def dispute(on: Target, *, by: Hand, along: Along = NOTHING) -> Said:
    """Say that the report `on` of the other side is not so."""
    return say("commitment.disputed", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def raise_concern(on: Target, *, by: Hand, along: Along) -> Said:
    """Raise a concern under the commitment `on`."""
    return say("concern.raised", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def answer_concern(on: Target, *, by: Hand, along: Along) -> Said:
    """Answer the concern `on` of the other side."""
    return say("concern.answered", {}, on, by=by, body=write_words(along.words), ref=along.ref)


def escalate(on: Target, *, call: bytes, by: Hand, along: Along = NOTHING) -> Said:
    """Say that the concern `on` was taken to the hotline, in the call with this id."""
    d: dict[str, JsonValue] = {"call": id_text(call)}
    return say("concern.escalated", d, on, by=by, body=write_words(along.words), ref=along.ref)


def settle_concern(on: Target, *, by: Hand, along: Along = NOTHING) -> Said:
    """Say that the concern `on`, which we raised, is no more."""
    return say("concern.settled", {}, on, by=by, body=write_words(along.words), ref=along.ref)
