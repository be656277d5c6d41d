"""The seal on a list of outcomes: by the receipt keys, at its release or later, and on nothing else."""

import pytest

from parley.protocol import note as notes
from parley.protocol.dialogue.release import Seal, read_seal
from parley.signer.desk import RefusedToSignError, SigningDesk
from tests.signer.desks import KEYS, NOON, SUITE, MemoryFile, begun

SEAL = Seal(link="live/a-b", release=NOON, digest=bytes(range(32)))
SET = KEYS.public(SUITE).write_ed25519


@pytest.fixture(name="desk")
def fixture_desk() -> SigningDesk:
    return begun(MemoryFile())


def test_a_seal_bears_both_receipt_lines_at_one_time(desk: SigningDesk) -> None:
    raw = desk.seal(SEAL.text(), keys=SET, time=NOON + 1)

    signed = notes.parse(raw)
    keys = KEYS.receipt_keys(SUITE)
    verified = notes.verified(signed, [keys.ed25519.verify_key, keys.ml_dsa.verify_key], SUITE)
    assert read_seal(signed.text) == SEAL
    assert [line.time for line in verified] == [NOON + 1] * 2


@pytest.mark.parametrize(
    ("text", "time", "code"),
    [
        (SEAL.text(), NOON - 1, "too-early"),
        (SEAL.text(), 0, "bad-request"),
        (SEAL.text() + b"more\n", NOON, "bad-text"),
        (SEAL.text().replace(b"parley-release", b"a.example"), NOON, "bad-text"),
        (SEAL.text().replace(b"live", b"demo"), NOON, "foreign-log"),
        (b"x" * 100_000, NOON, "bad-text"),
    ],
)
def test_nothing_else_is_sealed_and_nothing_before_its_release(
    desk: SigningDesk, text: bytes, time: int, code: str
) -> None:
    with pytest.raises(RefusedToSignError) as caught:
        desk.seal(text, keys=SET, time=time)

    assert caught.value.code == code


def test_a_set_of_keys_that_is_not_here_seals_nothing(desk: SigningDesk) -> None:
    with pytest.raises(RefusedToSignError, match="unknown-keys"):
        desk.seal(SEAL.text(), keys=bytes(32), time=NOON)
