"""A checker that is not ours: Go's sumdb takes our proofs and tiles, and refuses what was tampered with."""

import asyncio
import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from parley.gates.peer.listener import Listener
from parley.gates.peer.news import News
from parley.gates.peer.tiles import TileDoor
from parley.ledger.export import kept_receipts
from parley.ledger.proof import Proof, prove
from parley.protocol.card import write_keys
from tests.gates.peer.fakes import HOST, FakeLedger
from tests.gates.peer.test_tiles import prefix
from tests.house.tree import ROOT
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.rotating import rotate

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

SOURCE: Final = ROOT / "tests/system/sumdb/main.go"
GOPATH: Final = Path("/usr/share/gocode")
PACKAGES: Final = "golang-go golang-golang-x-mod-dev"
SAID: Final = 600


@pytest.fixture(name="go", scope="module")
def fixture_go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker, made from Debian's own source of the library."""
    compiler = shutil.which("go")
    if compiler is None or not (GOPATH / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.fail(f"Go's sumdb is missing: sudo apt-get install {PACKAGES}")
    folder = tmp_path_factory.mktemp("go")
    target = folder / "sumdb"
    env = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
    }
    subprocess.run([compiler, "build", "-o", target, SOURCE], env=env, check=True, capture_output=True)
    return target


@pytest.fixture(name="pair", scope="module")
def fixture_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(tmp_path_factory.mktemp("pair"))
    pair.ledgers[A].append([pair.draft("inquiry.sent", INQUIRY) for _ in range(SAID)])
    pair.settle()
    yield pair
    pair.stop()


def vkey(pair: Pair, node: str) -> str:
    with pair.reader(A) as reader:
        row = reader.link(LINK)
    assert row is not None
    origin = row.my_origin if node == A else row.peer_origin
    return write_keys(pair.offer(node).card.card, origin)[0].text


def proof_of(pair: Pair, node: str, index: int) -> Proof:
    receipts = kept_receipts(pair.ledgers[A]._desk)  # noqa: SLF001 - a test may look behind a door
    with pair.reader(A) as reader:
        return prove(reader, LINK, node=node, index=index, receipts=receipts)


def run(go: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([go, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("node", "index"), [(A, 0), (A, 1), (A, 255), (A, 256), (A, SAID), (B, 0), (B, 1)])
def test_go_accepts_the_proof_of_one_statement(
    go: Path, pair: Pair, tmp_path: Path, node: str, index: int
) -> None:
    proof = proof_of(pair, node, index)
    (tmp_path / "entry").write_bytes(proof.entry)
    (tmp_path / "proof").write_bytes(proof.proof)

    done = run(go, "proof", vkey(pair, node), str(tmp_path / "entry"), str(tmp_path / "proof"))

    assert (done.returncode, done.stdout) == (0, f"size {proof.size}\n")


def test_go_refuses_another_statement_key_or_path(go: Path, pair: Pair, tmp_path: Path) -> None:
    proof, other = proof_of(pair, A, 7), proof_of(pair, A, 8)
    hashes = proof.proof.split(b"\n")
    hashes[2] = base64.b64encode(bytes(32))
    tampered = {
        "entry": (other.entry, proof.proof, A),
        "index": (proof.entry, other.proof, A),
        "hash": (proof.entry, b"\n".join(hashes), A),
        "key": (proof.entry, proof.proof, B),
        "size": (proof.entry, proof.proof.replace(f"\n{proof.size}\n".encode(), b"\n600\n"), A),
    }

    for what, (entry, text, node) in tampered.items():
        (tmp_path / "entry").write_bytes(entry)
        (tmp_path / "proof").write_bytes(text)
        done = run(go, "proof", vkey(pair, node), str(tmp_path / "entry"), str(tmp_path / "proof"))
        assert done.returncode == 1, what


def test_go_accepts_what_was_said_under_new_keys_and_in_a_log_that_continues_another(
    go: Path, tmp_path: Path
) -> None:
    """The policy names the keys; a log that continues another counts its entries from 0 again."""
    pair = Pair(tmp_path)
    copies = Copies(pair=pair, folder=tmp_path / "copies")
    old = copies.keep(A)
    pair.sends(title="never left the house")
    copies.restore(A, old)
    pair.settle()
    rotate(pair, A)
    said = pair.sends(title="under new keys")
    pair.settle()

    proof = proof_of(pair, A, said.index)
    (tmp_path / "entry").write_bytes(proof.entry)
    (tmp_path / "proof").write_bytes(proof.proof)
    key = proof.policy.decode().split()[1]
    done = run(go, "proof", key, str(tmp_path / "entry"), str(tmp_path / "proof"))
    pair.stop()

    assert (done.returncode, done.stdout) == (0, f"size {proof.size}\n")
    assert proof.index < said.index


@pytest.mark.parametrize(("node", "index"), [(A, 0), (A, 300), (A, SAID), (B, 1)])
def test_go_reads_the_tiles_and_finds_the_statement(
    go: Path, pair: Pair, tmp_path: Path, node: str, index: int
) -> None:
    (tmp_path / "entry").write_bytes(proof_of(pair, node, index).entry)
    at = prefix(pair, of=node)

    def asked(words: tuple[str, ...]) -> list[int]:
        async def scene() -> list[int]:
            with ThreadPoolExecutor(4) as threads:
                door = TileDoor(pair.homes[A], threads=threads)
                listener = Listener(FakeLedger(), news=News(), threads=threads, tiles=door)
                port = await listener.start(HOST, 0)
                url = f"http://{HOST}:{port}/parley/v1/log/{at}"
                try:
                    right = await asyncio.to_thread(run, go, "tiles", words[0], url, words[1], words[2])
                    wrong = await asyncio.to_thread(
                        run, go, "tiles", words[0], url, str(int(words[1]) ^ 1), words[2]
                    )
                    return [right.returncode, wrong.returncode]
                finally:
                    await listener.stop()

        return asyncio.run(scene())

    assert asked((vkey(pair, node), str(index), str(tmp_path / "entry"))) == [0, 1]
