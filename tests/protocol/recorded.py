"""The real suite with remembered dice, so that vectors come out the same every time.

ML-DSA signatures, seals and parts hold randomness that no seed reaches. Whatever the real
suite made for an input is kept in `vectors/recorded.json` and given again; to make it anew,
delete that file and run `make_vectors.py`.
"""

import base64
import hashlib
import json
from pathlib import Path

from parley.protocol.suite import Standard

PLACE = Path(__file__).parent / "vectors" / "recorded.json"


class Recorded(Standard):
    """`Standard`, but what was once thrown falls the same way again."""

    def __init__(self) -> None:
        self.throws = 0
        self.made: dict[str, str] = json.loads(PLACE.read_text()) if PLACE.exists() else {}
        self.used: dict[str, str] = {}

    def save(self) -> None:
        PLACE.write_text(json.dumps(self.used, indent=1, sort_keys=True) + "\n")

    def dice(self, count: int) -> bytes:
        self.throws += 1
        return hashlib.shake_256(f"throw {self.throws}".encode()).digest(count)

    def sign_ml_dsa(self, seed: bytes, message: bytes) -> bytes:
        place = _place("sign", seed, message)
        return self._kept(place) or self._keep(place, super().sign_ml_dsa(seed, message))

    def seal(self, public: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        place = _place("seal", public, info, plaintext)
        return self._kept(place) or self._keep(place, super().seal(public, info=info, plaintext=plaintext))

    def encrypt(self, key: bytes, *, context: bytes, plaintext: bytes) -> bytes:
        place = _place("encrypt", key, context, plaintext)
        return self._kept(place) or self._keep(
            place, super().encrypt(key, context=context, plaintext=plaintext)
        )

    def _kept(self, place: str) -> bytes:
        if place in self.made:
            self.used[place] = self.made[place]
        return base64.b64decode(self.made.get(place, ""))

    def _keep(self, place: str, made: bytes) -> bytes:
        self.made[place] = self.used[place] = base64.b64encode(made).decode()
        return made


def _place(*inputs: str | bytes) -> str:
    hashed = hashlib.sha256()
    for each in inputs:
        raw = each.encode() if isinstance(each, str) else each
        hashed.update(len(raw).to_bytes(8, "big") + raw)
    return hashed.hexdigest()[:32]
