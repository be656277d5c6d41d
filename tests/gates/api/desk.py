"""A node with tokens of its officers, and a tool that asks with one of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.test import Client
from pytest_django import Settings

from parley.agencies.queries import find_officer
from parley.gates.api.actions import Wish, add_token
from parley.gates.api.policy import Scope
from parley.gates.api.queries import TokenRow
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard
from parley.work import clock
from tests.inquiries.page_desk import A, B, PageDesk

SITES: Final = ("http://one.example/a", "http://two.example/b")


class ApiDesk(PageDesk):
    """Two linked homes; the door is that of A. A has asked about two sites (A-2), and so has B (B-2)."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__(folder, settings)
        for home in self.homes.values():
            # The rows stand in the tests' own file; it is not to be made again at every look.
            home.view.touch()

    def token(
        self, scope: Scope = Scope.ACT, *, officer: str = "Zhao", network: str = ""
    ) -> tuple[TokenRow, str]:
        """Return a token of an officer, with its text."""
        wish = Wish(label="tests", scope=scope, days=30, network=network)
        return add_token(find_officer(officer), wish, dice=Standard().dice(32), now=clock.now())

    def tool(self, scope: Scope = Scope.ACT) -> "Tool":
        return Tool(self.token(scope)[1])

    def ask_each_other(self) -> tuple[str, str]:
        """Have each side ask the other about two sites, and return both places: ours, theirs."""
        ours = self.send(*SITES)
        theirs = self.say_as_b()
        return ours, theirs

    def say_as_b(self) -> str:
        ask: Mapping[str, JsonValue] = {
            "batch": None,
            "item": "fraud_phishing",
            "urgency": "U2",
            "groups": [{"count": 2, "type": "phishing_site", "wants": ["confirm", "mitigate"]}],
        }
        body: Mapping[str, JsonValue] = {"title": {"lang": "en", "text": "Sites of Second Bank"}}
        said = self.say("inquiry.sent", ask, node=B, body=body)
        self.carry()
        self.at(A)
        return said.place.replace(" ", "-")


class Tool:
    """A program that shows a token."""

    def __init__(self, token: str | None, **headers: str) -> None:
        self.headers = {"host": "localhost", **headers}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"
        self._client = Client(headers=self.headers, enforce_csrf_checks=True)
        self._keys = 0

    def get(self, path: str, query: Mapping[str, str] | None = None, *, held: str = "") -> Any:  # noqa: ANN401 - Django's own answer
        headers = {"If-None-Match": held} if held else {}
        return self._client.get(f"/api/v1{path}", query or {}, headers=headers)

    def post(self, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> Any:  # noqa: ANN401 - likewise
        """Act under a key of its own, unless one is given."""
        self._keys += 1
        given = {"Idempotency-Key": f"k{self._keys}"} | headers
        return self.send(path, json.dumps(body or {}), **given)

    def send(self, path: str, raw: str | bytes, **headers: str) -> Any:  # noqa: ANN401 - likewise
        kind = headers.pop("content_type", "application/json")
        return self._client.post(f"/api/v1{path}", raw, content_type=kind, headers=headers)

    def attempt(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - likewise
        """Try an act, without a key."""
        return self.send(f"{path}?dry_run=true", json.dumps(body or {}))


def json_of(answer: Any) -> Any:  # noqa: ANN401 - a test looks into it as it likes
    return json.loads(answer.content)
