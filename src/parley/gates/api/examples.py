"""One request for each of the deeds that a tool begins with; a test asks every one of them, in this order.

They are of the world that the handbook tells of: country A has asked about two sites (A-1), country B about
two others (B-2), and on the link a-b everything is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.gates.api.commands import JsonValue

_RULE: Final = "Both sides answer within 20 working days."
_RULE_ZH: Final = "双方在二十个工作日内答复。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request for `deed`: what stands behind the question mark, or the body; and its status."""

    deed: str
    places: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, JsonValue] | None = None
    status: int = 200


EXAMPLES: Final = (
    Example(deed="version"),
    Example(deed="status"),
    Example(deed="link_status"),
    Example(deed="link_status_one", places=("a-b",)),
    Example(deed="link_tests", places=("a-b",)),
    Example(
        deed="inquiry_import",
        body={
            "file": {
                "name": "sites.csv",
                "text": "url,bank,observed at\n"
                "http://login.bank-one.example/a,First Bank,2026-11-02 09:10 +08:00\n",
            },
            "item": "fraud_phishing",
            "urgency": "U3",
            "want": ["confirm", "mitigate"],
            "purpose": "investigate fraud",
            "legal_basis": ["guidelines, item 3"],
            "batch": "A-2026-17",
        },
        status=201,
    ),
    Example(deed="inquiry_list", query={"standing": "open", "limit": "20"}),
    Example(
        deed="inquiry_draft",
        body={"file": {"name": "pasted.txt", "text": "hxxp://login.bank-two[.]example/b\n"}},
        status=201,
    ),
    Example(deed="inquiry_drafts"),
    Example(deed="inquiry_batches", query={"link": "a-b"}),
    Example(deed="inquiry_batches_one", places=("A-2026-17",)),
    Example(deed="inquiry_show", places=("B-2",)),
    Example(deed="inquiry_acknowledge", places=("B-2",), body={"text": "We look into it."}, status=201),
    Example(deed="inquiry_admit", places=("B-2",), body={"items": "0"}, status=201),
    Example(deed="inquiry_progress", places=("B-2",), body={"code": "with_authority"}, status=201),
    Example(deed="inquiry_answer", places=("B-2",), body={"finding": ["0=no_data"]}, status=201),
    Example(deed="inquiry_refuse", places=("B-2",), body={"items": "1", "ground": ["G09"]}, status=201),
    Example(
        deed="inquiry_withdraw", places=("A-1",), body={"items": "1", "reason": "sent_in_error"}, status=201
    ),
    Example(deed="call_list", query={"open": "true"}),
    Example(
        deed="case_propose",
        body={
            "item": ["fraud_phishing"],
            "title_en": "Kits that pose as First Bank",
            "title_zh": "仿冒第一银行的钓鱼工具",
            "from": ["A-1"],
        },
        status=201,
    ),
    Example(deed="case_list"),
    Example(deed="finding_list"),
    Example(deed="share_list"),
    Example(
        deed="file_add", body={"path": {"name": "log.txt", "base64": "MTk4LjUxLjEwMC43Cg=="}}, status=201
    ),
    Example(deed="file_list"),
    Example(deed="guideline_list"),
    Example(deed="review_list"),
    Example(
        deed="commitment_propose",
        body={
            "en": _RULE,
            "zh": _RULE_ZH,
            "measure_en": "Nine of ten come in time.",
            "measure_zh": "十份答复中有九份按时。",
            "owner": ["A", "B"],
            "due": "+30d",
        },
        status=201,
    ),
    Example(deed="commitment_list", query={"open": "true"}),
    Example(deed="concern_list", query={"open": "true"}),
    Example(
        deed="round_propose",
        body={
            "number": 1,
            "host": "A",
            "begins": "2027-03-01T09:00+08:00",
            "ends": "2027-03-02T17:00+08:00",
            "en": "In the guest house.",
            "zh": "在宾馆。",
        },
        status=201,
    ),
    Example(deed="round_list"),
    Example(deed="record_show", query={"link": "a-b", "limit": "10"}),
    Example(deed="record_changes", query={"after": "3", "limit": "10"}),
    Example(deed="record_erasures"),
)


def example_of(deed: str) -> Example | None:
    """Return the example of the deed that is called so, if there is one."""
    return next((each for each in EXAMPLES if each.deed == deed), None)
