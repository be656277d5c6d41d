"""The vectors of persons: lines of officers of each type, and those that do not hold."""

from collections.abc import Sequence

from msgspec.structs import replace

from parley.protocol import note
from parley.protocol.entry import encode_text
from parley.protocol.note import Line, Note
from tests.protocol import samples as s
from tests.protocol.persons import PRESENT, Person, foreign_line
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case, b64

ALGORITHMS = ("ed25519", "webauthn-es256", "webauthn-ed25519")


def officer(suite: Recorded) -> Case:
    text = encode_text(replace(s.plain_entry(), log=s.LOG_A))
    persons = [Person(node=s.A, n=21 + at, alg=alg, suite=suite) for at, alg in enumerate(ALGORITHMS)]
    lines = [person.line(text) for person in persons]
    valid = [
        *(_case(f"signed with {p.alg}", text, [p.line(text)], signed=[p.n]) for p in persons),
        _case(
            "two of three, and a line of an algorithm that nobody knows",
            text,
            [lines[1], foreign_line(text), lines[0]],
            signed=[22, 21],
        ),
        _case("nobody that is known", text, [foreign_line(text)], signed=[]),
    ]
    keys = [_key(person) for person in persons]
    return {"spec": "§2.6", "keys": keys, "valid": valid, "invalid": _invalid(persons, text)}


def _key(person: Person) -> Case:
    key = person.verify_key
    named = {"n": person.n, "alg": person.alg, "name": key.name}
    return {**named, "public": b64(key.public), "key_id": key.key_id.hex()}


def _case(about: str, text: bytes, lines: Sequence[Line], *, signed: list[int]) -> Case:
    raw = note.encode(Note(text=text, lines=tuple(lines))).decode()
    return {"about": about, "entry": raw, "persons": signed}


def _invalid(persons: Sequence[Person], text: bytes) -> list[Case]:
    file, touch, curve = persons
    prefix = touch.credential.prefix(text)
    other = text.replace(b"time 1", b"time 2")
    wrong = {
        "one key twice": [touch.line(text), touch.line(text)],
        "an Ed25519 line over another text": [file.line(other)],
        "a challenge of another text": [touch.touch(text, client=touch.credential.prefix(other) + b"}")],
        "signed for another host": [touch.touch(text, rp="node.b.example")],
        "nobody was verified": [curve.touch(text, flags=PRESENT)],
        "another type of ceremony": [touch.touch(text, client=prefix.replace(b".get", b".create") + b"}")],
        "in a frame of another page": [curve.touch(text, client=prefix.replace(b"false", b"true") + b"}")],
        "space behind the four fields": [touch.touch(text, client=prefix + b" }")],
        "DER with a byte behind it": [touch.touch(text, signature=_der(touch, text) + b"\0")],
        "Ed25519 with another key's signature": [curve.touch(text, signature=bytes(64))],
    }
    return [
        {"about": about, "entry": note.encode(Note(text=text, lines=tuple(lines))).decode()}
        for about, lines in wrong.items()
    ]


def _der(person: Person, text: bytes) -> bytes:
    payload = person.line(text).payload
    # The last of three fields; the two before it have their lengths in front.
    for _ in range(2):
        payload = payload[2 + int.from_bytes(payload[:2]) :]
    return payload[2:]
