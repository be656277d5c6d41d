"""Officers with keys of every type, who sign entries as a node or an authenticator would.

    desk = Person(node=A, n=21)                             an Ed25519 key in a file
    head = Person(node=A, n=22, alg="webauthn-es256")        an authenticator
    enrol(world.a, desk, roles=("desk",))
    world.a.words(Wording(kind=…, log=…, more=(desk.line, head.line)), d)

Keys are derived from names. ECDSA is asked to throw no dice, so that vectors stay the same.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from parley.protocol import note
from parley.protocol.notation import write_base64
from parley.protocol.note import Algorithm, SignKey, VerifyKey
from parley.protocol.officers import officer_name
from parley.protocol.strictjson import JsonSource, read, write
from parley.protocol.suite import Suite
from parley.protocol.webauthn import Credential, Curve, payload_of
from tests.protocol.toy import TOY
from tests.protocol.world import START, Pen, Statement, Wording, seed_of, usual_terms

RP: Final = "node.a.example"
PAGE: Final = f"https://{RP}"
PRESENT: Final = 0x01
VERIFIED: Final = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Person `n` of `node` with one key; `spare` makes it another key of the same person."""

    node: str
    n: int
    alg: str = "ed25519"
    spare: str = ""
    suite: Suite = TOY

    @property
    def seed(self) -> bytes:
        return seed_of(self.node, f"officer {self.n} {self.alg}{self.spare}")

    @property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.seed) >> 1, ec.SECP256R1())

    @property
    def bare_key(self) -> bytes:
        if self.alg != "webauthn-es256":
            return self.suite.ed25519_public(self.seed)
        return self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @property
    def credential(self) -> Credential:
        curve = Curve.ES256 if self.alg == "webauthn-es256" else Curve.ED25519
        return Credential(curve=curve, key=self.bare_key, rp=RP, origin=PAGE)

    @property
    def public(self) -> bytes:
        return self.bare_key if self.alg == "ed25519" else self.credential.public

    @property
    def verify_key(self) -> VerifyKey:
        algorithm = Algorithm.ED25519 if self.alg == "ed25519" else Algorithm.WEBAUTHN
        return VerifyKey(name=officer_name(self.node, self.n), algorithm=algorithm, public=self.public)

    def line(self, text: bytes) -> note.Line:
        """Return the signature over the text of an entry."""
        if self.alg != "ed25519":
            return self.touch(text)
        key = self.verify_key
        signing = SignKey(name=key.name, algorithm=key.algorithm, seed=self.seed, public=key.public)
        return note.sign(text, signing, self.suite)

    def touch(
        self,
        text: bytes,
        *,
        client: bytes | None = None,
        rp: str = RP,
        flags: int = PRESENT | VERIFIED,
        signature: bytes | None = None,
    ) -> note.Line:
        """Return what an authenticator signs, honestly unless it is told otherwise."""
        said = self.credential.prefix(text) + b"}" if client is None else client
        data = hashlib.sha256(rp.encode()).digest() + bytes([flags]) + bytes(4)
        message = data + hashlib.sha256(said).digest()
        if signature is None:
            signature = self.sign(message)
        key = self.verify_key
        return note.Line(name=key.name, key_id=key.key_id, payload=payload_of(data, said, signature))

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over what an authenticator signs."""
        if self.alg != "webauthn-es256":
            return self.suite.sign_ed25519(self.seed, message)
        return self._private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def enrolment(
        self, *, roles: tuple[str, ...] = ("desk",), since: int = START, until: int | None = None
    ) -> dict[str, JsonSource]:
        """Return the `d` of `officer.enrolled`."""
        key = write_base64(self.public)
        return {"n": self.n, "alg": self.alg, "key": key, "roles": roles, "since": since, "until": until}


def enrol(pen: Pen, person: Person, *, roots: tuple[int, ...] = (1, 2), **more: JsonSource) -> Statement:
    """Write that `person` may sign for the side."""
    wording = Wording(kind="officer.enrolled", log=pen.side.origin, roots=roots)
    return pen.words(wording, {**person.enrolment(), **more})


def end(pen: Pen, n: int, *, at: int, roots: tuple[int, ...] = (1, 2)) -> Statement:
    """Write that person `n` signs no more."""
    wording = Wording(kind="officer.ended", log=pen.side.origin, roots=roots)
    return pen.words(wording, {"n": n, "at": at})


def foreign_line(text: bytes) -> note.Line:
    """Return a line of a national algorithm that nobody here knows, with a payload of its size."""
    payload = hashlib.shake_256(b"sm2" + text).digest(71)
    return note.Line(name="a.example/officer/21", key_id=b"\x5e\x02\x00\x01", payload=payload)


def asking_for(persons: Mapping[str, int], **roles: tuple[str, ...]) -> str:
    """Return the usual terms, but asking for other persons; roles by the last word of a kind."""
    value = read(usual_terms().encode())
    asked: dict[str, JsonSource] = {f"inquiry.{word}": list(codes) for word, codes in roles.items()}
    return write({**value, "persons": dict(persons), "roles": asked}).decode()
