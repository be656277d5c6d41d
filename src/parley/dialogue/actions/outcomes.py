"""Verbs of the outcome list: clause by clause, frozen by two persons, made public at the agreed instant.

A clause whose languages name different figures is refused before anything is written (Spec §17.2.2). Errors
are those of `commitments.py`, and those that are named here.
"""

from parley.dialogue.actions.saying import draft_on, say
from parley.ledger.releasing import UNSEALED
from parley.links.actions import signing
from parley.links.actions.opening import By
from parley.links.actions.speaking import Hand, Said, Target
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import Frozen
from parley.protocol.dialogue.clause import Text, write_clause
from parley.protocol.dialogue.release import Outcomes, digest_of
from parley.protocol.strictjson import JsonValue
from parley.work.home import Home


class EarlyError(Exception):
    """The list is made public at the agreed instant and not before; nothing was sealed."""

    def __init__(self, release: int) -> None:
        super().__init__(f"expected a time from {release} on")
        self.release = release


def propose_clause(on: Target, place: int, clause: Text, *, by: Hand) -> Said:
    """Offer a clause, and its place in the list of the round `on`.

    Raises:
        UnequalError: its languages name different figures.
    """
    d: dict[str, JsonValue] = {"place": place, "clause": write_clause(clause)}
    return say("outcome.clause_proposed", d, on, by=by)


def amend(on: Target, place: int, clause: Text | None, *, by: Hand) -> Said:
    """Offer the clause `on` so instead; None strikes it out.

    Raises:
        UnequalError: its languages name different figures.
    """
    d: dict[str, JsonValue] = {"place": place, "clause": None if clause is None else write_clause(clause)}
    return say("outcome.amended", d, on, by=by)


def freeze(home: Home, on: Target, listed: Outcomes, *, by: Hand, secret: str) -> "Signing | signing.Said":
    """Prepare the freezing of the list of the round `on`, as the first person; the last one says it.

    `listed` is the list as it stands, with its release: what is signed is the digest of its bytes. The others
    sign by `links.actions.signing.sign_prepared`, as everything that persons sign together.

    Raises:
        NotEnrolledError, NoKeyError, WrongKeySecretError: nothing was prepared.
    """
    d: dict[str, JsonValue] = {"release": listed.release, "digest": id_text(digest_of(listed.text()))}
    draft = draft_on("outcome.frozen", d, on, by=by)
    hand = By(officer=by.officer, key=by.key, now=by.now)
    return signing.prepare_signed(home, draft, by=hand, secret=secret)


def release(on: Target, frozen: Frozen, *, by: Hand) -> Said:
    """Make the list of the round `on` public that both sides have `frozen`.

    The seal of this node is made at the door of the record, by the signer, in this moment: never before the
    release (`ledger/releasing.py`).

    Raises:
        EarlyError: it is not time yet.
    """
    if by.now < frozen.release:
        raise EarlyError(frozen.release)
    d: dict[str, JsonValue] = {"release": frozen.release, "digest": frozen.digest, "note": UNSEALED}
    return say("outcome.released", d, on, by=by)
