"""What two officers decide about this node: each gives the same word with his or her own secret.

    first     it is written down in the house, and nothing is done
    second    decides the very same within a day; then it is done
    put away  nothing was done

These are no statements that persons sign: to erase what the other side ordered, or to refuse that; to
confirm the head of a log that was lost, or to let the log end alone. Source: Spec §5.7, §7.8.
"""

from dataclasses import dataclass

from parley.agencies.actions import note_act
from parley.drafts import actions as drafts
from parley.drafts.queries import UnknownDraftError
from parley.ledger import append, erasures, losses
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.erasing import Destroyed, NoOrderError
from parley.ledger.reading import Reader
from parley.ledger.regaining import NotLostError, OtherDigitsError, TooEarlyError
from parley.links.actions.opening import By
from parley.links.actions.signing import SignedAlreadyError
from parley.links.policy import check_may_link
from parley.links.queries.deciding import (
    DECISIONS,
    Decided,
    Decision,
    Deed,
    decisions,
    overdue_decisions,
)
from parley.links.queries.doomed import check_free
from parley.links.queries.losing import alone_from
from parley.protocol.act import id_text, read_id
from parley.protocol.strictjson import JsonObject, write
from parley.work.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a decision: what was destroyed, what was said, or how the lost log stands now."""

    destroyed: Destroyed | None = None
    said: Appended | None = None
    lost: JsonObject | None = None


def decide(home: Home, decided: Decided, *, by: By) -> Decision | Done:
    """Decide it as one more officer, whose secret was given; the second one has it done.

    Raises:
        NotAllowedError, SignedAlreadyError: it waits as it did. HeldError, KeptError, NoOrderError,
        NotLostError, OtherDigitsError, TooEarlyError, RefusedError: it cannot be; nothing was done.
    """
    check_may_link(by.officer.role)
    _check(home, decided, now=by.now)
    for number in overdue_decisions(decided.link, now=by.now):
        drafts.close(number, outcome="put_away", by=_hand(by))
    waits = next((each for each in decisions(decided.link, now=by.now) if each.decided == decided), None)
    if waits is None:
        return _begun(decided, by=by)
    if waits.officer == by.officer.number:
        raise SignedAlreadyError(f"officer {by.officer.number} decided draft {waits.number}")
    _note(decided, "begun", by=by)
    done = _do(home, decided, by=by)
    drafts.close(waits.number, outcome="done", by=_hand(by))
    _note(decided, "done", by=by)
    return done


def put_decision_away(link: str, number: int, *, by: By) -> None:
    """Do nothing of it: close the draft.

    Raises:
        UnknownDraftError: nothing waits under this number. NotAllowedError: the officer may not.
    """
    check_may_link(by.officer.role)
    found = next((each for each in decisions(link, now=by.now) if each.number == number), None)
    if found is None:
        raise UnknownDraftError(f"draft {number} waits for no decision")
    drafts.close(number, outcome="put_away", by=_hand(by))
    _note(found.decided, "put_away", by=by)


def _begun(decided: Decided, *, by: By) -> Decision:
    said = write({"deed": decided.deed.value, "about": decided.about, "ground": decided.ground})
    row = drafts.begin(decided.link, purpose=DECISIONS, fields={"decided": said.decode()}, by=_hand(by))
    _note(decided, "decided", by=by)
    return Decision(
        number=row.number, decided=decided, officer=row.officer, officer_name=row.officer_name, at=by.now
    )


def _check(home: Home, decided: Decided, *, now: int) -> None:
    """Check before anybody decides what would be refused afterwards."""
    match decided.deed:
        case Deed.ERASE:
            check_free(home, decided.link, _named_in(home, decided))
        case Deed.REFUSE_TO_ERASE:
            _named_in(home, decided)
        case Deed.CONFIRM_HEAD | Deed.END_ALONE:
            _check_lost(home, decided, now=now)


def _check_lost(home: Home, decided: Decided, *, now: int) -> None:
    found = losses.recover(home, decided.link)
    lost, is_head = found["lost"], decided.deed is Deed.CONFIRM_HEAD
    waits = found["offered"] if is_head and lost is None else lost
    if not isinstance(waits, dict):
        raise NotLostError(decided.link)
    if is_head and "".join(str(waits["digits"]).split()) != decided.about:
        raise OtherDigitsError(decided.link)
    if not isinstance(lost, dict):
        return
    begun_at = lost["begun_at"]
    left = alone_from(decided.link, begun_at if isinstance(begun_at, int) else now) - now
    if decided.deed is Deed.END_ALONE and left > 0:
        raise TooEarlyError(left)


def _named_in(home: Home, decided: Decided) -> tuple[bytes, ...]:
    reader = Reader(home)
    try:
        found = {id_text(each.order.statement): each for each in erasures.orders(reader, decided.link)}
    finally:
        reader.close()
    if decided.about not in found:
        raise NoOrderError(decided.about)
    return tuple(each.id for each in found[decided.about].said.parts)


def _do(home: Home, decided: Decided, *, by: By) -> Done:
    match decided.deed:
        case Deed.ERASE:
            order, officer = read_id(decided.about), by.officer.number
            return Done(destroyed=erasures.carry_out(home, decided.link, order, officer=officer))
        case Deed.REFUSE_TO_ERASE:
            return Done(said=_refused(home, decided, by=by))
        case Deed.CONFIRM_HEAD:
            return Done(lost=losses.recover(home, decided.link, decides=decided.about))
        case Deed.END_ALONE:
            return Done(lost=losses.recover(home, decided.link, decides=losses.ALONE))


def _refused(home: Home, decided: Decided, *, by: By) -> Appended:
    draft = Draft(
        id=f"refused-{decided.about}",
        link=decided.link,
        kind=decided.deed.value,
        d={"ground": decided.ground},
        re=read_id(decided.about),
        role=by.officer.role.value,
        officer=by.officer.number,
    )
    (outcome,) = append.append(home, [draft])
    if isinstance(outcome, RefusedError):
        raise outcome
    return outcome


def _hand(by: By) -> drafts.Hand:
    return drafts.Hand(officer=by.officer.number, session=by.key, now=by.now)


def _note(decided: Decided, stage: str, *, by: By) -> None:
    act = f"{decided.deed.value}:{stage}"
    note_act(act, officer=by.officer.number, subject=decided.link, now=by.now)
