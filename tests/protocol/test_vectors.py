"""Each vector of `docs/protocol/vectors/`, read by the code that claims to follow them."""

import base64
import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from parley.protocol import (
    card,
    entry,
    head,
    names,
    note,
    padding,
    parcel,
    part,
    revocation,
    strictjson,
    tree,
)
from parley.protocol.breach import BreachError
from parley.protocol.presence import counted, read_presence
from tests.protocol import make_vectors
from tests.protocol.recorded import Recorded
from tests.protocol.samples import LOG_A, SUITE

Case: TypeAlias = dict[str, Any]


def load(name: str) -> Case:
    read: Case = json.loads((make_vectors.PLACE / f"{name}.json").read_text(encoding="utf-8"))
    return read


def cases(name: str, key: str) -> list[Any]:
    found = load(name)[key]
    return [pytest.param(case, id=case.get("about", str(at))) for at, case in enumerate(found)]


def raw_of(name: str, case: Case, field: str) -> bytes:
    """Return the bytes of an invalid case: its own, or a valid case with one text replaced."""
    if "replace" not in case:
        return str(case[field]).encode()
    old, new = case["replace"]
    text: str = load(name)["valid"][case["of"]][field]
    assert old in text
    return text.replace(old, new, 1).encode()


def refused(paragraph: str) -> pytest.RaisesExc[BreachError]:
    return pytest.raises(BreachError, match=f"^§{paragraph}: ")


def test_the_files_are_what_the_script_writes() -> None:
    written = make_vectors.texts(Recorded())

    for name, text in written.items():
        assert (make_vectors.PLACE / name).read_text(encoding="utf-8") == text, name
    # `fold-*.json` and the like are written by others.
    assert {f"{name}.json" for name in make_vectors.BUILDERS} == set(written)


def test_the_tree_vectors_hold() -> None:
    vectors = load("tree")
    leaves = [tree.leaf_hash(bytes.fromhex(each)) for each in vectors["entries"]]
    new = (len(leaves), tree.root_of(leaves))

    for case in vectors["valid"]:
        size, root = case["size"], bytes.fromhex(case["root"])
        frontier = tree.Frontier.decode(bytes.fromhex(case["frontier"]))
        assert (frontier.size, frontier.root()) == (size, root)
        assert frontier.extend(leaves[size:]).root() == new[1]
        for at, steps in enumerate(case["inclusion"]):
            proof = [bytes.fromhex(step) for step in steps]
            assert tree.verify_inclusion(leaves[at], index=at, size=size, proof=proof, root=root)
        for old, steps in enumerate(case["consistency"]):
            proof = [bytes.fromhex(step) for step in steps]
            assert tree.verify_consistency((old, tree.root_of(leaves[:old])), (size, root), proof)


@pytest.mark.parametrize("case", cases("tree", "invalid"))
def test_a_broken_frontier_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        tree.Frontier.decode(bytes.fromhex(case["frontier"]))


CHECKS = {"node": names.check_node, "channel": names.check_channel, "origin": names.check_origin}


@pytest.mark.parametrize("kind", CHECKS)
def test_names_are_taken_and_refused(kind: str) -> None:
    vectors = load("names")

    for text in vectors["valid"][kind]:
        CHECKS[kind](text)

    for text in vectors["invalid"][kind]:
        with refused("3.1"):
            CHECKS[kind](text)


@pytest.mark.parametrize("case", cases("entry", "valid"))
def test_an_entry_is_read(case: Case) -> None:
    parsed = entry.parse(case["raw"].encode())

    value = parsed.entry
    assert [value.time, value.log] == [case["time"], case["log"]]
    assert [[each.origin, each.size, each.root.hex()] for each in value.seen] == case["seen"]
    assert [value.act.hash.hex(), value.act.size] == case["act"]
    assert [[each.hash.hex(), each.size] for each in value.parts] == case["parts"]
    assert entry.encode_text(value) == parsed.text
    assert entry.encode_signed(parsed.text, parsed.lines) == case["raw"].encode()
    assert tree.leaf_hash(case["raw"].encode()).hex() == case["leaf"]


