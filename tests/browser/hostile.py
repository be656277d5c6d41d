"""Text as an attacker writes it, and a node that says it: past its own forms, straight to its own core."""

import json
from collections.abc import Mapping
from typing import Final

from parley.ledger.asking import write_draft
from parley.ledger.drafts import Draft
from parley.protocol.act import read_id
from parley.protocol.strictjson import JsonValue
from tests.browser.nodes import Node
from tests.cli.side import LINK

MARK: Final = "pwned"
"""A script of an attacker would set this on the window."""
SHORT: Final = f'"><svg/onload={MARK}=1>'
PAYLOADS: Final = (
    f"<script>{MARK}=1</script>",
    f'"><img src=x onerror="{MARK}=1">',
    f"' autofocus onfocus='{MARK}=1' x='",
    f"</textarea></title></pre></script><svg/onload={MARK}=1>",
    f'<iframe srcdoc="<script>parent.{MARK}=1</script>"></iframe>',
    f"<a href=javascript:{MARK}=1>x</a> <base href=//evil9.example/>",
    "<meta http-equiv=refresh content=0;url=//evil9.example>",
    f"javascript:{MARK}=1//",
    f'<form action=//evil9.example><input hx-get=//evil9.example hx-on:load="{MARK}=1">',
    "{{ 7|add:7 }} {% debug %} ${7*7} <%= 7 %>",
    "&lt;b&gt; &#60;script&#62; %3Cscript%3E \\u003cscript\\u003e",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\N{POP DIRECTIONAL FORMATTING}",
    "\N{ZERO WIDTH SPACE}\N{LEFT-TO-RIGHT ISOLATE}",
    "\x07\x1b[31m\x7f\x85 =cmd|'/c calc'!A1",
)
TEXT: Final = "\n".join(PAYLOADS)
ADDRESSES: Final = (
    f'http://evil1.example/"><img src=http://evil2.example/x onerror={MARK}=1>',
    f"javascript:{MARK}=1//evil3.example",
    "//evil4.example/path",
    f"data:text/html,<script>parent.{MARK}=1</script>evil5.example",
    "https://evil6.example/\N{RIGHT-TO-LEFT OVERRIDE}moc.knab",
    "http://evil7.example@evil8.example:80/?a=b&c=<svg/onload=pwned=1>#'\"",
)


def text(words: str = TEXT, language: str = f'en"{SHORT}') -> JsonValue:
    return {"lang": language, "text": words}


def letter() -> Mapping[str, JsonValue]:
    """Return the body of an inquiry with the payloads in every field."""
    items: list[JsonValue] = [
        {
            "url": address,
            "observed_at": 1_790_000_000,
            "target_brand": {"institution": text(), "legitimate_url": address},
            "state": SHORT,
            "note": text(),
            "ip": SHORT,
            "hosting_provider": TEXT,
            "registrar": TEXT,
            "screenshot_sha256": SHORT,
        }
        for address in ADDRESSES
    ]
    return {
        **{name: text() for name in ("title", "purpose", "facts", "urgency_reason")},
        "legal_basis": [TEXT, SHORT],
        "from": {"authority": text(), "case": TEXT},
        "handling": {"tlp": SHORT},
        "items": items,
    }


def asks(*, run: str) -> Mapping[str, JsonValue]:
    """Return what the act of that inquiry says."""
    return {
        "batch": {"ref": f"{run}/{SHORT}", "count": 2},
        "item": "fraud_phishing",
        "urgency": "U2",
        "groups": [{"count": len(ADDRESSES), "type": "phishing_site", "wants": ["confirm", "mitigate"]}],
    }


def questions() -> Mapping[str, JsonValue]:
    """Return the body of an inquiry about persons, with the payloads in every field."""
    subject: JsonValue = {
        "subject": {"type": SHORT, "value": TEXT},
        "questions": [TEXT, "ownership"],
        "observed_at": 1_790_000_000,
        "note": text(),
    }
    return {**letter(), "items": [subject]}


def remark() -> Mapping[str, JsonValue]:
    """Return what may be said in words with any other statement."""
    return {
        "text": text(),
        "fields": [
            {"item": None, "field": SHORT, "text": text()},
            {"item": 0, "field": "url", "text": text()},
        ],
        "notes": [{"item": n, "text": text()} for n in range(len(ADDRESSES))],
    }


def say(
    node: Node,
    kind: str,
    d: Mapping[str, JsonValue],
    *,
    body: Mapping[str, JsonValue],
    on: str | None = None,
) -> str:
    """Have `node` say it, whatever its own pages would have refused; return its place."""
    draft = Draft(
        id=f"hostile-{node.side.letter}-{node.link['my_size']}",
        link=LINK,
        kind=f"inquiry.{kind}",
        d=d,
        re=None if on is None else statement(node, on),
        role="officer",
        officer=1,
        ref=f"1/{SHORT}",
        body=body,
    )
    answer = node.served.ask(ask="append", drafts=[write_draft(draft)])
    (result,) = json.loads(json.dumps(answer))["results"]
    assert "index" in result, result
    return f"{result['letter']}-{result['index']}"


def statement(node: Node, place: str) -> bytes:
    """Return the statement at a place."""
    (link,) = node.side.ask("record", "show").result["links"]
    found = {entry["place"]: entry["statement"] for entry in link["entries"]}
    return read_id(found[place.replace("-", " ")])
