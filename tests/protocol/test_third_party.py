"""What others published about the formats that Parley takes from them."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from parley.protocol import note, tree
from parley.protocol.breach import BreachError
from tests.protocol.samples import SUITE

PLACE = Path(__file__).parent / "vectors" / "third_party"


def read(path: str) -> bytes:
    return (PLACE / path).read_bytes()


def test_exactly_43_of_the_914_edge_cases_of_ed25519_survive() -> None:
    vectors = json.loads(read("cctv/ed25519vectors.json"))

    taken = [
        vector
        for vector in vectors
        if SUITE.verify_ed25519(
            bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"]), vector["msg"].encode()
        )
    ]

    flags = {flag for vector in taken for flag in vector["flags"] or ()}
    assert (len(vectors), len(taken)) == (914, 43)
    assert flags == {"low_order_component_A", "low_order_component_R"}


def test_the_example_of_signed_note_verifies() -> None:
    key = note.parse_vkey(read("c2sp/note.vkey.txt").decode().strip())
    raw = read("c2sp/note.txt")

    signers = note.verified(note.parse(raw), (key,), SUITE)

    assert signers == (note.Verified(key=key, time=None),)
    assert note.encode(note.parse(raw)) == raw


def test_a_changed_example_does_not_verify() -> None:
    key = note.parse_vkey(read("c2sp/note.vkey.txt").decode().strip())
    changed = read("c2sp/note.txt").replace(b"an example", b"no example")

    with pytest.raises(BreachError, match="does not verify"):
        note.verified(note.parse(changed), (key,), SUITE)


@pytest.mark.parametrize("name", ["checkpoint", "cosigned-checkpoint"])
def test_the_examples_of_checkpoints_are_read_and_written_back(name: str) -> None:
    raw = read(f"c2sp/{name}.txt")

    parsed = note.parse(raw)

    origin, size, root = note.read_checkpoint(parsed.text)
    assert (origin, size) == ("example.com/behind-the-sofa", 20_852_163)
    assert root.hex().startswith("0ac5186a91863e8e1d90c8")
    assert note.encode(parsed) == raw


def test_the_message_of_an_0x04_line_is_the_one_of_tlog_cosignature() -> None:
    cosigned = note.parse(read("c2sp/cosigned-checkpoint.txt"))
    time = int.from_bytes(cosigned.lines[1].payload[:8], "big")

    message = note.cosignature_message(cosigned.text, time)

    assert message == read("c2sp/cosignature-message.txt")


def test_an_ml_dsa_line_of_another_implementation_verifies() -> None:
    key = note.parse_vkey(read("torchwood/mldsa-log.vkey.txt").decode().strip())
    raw = read("torchwood/mldsa-log.note.txt")

    signers = note.verified(note.parse(raw), (key,), SUITE)

    assert signers == (note.Verified(key=key, time=0),)
    assert key.algorithm is note.Algorithm.ML_DSA


def test_the_message_of_an_0x06_line_is_the_one_of_tlog_cosignature() -> None:
    text = note.parse(read("c2sp/checkpoint.txt")).text
    name, origin = b"witness.example/w1", b"example.com/behind-the-sofa"

    message = note.subtree_message(text, name=name.decode(), time=1_679_315_147)

    expected = b"subtree/v1\n\0" + bytes([len(name)]) + name + (1_679_315_147).to_bytes(8, "big")
    expected += bytes([len(origin)]) + origin + bytes(8) + (20_852_163).to_bytes(8, "big")
    assert message == expected + note.read_checkpoint(text)[2]


def test_the_roots_are_those_that_certificate_transparency_tests_with() -> None:
    entries = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    leaves = [tree.leaf_hash(bytes.fromhex(entry)) for entry in entries]

    assert [tree.root_of(leaves[: size + 1]).hex() for size in range(8)] == roots


@pytest.mark.parametrize("folder", sorted(path.name for path in PLACE.iterdir()))
def test_every_file_from_elsewhere_has_its_licence_and_its_hash(folder: str) -> None:
    source = (PLACE / folder / "SOURCE.md").read_text()

    hashes = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", source, re.MULTILINE))

    present = {path.name for path in (PLACE / folder).iterdir()} - {"SOURCE.md", "LICENSE"}
    assert (PLACE / folder / "LICENSE").stat().st_size > 0
    assert set(hashes) == present
    assert all(hashlib.sha256(read(f"{folder}/{name}")).hexdigest() == hashes[name] for name in present)
