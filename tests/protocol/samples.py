"""Two nodes with fixed keys, and one sample of everything they write to each other."""

import hashlib
from dataclasses import dataclass, replace

from msgspec import structs

from parley.protocol import note, tree
from parley.protocol.card import Card, receipt_keys, sign_card, write_keys
from parley.protocol.entry import Entry, PartRef, Seen, encode_text
from parley.protocol.head import Head, ReceiptKeys, WriteKeys, sign_head, sign_receipt
from parley.protocol.note import Algorithm, VerifyKey, new_sign_key
from parley.protocol.parcel import Have, Parcel, Piece, Want
from parley.protocol.part import seal_part
from parley.protocol.suite import Standard, Suite

A, B = "a.example", "b.example"
CHANNEL = "live/a-b/main"
LOG_A, LOG_B = f"{A}/{CHANNEL}/5e0c9a71", f"{B}/{CHANNEL}/c3d21f08"
NOON = 1_795_000_000
ROOT = hashlib.sha256(b"a root").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The private keys of a node, all derived from its name."""

    node: str

    def seed(self, use: str) -> bytes:
        return hashlib.sha256(f"{self.node} {use}".encode()).digest()

    @property
    def x_wing(self) -> bytes:
        return self.seed("seal 1") + self.seed("seal 2") + self.seed("seal 3")

    @property
    def roots(self) -> tuple[bytes, ...]:
        return tuple(self.seed(f"root {person}") for person in (1, 2, 3))

    def write(self, origin: str, suite: Suite) -> WriteKeys:
        return WriteKeys(
            ed25519=new_sign_key(origin, Algorithm.ED25519, self.seed("write ed25519"), suite=suite),
            ml_dsa=new_sign_key(origin, Algorithm.ML_DSA, self.seed("write ml-dsa"), suite=suite),
        )

    def receipt(self, suite: Suite) -> ReceiptKeys:
        name = f"{self.node}/receipt"
        return ReceiptKeys(
            ed25519=new_sign_key(name, Algorithm.COSIGNATURE, self.seed("receipt ed25519"), suite=suite),
            ml_dsa=new_sign_key(name, Algorithm.ML_DSA, self.seed("receipt ml-dsa"), suite=suite),
        )

    def card(self, suite: Suite) -> Card:
        return Card(
            node=self.node,
            serial=1,
            prev=None,
            write_ed25519=suite.ed25519_public(self.seed("write ed25519")),
            write_ml_dsa=suite.ml_dsa_public(self.seed("write ml-dsa")),
            receipt_ed25519=suite.ed25519_public(self.seed("receipt ed25519")),
            receipt_ml_dsa=suite.ml_dsa_public(self.seed("receipt ml-dsa")),
            seal_x_wing=suite.x_wing_public(self.x_wing),
            link_ed25519=suite.ed25519_public(self.seed("link")),
            tls_sha256=self.seed("tls"),
            url=f"https://node.{self.node}/parley/v1",
            threshold=2,
            roots=tuple(suite.ed25519_public(root) for root in self.roots),
        )


SUITE = Standard()
KEYS_A, KEYS_B = Keys(node=A), Keys(node=B)
CARD_A, CARD_B = KEYS_A.card(SUITE), KEYS_B.card(SUITE)


def card_note(keys: Keys = KEYS_A, suite: Suite = SUITE) -> bytes:
    return sign_card(keys.card(suite), keys.roots[:2], suite=suite)


def next_card(old: Card, **changes: object) -> Card:
    digest = hashlib.sha256(old.text()).digest()
    return replace(old, serial=old.serial + 1, prev=digest, **changes)  # type: ignore[arg-type] # any field


def sample_head(size: int = 20, *, root: bytes = ROOT) -> Head:
    return Head(origin=LOG_A, size=size, root=root)


def head_note(head: Head | None = None, *, time: int = NOON, suite: Suite = SUITE) -> bytes:
    return sign_head(head or sample_head(), KEYS_A.write(LOG_A, suite), time=time, suite=suite)


def receipt_note(head: Head | None = None, *, time: int = NOON + 3, suite: Suite = SUITE) -> bytes:
    return sign_receipt(head or sample_head(), KEYS_B.receipt(suite), time=time, suite=suite)


def writers_of_a() -> dict[str, VerifyKey]:
    ed25519, ml_dsa = write_keys(CARD_A, LOG_A)
    return {"ed25519": ed25519, "ml_dsa": ml_dsa}


def receipters_of_b() -> dict[str, VerifyKey]:
    ed25519, ml_dsa = receipt_keys(CARD_B)
    return {"ed25519": ed25519, "ml_dsa": ml_dsa}


def plain_entry() -> Entry:
    return Entry(
        time=NOON,
        seen=(Seen(origin=LOG_B, size=3, root=ROOT),),
        act=PartRef(hash=hashlib.sha256(b"an act").digest(), size=312),
        parts=(PartRef(hash=hashlib.sha256(b"a body").digest(), size=40_104),),
    )


def signed_entry_note(suite: Suite = SUITE) -> note.Note:
    text = encode_text(structs.replace(plain_entry(), log=LOG_A))
    keys = (
        new_sign_key(f"{A}/root/{person}", Algorithm.ED25519, KEYS_A.roots[person - 1], suite=suite)
        for person in (1, 2)
    )
    return note.Note(text=text, lines=tuple(note.sign(text, key, suite) for key in keys))


def sample_parcel(suite: Suite = SUITE) -> Parcel:
    act = seal_part(b'{"k":"received"}', scope=LOG_A, suite=suite)
    body = seal_part(b"{}", scope=LOG_A, suite=suite)
    entries = (
        encode_text(Entry(time=NOON, act=PartRef(hash=act.hash, size=act.size))),
        encode_text(
            Entry(
                time=NOON + 1,
                act=PartRef(hash=act.hash, size=act.size),
                parts=(PartRef(hash=body.hash, size=body.size),),
            )
        ),
    )
    head = sample_head(2, root=tree.root_of(tree.leaf_hash(entry) for entry in entries))
    piece = Piece(
        note=head_note(head, suite=suite),
        start=0,
        entries=entries,
        keys=((act.hash, act.key), (body.hash, bytes(32))),
        blobs=(act.ciphertext, body.ciphertext),
    )
    return Parcel(
        sender=A,
        receiver=B,
        channel=CHANNEL,
        pieces=(piece,),
        haves=(Have(origin=LOG_B, size=3),),
        wants=(Want(hash=body.hash, offset=0),),
    )