@pytest.mark.parametrize("case", cases("entry", "invalid"))
def test_a_broken_entry_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        entry.parse(raw_of("entry", case, "raw"))


def signers_of(raw: bytes) -> list[list[Any]]:
    keys = [note.parse_vkey(text) for text in load("note")["valid"][0]["vkeys"]]
    return [[signer.key.name, signer.time] for signer in note.verified(note.parse(raw), keys, SUITE)]


@pytest.mark.parametrize("case", cases("note", "valid"))
def test_a_note_is_read_and_verified(case: Case) -> None:
    raw = case["note"].encode()

    read = note.parse(raw)

    assert (read.text, len(read.lines)) == (case["text"].encode(), case["lines"])
    assert note.encode(read) == raw
    assert signers_of(raw) == case["signers"]


@pytest.mark.parametrize("case", cases("note", "invalid"))
def test_a_broken_note_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        signers_of(raw_of("note", case, "note"))


@pytest.mark.parametrize("case", cases("cosignature", "valid"))
def test_the_signed_message_has_these_bytes(case: Case) -> None:
    vectors = load("cosignature")
    text, time = vectors["head"].encode(), vectors["time"]

    key = note.parse_vkey(case["vkey"])

    assert (key.name, key.key_id.hex()) == (case["name"], case["key_id"])
    assert (f"0x{key.algorithm.value:02x}", key.public) == (case["type"], base64.b64decode(case["public"]))
    messages = {
        note.Algorithm.ED25519: text,
        note.Algorithm.COSIGNATURE: note.cosignature_message(text, time),
        note.Algorithm.ML_DSA: note.subtree_message(text, name=key.name, time=time),
    }
    assert messages[key.algorithm].hex() == case["message"]


def persons_of(case: Case) -> list[int]:
    """Return who signed an entry, of the persons of the file."""
    algorithms = {"ed25519": note.Algorithm.ED25519}
    keys = {
        note.VerifyKey(
            name=each["name"],
            algorithm=algorithms.get(each["alg"], note.Algorithm.WEBAUTHN),
            public=base64.b64decode(each["public"]),
        ): each
        for each in load("officer")["keys"]
    }
    assert [key.key_id.hex() for key in keys] == [each["key_id"] for each in keys.values()]
    parsed = entry.parse(case["entry"].encode())
    signed = note.verified(note.Note(text=parsed.text, lines=parsed.lines), keys, SUITE)
    return [keys[each.key]["n"] for each in signed]


@pytest.mark.parametrize("case", cases("officer", "valid"))
def test_lines_of_persons_hold(case: Case) -> None:
    assert persons_of(case) == case["persons"]


@pytest.mark.parametrize("case", cases("officer", "invalid"))
def test_lines_of_persons_that_do_not_hold_are_refused(case: Case) -> None:
    with refused("2.5"):
        persons_of(case)


def keys_of_heads(use: str) -> dict[str, note.VerifyKey]:
    ed25519, ml_dsa = (note.parse_vkey(text) for text in load("head")["keys"][use])
    return {"ed25519": ed25519, "ml_dsa": ml_dsa}


@pytest.mark.parametrize("case", cases("head", "valid"))
def test_a_head_and_its_receipt_are_read_from_one_note(case: Case) -> None:
    raw = case["note"].encode()

    signed = head.read_head(raw, **keys_of_heads("write"), suite=SUITE)
    receipt = head.read_receipt(raw, **keys_of_heads("receipt"), suite=SUITE)

    expected = head.Head(origin=case["origin"], size=case["size"], root=bytes.fromhex(case["root"]))
    assert signed == head.SignedHead(head=expected, signed_at=case["signed_at"])
    assert receipt == head.Receipt(head=expected, received_at=case["received_at"])


