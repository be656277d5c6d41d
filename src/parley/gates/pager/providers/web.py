"""Webhooks and ntfy: one POST, no redirect followed, no proxy asked, nothing but the first lines read.

    webhook   {"id":"5f2c…","text":"Parley: sign in.","to":"wang"}      to: where the channel has addresses
              webhook-id · webhook-timestamp · webhook-signature: v1,base64(HMAC-SHA256(id.timestamp.body))
    ntfy      POST url/topic, the text as it is

The id is the same for every try of one ring, so that a receiver can pass over the second. Source: Standard
Webhooks 1.0; ntfy, "Publishing".
"""

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import SplitResult, urlsplit

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.providers.trust import context
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Ntfy, Webhook


def tell(attempt: Attempt, hook: Webhook) -> Answer:
    """Hand the text over to a program of the house and return what it said.

    Raises:
        OSError, GivenUpError, HTTPException: no answer, or none that means anything.
    """
    values = {"id": attempt.reference, "text": attempt.invitation.text}
    values |= {"to": attempt.to} if attempt.to else {}
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "webhook-id": attempt.reference}
    headers["webhook-timestamp"] = str(attempt.at)
    if hook.secret:
        signed = f"{attempt.reference}.{attempt.at}.".encode() + body
        digest = hmac.digest(hook.secret.encode(), signed, hashlib.sha256)
        headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
    return _Door(attempt, hook.url, ca=hook.ca).post("", body, headers)


def publish(attempt: Attempt, ntfy: Ntfy) -> Answer:
    """Publish the text under the person's topic and return what the server said.

    Raises:
        OSError, GivenUpError, HTTPException: no answer, or none that means anything.
    """
    headers = {"Content-Type": "text/plain; charset=utf-8", "Priority": str(ntfy.priority)}
    if ntfy.token:
        headers["Authorization"] = f"Bearer {ntfy.token}"
    return _Door(attempt, ntfy.url, ca=ntfy.ca).post(
        f"/{attempt.to}", attempt.invitation.text.encode(), headers
    )


class _Connection(http.client.HTTPConnection):
    """A connection that somebody else may end."""

    def __init__(self, attempt: Attempt, url: SplitResult, *, ca: str | None) -> None:
        self._attempt = attempt
        self._tls = context(ca) if url.scheme == "https" else None
        port = url.port or (443 if self._tls else 80)
        super().__init__(url.hostname or "", port, timeout=attempt.left())

    def connect(self) -> None:
        """Connect within what is left of the try."""
        self.sock = self._attempt.connect(self.host, self.port, tls=self._tls)


class _Door:
    """Where a POST goes."""

    def __init__(self, attempt: Attempt, url: str, *, ca: str | None) -> None:
        self._attempt = attempt
        self._url = urlsplit(url)
        self._ca = ca

    def post(self, below: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST `body` to the url, with `below` at its end, and return what the status says."""
        path = (self._url.path.rstrip("/") if below else self._url.path) + below
        query = f"?{self._url.query}" if self._url.query else ""
        with closing(_Connection(self._attempt, self._url, ca=self._ca)) as connection:
            connection.connect()
            self._attempt.commit()
            connection.request("POST", (path or "/") + query, body=body, headers=dict(headers))
            status = connection.getresponse().status
        took = 200 <= status < 300
        return Answer(outcome=Outcome.ACCEPTED if took else Outcome.REFUSED, said=f"HTTP {status}")
