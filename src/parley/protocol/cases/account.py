"""The state of a case as plain JSON: for the vectors, the Status Report, and for two nodes to compare.

Everything that both sides compute from the record is in it, and nothing else: no body, no clock of the
reader, no order of arrival. Source: Spec §15.7.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from parley.protocol.act import id_text
from parley.protocol.cases.apply import Answer, Case, Finding, Link, Version, Work
from parley.protocol.cases.bodies import Closed, Noted, Place, TaskSet, Unlinked
from parley.protocol.crossing import Fact
from parley.protocol.strictjson import JsonObject, JsonValue


def account(case: Case) -> JsonObject:
    """Return the state of `case`, its keys always in the same order."""
    return {
        "id": id_text(case.id),
        "proposer": case.proposer,
        "other": case.other,
        "proposed_at": case.proposed.effective,
        "items": list(case.said.items),
        "origins": list(case.said.origins),
        "state": case.state.value,
        "joined_at": None if case.joined is None else case.joined.effective,
        "notes": [_note(each) for each in case.notes],
        "links": [_link(each) for each in case.links],
        "tasks": [_task(each) for each in case.tasks],
        "findings": [_finding(each) for each in case.findings],
        "endings": {node: _ending(fact) for node, fact in case.endings.items()},
    }


def digest(case: Case) -> bytes:
    """Return the SHA-256 of the account in compact JSON: equal on both nodes if they hold the same record."""
    return hashlib.sha256(msgspec.json.encode(account(case))).digest()


def _written(fact: Fact) -> JsonObject:
    return {"id": id_text(fact.id), "node": fact.writer, "at": fact.effective}


def _note(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, Noted)
    return {**_written(fact), "sort": fact.said.sort.value}


def _place(place: Place) -> JsonValue:
    return [place.statement, place.part]


def _places(places: Sequence[Place]) -> list[JsonValue]:
    return [_place(each) for each in places]


def _link(link: Link) -> JsonObject:
    undone = link.undone.said if link.undone is not None else None
    return {
        **_written(link.fact),
        "number": link.number,
        "to": link.said.to.value,
        "place": _place(link.said.place),
        "undone": undone.reason.value if isinstance(undone, Unlinked) else None,
    }


def _task(task: Work) -> JsonObject:
    return {
        "id": id_text(task.id),
        "state": task.state.value,
        "versions": [_task_version(each) for each in task.versions],
        "stands": {node: id_text(version) for node, version in task.stands.items()},
        "agreed": None if task.agreed is None else id_text(task.agreed.id),
        "joint_start": task.joint_start,
        "results": {node: result.value for node, result in task.results.items()},
    }


def _task_version(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, TaskSet)
    return {
        **_written(fact),
        "owner": fact.said.owner.value,
        "start": fact.said.start,
        "due": fact.said.due,
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "id": id_text(finding.id),
        "author": finding.author,
        "number": finding.number,
        "versions": [_version(each) for each in finding.versions],
        "speech": finding.speech.value,
    }


def _version(version: Version) -> JsonObject:
    said = version.said
    return {
        "id": id_text(version.fact.id),
        "at": version.fact.effective,
        "by": [version.fact.by.role, version.fact.by.n],
        "responsibility": None if said.responsibility is None else said.responsibility.value,
        "likelihood": said.likelihood.value,
        "confidence": said.confidence.value,
        "evidence": _places(said.evidence),
        "alternatives": [[each.responsibility.value, each.likelihood.value] for each in said.alternatives],
        "dissent": said.dissent,
        "public": said.public,
        "reasons": [each.value for each in version.reasons],
        "added": _places(version.added),
        "withdrawn": _places(version.withdrawn),
        "standing": version.standing.value,
        "answer": None if version.answer is None else _answer(version.answer),
    }


def _answer(answer: Answer) -> JsonObject:
    return {
        "id": id_text(answer.fact.id),
        "at": answer.fact.effective,
        "by": [answer.fact.by.role, answer.fact.by.n],
        "position": answer.said.position.value,
        "public": answer.said.public,
        "crossed": answer.crossed,
    }


def _ending(fact: Fact) -> JsonObject:
    assert isinstance(fact.said, Closed)
    return {"id": id_text(fact.id), "ending": fact.said.ending.value, "at": fact.effective}
