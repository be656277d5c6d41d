"""What every measure sends: an inquiry about three sites with a body of a thousand characters."""

from itertools import count
from typing import Final

from parley.ledger.drafts import Draft
from parley.protocol.strictjson import JsonObject

LINK: Final = "a-b"
BATCH: Final = 256
SENT: Final[JsonObject] = {
    "batch": None,
    "item": "fraud_phishing",
    "urgency": "U1",
    "groups": [{"count": 3, "type": "phishing_site", "wants": ["confirm", "mitigate", "preserve"]}],
}
BODY: Final[JsonObject] = {"text": "x" * 1_000}
ACT: Final[JsonObject] = {
    "k": "inquiry.sent",
    "v": 1,
    "re": None,
    "by": {"role": "node", "n": 0},
    "ref": None,
    "d": SENT,
}
_numbers = count()


def draft() -> Draft:
    """Return one more inquiry."""
    return Draft(id=f"bench-{next(_numbers)}", link=LINK, kind="inquiry.sent", d=SENT, body=BODY)


def drafts(number: int) -> list[Draft]:
    """Return `number` more inquiries."""
    return [draft() for _ in range(number)]