@pytest.mark.parametrize("case", cases("head", "invalid_head"))
def test_a_broken_head_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        head.read_head(raw_of("head", case, "note"), **keys_of_heads("write"), suite=SUITE)


@pytest.mark.parametrize("case", cases("head", "invalid_receipt"))
def test_a_broken_receipt_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        head.read_receipt(raw_of("head", case, "note"), **keys_of_heads("receipt"), suite=SUITE)


@pytest.mark.parametrize("case", cases("card", "valid"))
def test_a_card_is_read_and_gives_the_digits(case: Case) -> None:
    raw = case["note"].encode()
    partner = bytes.fromhex(load("card")["partner_hash"])

    signed = card.parse(raw)

    digest = card.card_hash(signed.card)
    assert note.encode(signed.note) == raw
    assert signed.card.text() == signed.note.text
    assert digest.hex() == case["hash"]
    assert card.digits(digest, partner) == card.digits(partner, digest) == tuple(case["digits"])
    assert [key.text for key in card.write_keys(signed.card, LOG_A)] == case["write_vkeys"]
    assert [root.hex() for root in signed.card.roots] == case["roots"]
    assert signed.card.threshold == case["threshold"]


def test_the_second_card_replaces_the_first() -> None:
    first, second = (card.parse(case["note"].encode()) for case in load("card")["valid"])

    card.check_first(first, suite=SUITE)
    card.check_next(first.card, second, suite=SUITE)

    with refused("3.4"):
        card.check_next(second.card, first, suite=SUITE)


@pytest.mark.parametrize("case", cases("card", "invalid"))
def test_a_broken_card_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        card.parse(raw_of("card", case, "note"))


def test_a_card_below_a_threshold_is_refused() -> None:
    vectors = load("card")
    old = card.parse(vectors["valid"][0]["note"].encode()).card

    for case in vectors["invalid_first"]:
        with refused(case["paragraph"]):
            card.check_first(card.parse(case["note"].encode()), suite=SUITE)
    for case in vectors["invalid_next"]:
        with refused(case["paragraph"]):
            card.check_next(old, card.parse(case["note"].encode()), suite=SUITE)


def test_a_promise_is_kept_by_a_threshold_and_broken_by_all() -> None:
    told = {name: card.parse(note.encode()) for name, note in load("card")["promised"].items()}
    old = told["old"].card

    card.check_next(old, told["kept"], suite=SUITE)
    card.check_next(old, told["broken_by_all"], suite=SUITE)
    with refused("3.4"):
        card.check_next(old, told["broken"], suite=SUITE)


def revoked(case: Case) -> revocation.Revocation:
    raw = raw_of("revocation", case, "note")
    newest = card.parse_text(load("revocation")["card"].encode())
    return revocation.read_revocation(raw, newest, countersigned=case["countersigned"], suite=SUITE)


@pytest.mark.parametrize("case", cases("revocation", "valid"))
def test_a_revocation_is_read(case: Case) -> None:
    value = revoked(case)

    assert [value.origin, value.size, value.card.hex()] == [case["origin"], case["size"], case["card_hash"]]


@pytest.mark.parametrize("case", cases("revocation", "invalid"))
def test_a_broken_revocation_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        revoked(case)


@pytest.mark.parametrize("case", cases("part", "valid"))
def test_a_part_opens(case: Case) -> None:
    plain = base64.b64decode(case["plaintext"]) if "plaintext" in case else bytes(case["zero_bytes"])
    ciphertext, key = base64.b64decode(case["ciphertext"]), bytes.fromhex(case["key"])

    opened = part.open_part(ciphertext, key=key, scope=case["scope"], suite=SUITE)

    assert opened == plain
    assert part.context(case["scope"]).hex() == case["context"]
    assert len(ciphertext) == case["size"] == len(plain) + part.overhead(len(plain))


