"""The state of an inquiry as plain JSON: for the vectors, and for two nodes to compare.

Everything that both sides compute from the record is in it, and nothing else: no body, no
clock of the reader, no order of arrival. Source: Spec §10, fold vectors.
"""

from parley.protocol.act import id_text
from parley.protocol.inquiries.apply import Inquiry, ItemState
from parley.protocol.inquiries.bodies import Finding
from parley.protocol.inquiries.clocks import Timer
from parley.protocol.strictjson import JsonObject, JsonValue


def account(inquiry: Inquiry) -> JsonObject:
    """Return the state of `inquiry`, its keys always in the same order."""
    rated = inquiry.rated
    return {
        "id": id_text(inquiry.id),
        "asker": inquiry.asker,
        "asked": inquiry.asked,
        "acknowledged_at": inquiry.acknowledged_at,
        "closed_at": inquiry.closed_at,
        "last_answer_at": inquiry.last_answer_at,
        "timers": [_timer(timer) for timer in inquiry.timers],
        "waiting": [id_text(fact.id) for fact in inquiry.waiting],
        "disputed": [id_text(statement) for statement in inquiry.disputed],
        "rated": None
        if rated is None
        else [rated.timely, rated.complete, rated.usable, rated.understandable],
        "outcome": None if inquiry.outcome is None else inquiry.outcome.outcome.value,
        "items": [_item(item) for item in inquiry.items],
    }


def _item(item: ItemState) -> JsonObject:
    return {
        "n": item.n,
        "type": item.type.value,
        "wants": [*sorted(want.value for want in item.wants)],
        "state": item.state.value,
        "crossed": item.crossed,
        "findings": [_finding(statement, finding) for statement, finding in item.findings],
        "grounds": [ground.value for ground in item.grounds],
        "timers": [_timer(timer) for timer in item.timers],
    }


def _finding(statement: bytes, finding: Finding) -> JsonObject:
    of: JsonValue = None if finding.of is None else [finding.of.inquiry, finding.of.n]
    return {
        "statement": id_text(statement),
        "code": finding.code.value,
        "at": finding.at,
        "until": finding.until,
        "measure": None if finding.measure is None else finding.measure.value,
        "of": of,
    }


def _timer(timer: Timer) -> JsonObject:
    return {
        "clock": timer.clock.value,
        "limit": timer.limit,
        "phase": timer.phase.value,
        "started_at": timer.started_at,
        "due_at": timer.due_at,
        "paused_since": timer.paused_since,
        "left": timer.left,
        "stopped_at": timer.stopped_at,
        "stopped_by": None if timer.stopped_by is None else id_text(timer.stopped_by),
        "extended": timer.extended,
        "pauses": [[since, until] for since, until in timer.pauses],
    }
