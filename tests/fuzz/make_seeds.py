"""Writes into the corpus one real thing for each target, as an honest node makes it: where fuzzing begins.

    PYTHONPATH=src:. python -m tests.fuzz.make_seeds

To be run after a format changed; test_corpus.py says when a corpus has nothing left that its parser takes.
"""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from parley.ledger.asking import write_draft
from parley.ledger.drafts import Draft
from parley.ledger.offers import terms_between, write_offer
from parley.protocol import entry as entries
from parley.protocol import parcel, tree
from parley.protocol.carried import MAGIC, write_parcel
from parley.protocol.dialogue.clause import Text, write_clause
from parley.protocol.dialogue.release import Outcomes
from parley.protocol.head import Head, WriteKeys, sign_head
from parley.protocol.note import Algorithm, new_sign_key, sign
from parley.protocol.parcel import Have, Piece, Want
from parley.protocol.recovery import Ending, Purpose
from parley.protocol.revocation import Revocation
from parley.protocol.strictjson import JsonValue, write
from parley.protocol.webauthn import Credential, Curve
from parley.signer.wire import Attest, Find, Keep, frame
from parley.work.sock import write_frame
from tests.fuzz.targets import CORPUS, EMPTY, PRIVATE, SEED
from tests.two_nodes.pair import INQUIRY, LINK, MONDAY, SUITE, A, B, make_home, offer_of
from tests.two_nodes.toy import Toy
from tests.verify.book import Book, pack

TOY = Toy("seeds")
ORIGINS = ("a.example/live/a-b/main/5e0c9a71", "b.example/live/a-b/main/c3d21f08")


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield each target's name with bytes that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [make_home(Path(folder, node[0]), node, suite=TOY) for node in (A, B)]
        mine, theirs = (offer_of(home, suite=TOY) for home in homes)
        yield "config", homes[0].settings_file.read_bytes()
    yield "card", mine.card.card.text()
    yield "card-note", mine.note
    yield "offer", write_offer(note=mine.note, epoch=mine.epoch, names=mine.names, calendar=mine.calendar)
    yield "terms", terms_between(mine, theirs, world="live").encode()
    yield "calendar", write(dict(mine.calendar))
    yield from signed()
    yield from recent()
    yield from said()
    yield from brought()
    yield from listed()


def signed() -> Iterator[tuple[str, bytes]]:
    kinds = (Algorithm.ED25519, Algorithm.ML_DSA)
    ed25519, ml_dsa = (new_sign_key(ORIGINS[0], kind, SEED, suite=TOY) for kind in kinds)
    head = Head(origin=ORIGINS[0], size=3, root=tree.root_of([bytes(32)] * 3))
    noted = sign_head(head, WriteKeys(ed25519=ed25519, ml_dsa=ml_dsa), time=MONDAY, suite=TOY)
    yield "note", noted
    yield "vkey", ed25519.verify_key.text.encode()
    yield "head", head.text()
    yield "names", ORIGINS[0].encode()
    yield "frontier", tree.EMPTY.extend([bytes(32)] * 7).encode()
    seen = entries.Seen(origin=ORIGINS[1], size=3, root=bytes(32))
    part = entries.PartRef(hash=bytes(32), size=312)
    entry = entries.Entry(time=MONDAY, seen=(seen,), act=part, parts=(part,))
    yield "entry", entries.encode_text(entry)
    text = entries.encode_text(replace(entry, log=ORIGINS[0]))
    yield "entry", entries.encode_signed(text, (sign(text, ed25519, TOY),))
    piece = Piece(note=noted, start=2, entries=(b"x", text), keys=((bytes(32), SEED),), blobs=(b"blob",))
    have, want = Have(origin=ORIGINS[1], size=2), Want(hash=bytes(32), offset=16)
    full = dataclasses.replace(EMPTY, pieces=(piece,), receipts=(noted,), haves=(have,), wants=(want,))
    yield "frames", parcel.encode_frames(full) + b"Z" + bytes(4) + b"S" + bytes(4)
    yield (
        "parcel",
        parcel.seal_parcel(full, link_seed=SEED, seal_public=TOY.x_wing_public(PRIVATE), suite=TOY),
    )