@pytest.mark.parametrize("case", cases("part", "invalid"))
def test_a_wrong_part_does_not_open(case: Case) -> None:
    ciphertext, key = base64.b64decode(case["ciphertext"]), bytes.fromhex(case["key"])

    with pytest.raises(part.PartError):
        part.open_part(ciphertext, key=key, scope=case["scope"], suite=SUITE)


def open_vector(sealed: str) -> parcel.Parcel:
    vectors = load("parcel")
    return parcel.open_parcel(
        base64.b64decode(sealed),
        **{name: vectors[name] for name in ("sender", "receiver", "channel")},
        link_public=bytes.fromhex(vectors["link_public"]),
        seal_private=base64.b64decode(vectors["seal_private"]),
        suite=SUITE,
    )


@pytest.mark.parametrize("case", cases("parcel", "valid"))
def test_a_parcel_opens_and_says_this(case: Case) -> None:
    opened = open_vector(case["sealed"])

    assert parcel.tag_of(base64.b64decode(case["sealed"])).hex() == load("parcel")["tag"]
    assert [each.decode() for each in opened.cards] == case["cards"]
    assert [each.decode() for each in opened.receipts] == case["receipts"]
    assert [[have.origin, have.size] for have in opened.haves] == case["haves"]
    assert [[want.hash.hex(), want.offset] for want in opened.wants] == case["wants"]
    stretches = [
        [each.hash.hex(), each.offset, base64.b64encode(each.content).decode()] for each in opened.stretches
    ]
    assert stretches == case["stretches"]
    assert [piece.note.decode() for piece in opened.pieces] == [each["note"] for each in case["pieces"]]
    for piece, expected in zip(opened.pieces, case["pieces"], strict=True):
        assert [each.decode() for each in piece.entries] == expected["entries"]
        assert [[digest.hex(), key.hex()] for digest, key in piece.keys] == expected["keys"]
        assert [base64.b64encode(blob).decode() for blob in piece.blobs] == expected["blobs"]


@pytest.mark.parametrize("case", cases("parcel", "invalid"))
def test_a_parcel_that_is_not_from_the_sender_is_refused(case: Case) -> None:
    with refused(case["paragraph"]):
        open_vector(case["sealed"])


@pytest.mark.parametrize("case", cases("parcel", "invalid_frames"))
def test_broken_frames_are_refused(case: Case) -> None:
    vectors = load("parcel")
    empty = parcel.Parcel(**{name: vectors[name] for name in ("sender", "receiver", "channel")})

    with refused(case["paragraph"]):
        parcel.decode_frames(base64.b64decode(case["frames"]), empty)


def test_a_parcel_is_padded_to_these_sizes() -> None:
    for size, expected in load("parcel")["padded"]:
        assert padding.padded(size) == expected


def test_the_word_of_a_desk_is_read_and_holds_as_the_vectors_say() -> None:
    told = load("presence")

    for each in told["bodies"]:
        assert read_presence(bytes.fromhex(each["hex"])) == each["minute"]
    for body in told["refuse"]:
        with pytest.raises(BreachError):
            read_presence(bytes.fromhex(body))
    for each in told["heard"]:
        assert counted(each["minute"], newest=each["newest"], now=each["now"]) == each["until"]


@pytest.mark.parametrize("case", load("strictjson")["accept"])
def test_strict_json_is_read(case: Case) -> None:
    raw = case["text"].encode()

    assert strictjson.read(raw) == json.loads(raw)


@pytest.mark.parametrize("case", cases("strictjson", "refuse"))
def test_other_json_is_refused(case: Case) -> None:
    raw = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()

    with refused("6.1"):
        strictjson.read(raw)


def test_every_file_here_has_a_reader() -> None:
    text = Path(__file__).read_text(encoding="utf-8")

    # "exports" are read by tests/verify/test_vectors.py, "recovery" by test_recovery_vectors.py.
    assert [name for name in make_vectors.BUILDERS if f'"{name}"' not in text] == []
