"""Ordering that content be destroyed on both sides, which persons sign together (`signing.py`). Spec §7.8."""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.ledger.drafts import Draft
from parley.links.actions.opening import By
from parley.links.actions.signing import Pen, Said, prepare_signed, sign_prepared
from parley.links.queries.signing import Signing, signings
from parley.protocol.act import id_text
from parley.protocol.erasing import ORDERED
from parley.protocol.erasure import Ground
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What is to be destroyed, all words and files of these statements, and why."""

    statements: Sequence[bytes]
    ground: Ground

    def d(self) -> dict[str, JsonValue]:
        """Return what the act says."""
        parts: list[JsonValue] = [
            {"statement": id_text(each), "parts": "all"} for each in dict.fromkeys(self.statements)
        ]
        return {"parts": parts, "ground": self.ground.value}


def order_erasure(home: Home, link: str, going: Going, *, by: By, secret: str) -> Signing | Said:
    """Order it as one more officer: the first prepares and signs, the second signs the same text.

    Only then it is said, and destroyed here.

    Raises:
        As `prepare_signed` and `sign_prepared`.
    """
    waits = next((each for each in signings(link) if _is_same(each, going)), None)
    if waits is not None:
        return sign_prepared(home, waits.number, by=by, pen=Pen(secret=secret))
    draft = Draft(
        id=by.key,
        link=link,
        kind=ORDERED,
        d=going.d(),
        role=by.officer.role.value,
        officer=by.officer.number,
    )
    return prepare_signed(home, draft, by=by, secret=secret)


def _is_same(waits: Signing, going: Going) -> bool:
    return waits.draft.kind == ORDERED and dict(waits.draft.d) == going.d()
