"""The state of a call as plain JSON: for the vectors, and for two nodes to compare.

Everything that both sides compute from the record is in it, and nothing else: no body, no clock of the
reader, no order of arrival. Source: Spec §12.11.
"""

import hashlib

from parley.protocol.act import id_text
from parley.protocol.hotline.apply import Call, Reading, Spoken, Taking
from parley.protocol.hotline.bell import Bell
from parley.protocol.hotline.bodies import Closed
from parley.protocol.hotline.eye import Fact
from parley.protocol.strictjson import JsonObject, JsonValue, write


def account(call: Call) -> JsonObject:
    """Return the state of `call`, its keys always in the same order."""
    return {
        "id": id_text(call.id),
        "caller": call.caller,
        "called": call.called,
        "state": call.state.value,
        "text": id_text(call.text),
        "reached": None if call.reached is None else call.reached.value,
        "takings": [_taking(each) for each in call.takings],
        "readings": [_reading(each) for each in call.readings],
        "needs_voice": call.needs_voice,
        "messages": [_message(each) for each in call.messages],
        "minutes": [[id_text(minute), agreed] for minute, agreed in call.minutes],
        "joint_starts": list(call.joint_starts),
        "endings": {node: _ending(fact) for node, fact in call.endings.items()},
        "stands": [*sorted(call.stands)],
        "owing": [*sorted(call.owing)],
        "is_stopped": call.is_stopped,
        "bells": {node: _bell(bell) for node, bell in call.bells.items()},
    }


def digest(call: Call) -> bytes:
    """Return the SHA-256 of the account in compact JSON: equal on both nodes if they hold the same record."""
    return hashlib.sha256(write(account(call))).digest()


def _taking(taking: Taking) -> JsonObject:
    return {
        "id": id_text(taking.id),
        "node": taking.node,
        "rung": taking.rung.value,
        "by": [taking.role, taking.n],
        "at": taking.at,
    }


def _reading(reading: Reading) -> JsonObject:
    return {
        "id": id_text(reading.id),
        "of": id_text(reading.of),
        "node": reading.node,
        "at": reading.at,
        "misses": [*sorted(field.value for field in reading.misses)],
    }


def _message(message: Spoken) -> JsonObject:
    return {
        "id": id_text(message.id),
        "node": message.node,
        "number": message.number,
        "sort": message.sort.value,
        "at": message.at,
        "received_at": message.received_at,
        "crossed": message.crossed,
        "promised": message.promised,
        "kept": message.kept,
    }


def _ending(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, Closed)
    cause = fact.said.cause
    return {
        "id": id_text(fact.id),
        "ending": fact.said.ending.value,
        "at": fact.said.at,
        "cause": None if cause is None else cause.value,
        "said_at": fact.effective,
    }


def _bell(bell: Bell) -> JsonObject:
    alarms: list[JsonValue] = [[alarm.cause.value, alarm.debtor, alarm.since] for alarm in bell.alarms]
    pressed: list[JsonValue] = [[rung.value, since] for rung, since in bell.pressed]
    return {"alarms": alarms, "pressed": pressed}
