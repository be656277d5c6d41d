"""The line of a person's authenticator, compared byte by byte. Spec §2.6; rules E2, E3."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from parley.protocol import note
from parley.protocol.breach import BreachError
from parley.protocol.note import Algorithm, parse_vkey
from parley.protocol.suite import is_p256_point, verify_es256
from parley.protocol.webauthn import TYPE, Credential, payload_of, read_credential
from tests.protocol.persons import PAGE, PRESENT, RP, VERIFIED, Person
from tests.protocol.samples import SUITE
from tests.protocol.world import A

TEXT = b"parley/v1\ntime 1\nlog x\nact y 1\n"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PERSONS = [Person(node=A, n=24, alg=alg, suite=SUITE) for alg in ("webauthn-es256", "webauthn-ed25519")]
each_person = pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.alg)


def holds(person: Person, line: note.Line, *, text: bytes = TEXT) -> bool:
    try:
        return bool(note.verified(note.Note(text=text, lines=(line,)), [person.verify_key], SUITE))
    except BreachError:
        return False


@each_person
def test_what_the_authenticator_signed_holds_for_that_text_and_no_other(person: Person) -> None:
    line = person.line(TEXT)

    assert holds(person, line)
    assert not holds(person, line, text=TEXT + b"part z 1\n")


@each_person
def test_the_key_id_is_made_of_the_type_and_of_all_that_the_key_is_bound_to(person: Person) -> None:
    public = (
        {"webauthn-es256": b"\x01", "webauthn-ed25519": b"\x02"}[person.alg]
        + person.bare_key
        + len(RP).to_bytes(2)
        + RP.encode()
        + len(PAGE).to_bytes(2)
        + PAGE.encode()
    )
    expected = hashlib.sha256(b"a.example/officer/24\n\xffparley/webauthn/1\n" + public).digest()[:4]

    assert (person.public, TYPE) == (public, b"\xffparley/webauthn/1\n")
    assert person.line(TEXT).key_id == expected


@each_person
@pytest.mark.parametrize("flags", [0x00, PRESENT, VERIFIED, 0xFF & ~PRESENT, 0xFF & ~VERIFIED])
def test_who_was_not_there_or_not_verified_signed_nothing(person: Person, flags: int) -> None:
    assert not holds(person, person.touch(TEXT, flags=flags))


@each_person
def test_other_flags_do_not_matter(person: Person) -> None:
    assert holds(person, person.touch(TEXT, flags=0xFF))


@each_person
@pytest.mark.parametrize("rp", ["a.example", "node.a.example.", "node.b.example"])
def test_a_signature_for_another_host_is_none(person: Person, rp: str) -> None:
    assert not holds(person, person.touch(TEXT, rp=rp))


def challenge(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=")


HONEST = b'{"type":"webauthn.get","challenge":"%s","origin":"%s","crossOrigin":false' % (
    challenge(TEXT),
    PAGE.encode(),
)


@each_person
@pytest.mark.parametrize("rest", [b"}", b',"other":1}', b',"topOrigin":"x"}', b", and no JSON at all"])
def test_what_stands_behind_the_four_fields_is_not_read(person: Person, rest: bytes) -> None:
    assert holds(person, person.touch(TEXT, client=HONEST + rest))


@each_person
@pytest.mark.parametrize(
    "client",
    [
        b"",
        HONEST,
        HONEST + b" }",
        HONEST + b"x}",
        b" " + HONEST + b"}",
        HONEST.replace(b"webauthn.get", b"webauthn.create") + b"}",
        HONEST.replace(challenge(TEXT), challenge(TEXT) + b"=") + b"}",
        HONEST.replace(challenge(TEXT), challenge(TEXT + b"x")) + b"}",
        HONEST.replace(b"https", b"http") + b"}",
        HONEST.replace(b"node.a", b"desk.a") + b"}",
        HONEST.replace(b"false", b"true") + b"}",
        HONEST.replace(b'","origin', b'", "origin') + b"}",
    ],
)
def test_what_the_browser_said_is_compared_byte_by_byte(person: Person, client: bytes) -> None:
    assert not holds(person, person.touch(TEXT, client=client))


@each_person
def test_another_key_signs_nothing_for_this_one(person: Person) -> None:
    other = Person(node=A, n=24, alg=person.alg, spare=" two", suite=SUITE)
    line = replace(other.line(TEXT), key_id=person.line(TEXT).key_id)

    assert not holds(person, line)


@each_person
@pytest.mark.parametrize("cut", [1, 2, 3, 64, 200])
def test_a_payload_that_is_cut_or_longer_does_not_hold(person: Person, cut: int) -> None:
    line = person.line(TEXT)

    assert not holds(person, replace(line, payload=line.payload[:-cut]))
    assert not holds(person, replace(line, payload=line.payload + bytes(cut)))


@each_person
def test_data_that_is_too_short_does_not_hold(person: Person) -> None:
    data = hashlib.sha256(RP.encode()).digest() + b"\x05"
    client = HONEST + b"}"
    message = data + hashlib.sha256(client).digest()
    line = person.line(TEXT)

    assert not holds(person, replace(line, payload=payload_of(data, client, person.sign(message))))


@given(raw=st.binary(max_size=300))
def test_no_payload_whatever_makes_a_reader_fail(raw: bytes) -> None:
    for person in PERSONS:
        assert not holds(person, replace(person.line(TEXT), payload=raw or b"x"))


@given(raw=st.binary(max_size=120))
def test_bytes_are_refused_or_are_what_the_credential_writes(raw: bytes) -> None:
    for start in (b"", b"\x02" + PERSONS[1].bare_key, PERSONS[0].public[:66]):
        try:
            credential = read_credential(start + raw)
        except BreachError:
            continue
        assert credential.public == start + raw


def test_a_vkey_of_this_type_is_none() -> None:
    with pytest.raises(BreachError, match=r"^§2[.]2"):
        parse_vkey(PERSONS[0].verify_key.text)


@pytest.mark.parametrize(
    ("rp", "origin"),
    [
        ("", PAGE),
        ("Node.a.example", PAGE),
        (".a.example", PAGE),
        ("a" * 254, PAGE),
        (RP, ""),
        (RP, "ftp://node.a.example"),
        (RP, 'https://node.a.example"'),
        (RP, "https://node.a.example/page"),
        (RP, "https://" + "a" * 248),
    ],
)
def test_a_host_or_page_that_cannot_be_one_is_refused(rp: str, origin: str) -> None:
    odd = Credential(curve=PERSONS[0].credential.curve, key=PERSONS[0].bare_key, rp=rp, origin=origin)

    with pytest.raises(BreachError, match=r"^§2[.]6"):
        read_credential(odd.public)


# ---- ECDSA in one form


def signature() -> tuple[bytes, bytes]:
    person = PERSONS[0]
    message = b"a message"
    return message, person.sign(message)


def der(*numbers: bytes) -> bytes:
    inner = b"".join(b"\x02" + bytes([len(number)]) + number for number in numbers)
    return b"\x30" + bytes([len(inner)]) + inner


def parts() -> tuple[bytes, bytes]:
    r, s = (number.to_bytes(33).lstrip(b"\0") for number in decode_dss_signature(signature()[1]))
    return tuple(b"\0" + each if each[0] > 127 else each for each in (r, s))  # type: ignore[return-value] # two


def test_the_signature_has_one_spelling() -> None:
    message, made = signature()
    key = PERSONS[0].bare_key
    r, s = parts()
    assert der(r, s) == made

    assert verify_es256(key, made, message)
    for other in (
        made + b"\0",
        made[:-1],
        der(b"\0" + r, s),
        der(r, b"\0" + s),
        b"\x30\x81" + made[1:],
        der(r, s, b"\x01"),
        der(b"\0", s),
        der(r, b"\0"),
        der(r, (P256_ORDER + int.from_bytes(s)).to_bytes(34).lstrip(b"\0")),
        b"",
        bytes(70),
    ):
        assert not verify_es256(key, other, message)


def test_a_point_is_uncompressed_and_on_the_curve() -> None:
    key = PERSONS[0].bare_key

    assert is_p256_point(key)
    for other in (
        b"",
        key[:-1],
        key + b"x",
        b"\x02" + key[1:33],
        b"\x06" + key[1:],
        key[:-1] + b"x",
        bytes(65),
    ):
        assert not is_p256_point(other)
        assert not verify_es256(other, *reversed(signature()))


def test_the_kinds_of_lines_have_the_types_of_the_specification() -> None:
    types = {algorithm: algorithm.type_bytes for algorithm in Algorithm}

    assert types == {
        Algorithm.ED25519: b"\x01",
        Algorithm.COSIGNATURE: b"\x04",
        Algorithm.ML_DSA: b"\x06",
        Algorithm.WEBAUTHN: TYPE,
    }
