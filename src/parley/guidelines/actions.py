"""What an officer can do about a text: put it on the table, change it, take it away, sign it.

Each verb is one statement in every lane of the link (Spec §16.3.6). A text is signed by as many persons as
the terms ask, as everything that persons sign together (`links/actions/signing.py`): prepared by the first,
and waiting for the others.
"""

from collections.abc import Mapping

from parley.guidelines.queries.drafts import read_body
from parley.ledger.drafts import Draft
from parley.ledger.reading import Reader
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.policy import check_may_link
from parley.links.queries.signing import Signing
from parley.protocol.guidelines.bodies import Drafted, read_said
from parley.protocol.guidelines.text import Guideline, matches
from parley.protocol.strictjson import JsonValue, read
from parley.work.home import Home


class UnreadableTextError(Exception):
    """The body of the draft is not the text that its act names: nobody signs what nobody can read."""


def propose(link: str, text: Guideline, *, by: Hand, note: Mapping[str, JsonValue] | None = None) -> Said:
    """Put a text on the table.

    Raises:
        NotAllowedError: the officer may not. RefusedError: it would be void. Nothing was written.
    """
    on = Target(link=link, statement=b"")
    return _say("guideline.proposed", _d(text), on, by=by, body=_body(text, note))


def amend(on: Target, text: Guideline, *, by: Hand, note: Mapping[str, JsonValue] | None = None) -> Said:
    """Put another text on the table, instead of the draft `on`.

    Raises:
        NotAllowedError, RefusedError: as `propose`.
    """
    return _say("guideline.amended", _d(text), on, by=by, body=_body(text, note))


def withdraw(on: Target, *, by: Hand) -> Said:
    """Take a draft of ours from the table.

    Raises:
        NotAllowedError, RefusedError: as `propose`.
    """
    return _say("guideline.withdrawn", {}, on, by=by, body=None)


def sign(home: Home, on: Target, *, by: By, secret: str) -> Signing | signing.Said:
    """Prepare the signature of the draft `on` and sign it as the first person; the last one says it.

    Raises:
        UnreadableTextError: its text is not here, or not the one that the act names.
        NotAllowedError, NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void.
    """
    draft = Draft(
        id=by.key,
        link=on.link,
        kind="guideline.signed",
        d={"text": _readable(home, on).text},
        re=on.statement,
        role=by.officer.role.value,
        officer=by.officer.number,
    )
    return signing.prepare_signed(home, draft, by=by, secret=secret)


def _readable(home: Home, on: Target) -> Drafted:
    reader = Reader(home)
    try:
        row, body = reader.row(on.link, on.statement), reader.body(on.link, on.statement)
    finally:
        reader.close()
    said = None if row is None or row.act is None else read_said(row.act.k, row.act.d)
    text, _note = read_body(body)
    if not isinstance(said, Drafted) or not isinstance(text, Guideline) or not matches(text, said):
        raise UnreadableTextError
    return said


def _d(text: Guideline) -> Mapping[str, JsonValue]:
    return {"text": text.digest, "terms": text.terms.text, "since": text.since}


def _body(text: Guideline, note: Mapping[str, JsonValue] | None) -> Mapping[str, JsonValue]:
    return {"text": read(text.raw), "note": None if note is None else dict(note)}


def _say(
    kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, body: Mapping[str, JsonValue] | None
) -> Said:
    check_may_link(by.officer.role)
    read_said(kind, d)
    return pass_on(draft_of(kind, d, on, by=by, body=body), by=by)
