"""What an officer can do about a review: propose a cut, agree, sign the figures, say something to them.

Figures are computed, never typed: what the persons of our side sign is the digest that this node computes at
the agreed cut, in the moment when the first of them signs.
"""

from collections.abc import Mapping

from parley.ledger.drafts import Draft
from parley.ledger.reading import Reader
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.policy import check_may_link
from parley.links.queries.signing import Signing
from parley.protocol.review.account import digest
from parley.protocol.review.bodies import CutProposed, read_said
from parley.protocol.strictjson import JsonValue
from parley.review.queries.kept import figures_kept
from parley.work.home import Home

Words = Mapping[str, JsonValue]
"""What a person says, with its language: `{"lang":"en","text":"…"}`."""


def propose(link: str, cut: CutProposed, *, by: Hand, note: Words | None = None) -> Said:
    """Propose to look at a period, and at so much of both logs.

    Raises:
        NotAllowedError: the officer may not. RefusedError: it would be void. Nothing was written.
    """
    d: dict[str, JsonValue] = {
        "since": cut.since,
        "until": cut.until,
        "cut": [{"lane": each.lane, "sizes": [*each.sizes]} for each in cut.cut],
    }
    return _say("review.cut_proposed", d, Target(link=link, statement=b""), by=by, note=note)


def agree(reader: Reader, on: Target, cut: CutProposed, *, by: Hand) -> Said:
    """Agree to look at the same, after this node has computed its figures there.

    Raises:
        NotHeldError, CutError: no review is held at this cut. NotAllowedError, RefusedError: as `propose`.
    """
    figures_kept(reader, on.link, cut)
    return _say("review.cut_agreed", {}, on, by=by)


def comment(on: Target, figure: str | None, words: Words, *, by: Hand) -> Said:
    """Say something to a figure, or to all of them.

    Raises:
        BreachError: no figure is called so. NotAllowedError, RefusedError: as `propose`.
    """
    d: dict[str, JsonValue] = {"figure": figure}
    return _say("review.commented", d, on, by=by, note=words)


def sign(home: Home, on: Target, cut: CutProposed, *, by: By, secret: str) -> Signing | signing.Said:
    """Prepare the signature of the figures at `cut` and sign it as the first person; the last one says it.

    Raises:
        NotHeldError, CutError: no review is held at this cut.
        NotAllowedError, NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
        RefusedError: it would be void.
    """
    reader = Reader(home)
    try:
        computed = digest(figures_kept(reader, on.link, cut))
    finally:
        reader.close()
    draft = Draft(
        id=by.key,
        link=on.link,
        kind="review.signed",
        d={"digest": computed},
        re=on.statement,
        role=by.officer.role.value,
        officer=by.officer.number,
    )
    return signing.prepare_signed(home, draft, by=by, secret=secret)


def _say(kind: str, d: Mapping[str, JsonValue], on: Target, *, by: Hand, note: Words | None = None) -> Said:
    check_may_link(by.officer.role)
    read_said(kind, d)
    body = None if note is None else {"text": dict(note)}
    return pass_on(draft_of(kind, d, on, by=by, body=body), by=by)