def recent() -> Iterator[tuple[str, bytes]]:
    ending = Ending(origin=ORIGINS[0], size=3, root=SEED, epoch="0a1b2c3d")
    yield "recovery", ending.text(Purpose.RECOVER)
    yield "revocation", Revocation(origin=ORIGINS[0], size=3, card=SEED).text()
    credential = Credential(
        curve=Curve.ED25519, key=SUITE.ed25519_public(SEED), rp="a.example", origin="https://a.example"
    )
    yield "webauthn", credential.public
    yield "carried", MAGIC + write_parcel(b"PARLEY1\n") + write_parcel(b"x" * 40)
    for asked in (Find(origin=ORIGINS[0]), Keep(origin=ORIGINS[0], note=b"n"), Attest(text=b"t")):
        yield "signer", frame(asked)[4:]
    book = Book()
    book.write(A, "received", {})
    book.sign_both()
    yield "export", pack(book.members())


def said() -> Iterator[tuple[str, bytes]]:
    draft = Draft(id="one", link=LINK, kind="inquiry.sent", d=INQUIRY, body={"title": "x"}, ref="B-1")
    yield "act", draft.act()
    yield "strictjson", draft.act()
    yield "strictjson", '{"a":[1,-2,null,true,{"b":"甲\\u0041\\ud83d\\ude00"}],"c":9007199254740991}'.encode()
    yield "sock", write_frame({"ask": "append", "drafts": [write_draft(draft)]})


def brought() -> Iterator[tuple[str, bytes]]:
    sheet = b"url,bank,time\nhxxp://one[.]example/a,Bank One,2026-11-02 09:10 +08:00\n"
    yield "table", sheet
    yield "table", "网址;品牌;时间\nhttp://二.example/登录;甲银行;2026年11月2日 9点10分\n".encode("gb18030")
    yield "paste", "see hxxps://one[.]example/a and mail abuse@two.example, 2026-11-02T09:10Z 。".encode()
    head = b"POST /parley/v1/parcel HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\n"
    yield "http", head + b"Content-Length: 8\r\nPrefer: wait=5\r\n\r\nPARLEY1\n"
    yield "http", head + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def listed() -> Iterator[tuple[str, bytes]]:
    point: dict[str, JsonValue] = {
        "rung": "duty_desk",
        "level": "desk",
        "office": {"en": "Desk", "zh": "值班台"},
        "languages": ["en", "zh"],
        "hours": "office",
        "channels": [{"way": "phone", "address": "+00 1"}],
        "keys": ["9F2C"],
    }
    yield "contacts", write({"points": [point]})
    said: dict[str, JsonValue] = {"test": "human", "period": 2_967, "cause": "staffing"}
    said |= {"since": 1, "until": None}
    yield "act", Draft(id="two", link=LINK, kind="link.fault_declared", d=said).act()
    clause = Text(
        en="One third of 1,200 by 1 December 2026, 14:00 UTC, and 15 percent more in May.",
        zh="2026年12月1日14时前完成一千二百件的三分之一，5月再增加百分之十五。",
    )
    listed = Outcomes(nodes=(A, B), round=SEED, number=3, release=MONDAY, clauses=(clause,))
    yield "outcomes", listed.text()
    proposed: dict[str, JsonValue] = {"place": 1, "clause": write_clause(clause)}
    yield "act", Draft(id="three", link=LINK, kind="outcome.clause_proposed", re=SEED, d=proposed).act()


def main() -> None:
    for old in CORPUS.glob("*/seed-*.bin"):
        old.unlink()
    for number, (name, raw) in enumerate(seeds()):
        place = CORPUS / name
        place.mkdir(parents=True, exist_ok=True)
        (place / f"seed-{number}.bin").write_bytes(raw)


if __name__ == "__main__":
    main()
