"""The state of a commitment and of a round as plain JSON: for the vectors, and for two nodes to compare.

Everything that both sides compute from the record is in it, and nothing else: no body, no clock of the
reader, no order of arrival. Source: Spec §17.11.
"""

import base64
import hashlib
from collections.abc import Iterable

from parley.protocol.act import id_text
from parley.protocol.crossing import Fact
from parley.protocol.dialogue.bodies import (
    Decided,
    Delegated,
    GroupReported,
    ItemProposed,
    Plan,
    Released,
    Stated,
)
from parley.protocol.dialogue.commitment import Commitment, Concern, Report
from parley.protocol.dialogue.meeting import Round
from parley.protocol.dialogue.offers import Made
from parley.protocol.dialogue.outcome import OutcomeList, Standing
from parley.protocol.strictjson import JsonObject, JsonValue, write


def account(thread: Commitment | Round) -> JsonObject:
    """Return the state of a thread of the dialogue, its keys always in the same order."""
    return _commitment(thread) if isinstance(thread, Commitment) else _round(thread)


def digest(thread: Commitment | Round) -> bytes:
    """Return the SHA-256 of the account in compact JSON: equal on both nodes if they hold the same record."""
    return hashlib.sha256(write(account(thread), max_values=1_000_000)).digest()


def _commitment(thread: Commitment) -> JsonObject:
    reports = [thread.reports[node] for node in thread.nodes if node in thread.reports]
    return {
        "id": id_text(thread.opened.id),
        "state": thread.state.value,
        "text": thread.proposed.text,
        "owners": [*thread.owners],
        "due": thread.standing.due,
        "round": thread.standing.round,
        "offers": _offers(thread.offers.made.values()),
        "reports": [_report(each) for each in reports],
        "concerns": [_concern(each) for _id, each in sorted(thread.concerns.items())],
    }


def _offers(offers: Iterable[Made]) -> list[JsonValue]:
    return [
        {
            "id": id_text(made.fact.id),
            "node": made.fact.writer,
            "kind": made.fact.kind,
            "in_place_of": _before(made),
            "status": made.status.value,
            "crossed": made.is_crossed,
        }
        for made in sorted(offers, key=lambda made: made.fact.id)
    ]


def _before(made: Made) -> str | None:
    return None if made.depth == 0 or made.fact.re is None else id_text(made.fact.re)


def _report(report: Report) -> JsonObject:
    return {
        "id": id_text(report.fact.id),
        "node": report.fact.writer,
        "standing": report.said.standing.value,
        "evidence": [*report.said.evidence],
        "word": report.word.value,
    }


def _concern(concern: Concern) -> JsonObject:
    return {
        "id": id_text(concern.fact.id),
        "node": concern.fact.writer,
        "state": concern.state.value,
        "calls": [*sorted(concern.calls)],
    }


def _round(thread: Round) -> JsonObject:
    return {
        "id": id_text(thread.opened.id),
        "number": thread.proposed.number,
        "after": thread.proposed.after,
        "state": thread.state.value,
        "plan": _plan(thread.plan),
        "next": None if thread.next is None else _plan(thread.next),
        "offers": _offers(thread.offers.made.values()),
        "items": [_said(made) for made in thread.offers.of(ItemProposed)],
        "groups": [_said(made) for made in thread.offers.of(GroupReported)],
        "decisions": [_said(made) for made in thread.offers.of(Decided)],
        "delegations": {
            node: _delegation(thread.delegations[node]) for node in thread.nodes if node in thread.delegations
        },
        "stated": {node: [_stated(fact) for fact in thread.stated[node]] for node in thread.nodes},
        "closed": [*sorted(thread.closed)],
        "outcome": _outcome(thread.outcome),
    }


def _plan(plan: Plan) -> JsonObject:
    return {"host": plan.host, "begins": plan.begins, "ends": plan.ends, "text": plan.text}


def _said(made: Made) -> JsonObject:
    said = made.fact.said
    start: JsonObject = {"id": id_text(made.fact.id), "status": made.status.value}
    match said:
        case ItemProposed():
            return {**start, "source": said.source.value, "of": said.of, "text": said.text}
        case GroupReported():
            return {**start, "group": said.group, "text": said.text}
        case Decided():
            return {**start, "guideline": said.guideline, "text": said.text}
        case _:
            return start


def _delegation(said: Delegated) -> JsonObject:
    members: list[JsonValue] = [[member.role, member.count] for member in said.members]
    return {"chair": said.chair, "members": members}


def _stated(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, Stated)
    return {
        "id": id_text(fact.id),
        "re": None if fact.re is None else id_text(fact.re),
        "stance": fact.said.stance.value,
    }


def _outcome(outcome: OutcomeList) -> JsonObject:
    frozen = outcome.agreed
    return {
        "state": outcome.state.value,
        "clauses": [_clause(each) for each in outcome.clauses],
        "frozen": {
            node: [outcome.frozen[node].release, outcome.frozen[node].digest]
            for node in outcome.nodes
            if node in outcome.frozen
        },
        "agreed": None if frozen is None else frozen.digest,
        "released": {
            node: _released(outcome.released[node]) for node in outcome.nodes if node in outcome.released
        },
    }


def _clause(standing: Standing) -> JsonObject:
    text = standing.said.both
    assert text is not None, "a clause that stands has words"
    return {
        "id": id_text(standing.id),
        "version": id_text(standing.version),
        "place": standing.said.place,
        "text": base64.b64encode(text.lines).decode(),
    }


def _released(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, Released)
    return {"id": id_text(fact.id), "at": fact.effective, "digest": fact.said.digest}
