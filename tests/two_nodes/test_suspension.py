"""What a partner has suspended is stopped here too, at once, and after a new start; until it resumes."""

from collections.abc import Mapping

import pytest

from parley.ledger.drafts import RefusedError
from parley.protocol.strictjson import JsonValue
from tests.two_nodes.forger import Forger, act_of
from tests.two_nodes.pair import INQUIRY, LINK, A, B, Pair
from tests.two_nodes.persons import LINK_SCOPE, prepared_draft, resumes, suspends

STOP: Mapping[str, JsonValue] = {"scope": {"link": True}, "reason": "policy", "until": None}


def refusal(pair: Pair) -> str | None:
    """Return why A may not send an inquiry now, or None."""
    try:
        pair.say(A, "inquiry.sent", INQUIRY)
    except RefusedError as error:
        return error.code
    return None


def test_a_suspension_stops_the_other_side_until_it_is_lifted_also_after_a_new_start(pair: Pair) -> None:
    partner = Forger(pair, B, A)
    stop = partner.write(act_of("link.suspended", STOP), seen=partner.seen(1), is_signed=True)
    partner.tell()
    told = [refusal(pair)]
    pair.restart(A)
    told.append(refusal(pair))
    partner.write(act_of("link.resumed", {}, re=stop), is_signed=True)
    partner.tell()
    told.append(refusal(pair))
    pair.restart(A)
    told.append(refusal(pair))

    assert told == ["suspended", "suspended", None, None]


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_suspension_counts_if_persons_signed_it(pair: Pair, *, is_signed: bool) -> None:
    partner = Forger(pair, B, A)
    partner.write(act_of("link.suspended", STOP), seen=partner.seen(1), is_signed=is_signed)
    partner.tell()

    assert refusal(pair) == ("suspended" if is_signed else None)


YEAR = 365 * 86_400
PRESERVE: Mapping[str, JsonValue] = {
    **INQUIRY,
    "groups": [{"count": 1, "type": "phishing_site", "wants": ["preserve"]}],
}
FORUM: Mapping[str, JsonValue] = {"forum": "inquiry"}
ITEM: Mapping[str, JsonValue] = {"item": "fraud_phishing"}


def pass_a_year(pair: Pair, *, prompts: int = 12) -> None:
    """Let a year go by in which the nodes prompt each other, and people of both say what stays open."""
    for _ in range(prompts):
        for moved in pair.clocks.values():
            moved.time += YEAR // prompts
        pair.carry(A, B, prompt=True)
        pair.carry(B, A, prompt=True)


def test_after_a_year_of_suspension_nothing_is_lost_and_only_what_is_new_is_sent(pair: Pair) -> None:
    for number in range(40):
        pair.sends(title=f"before {number}")
    pair.settle()
    stop = suspends(pair, A)
    pair.settle()
    pass_a_year(pair)
    before = {node: pair.standing(node).mine.size for node in (A, B)}
    pair.sent.clear()

    resumes(pair, A, stop)
    new = pair.sends(title="after")
    pair.settle()

    assert pair.is_settled()
    with pair.reader(A) as reader:
        row = reader.link(LINK)
    assert row is not None
    starts = {
        piece.start
        for sent in pair.sent
        if sent.sender == A
        for piece in pair.opened(sent, row.channel).pieces
    }
    assert min(starts) == before[A] == new.index - 1
    # Two entries with heads and receipts, which are some kilobytes each; the forty inquiries stay at home.
    assert sum(len(sent.raw) for sent in pair.sent) < 64 * 1024
    assert pair.alarms(A) == pair.alarms(B) == {}


def test_what_crossed_a_suspension_stands(pair: Pair) -> None:
    crossing = pair.sends(node=B)
    suspends(pair, A)

    pair.settle()

    with pair.reader(A) as reader:
        row = reader.row(LINK, crossing.statement)
    assert row is not None
    assert row.verdict.text == "valid"
    assert pair.is_settled()


@pytest.mark.parametrize("scope", [LINK_SCOPE, FORUM, ITEM])
def test_what_the_terms_keep_open_goes_on_for_both(pair: Pair, scope: Mapping[str, JsonValue]) -> None:
    suspends(pair, B, scope)
    pair.settle()

    for node in (A, B):
        pair.say(node, "inquiry.sent", PRESERVE)
        pair.say(node, "inquiry.sent", {**INQUIRY, "urgency": "U0"})
        with pytest.raises(RefusedError, match="suspended"):
            pair.say(node, "inquiry.sent", INQUIRY)
    pair.settle()

    assert pair.is_settled()


def test_another_item_of_cooperation_goes_on(pair: Pair) -> None:
    suspends(pair, B, {"item": "trade_secrets"})
    pair.settle()

    assert refusal(pair) is None


def test_both_must_resume_what_both_suspended(pair: Pair) -> None:
    ours, theirs = suspends(pair, A), suspends(pair, B)
    pair.settle()
    resumes(pair, A, ours)
    pair.settle()
    told = [refusal(pair)]
    resumes(pair, B, theirs)
    pair.settle()

    assert [*told, refusal(pair)] == ["suspended", None]


def test_nobody_lifts_what_the_other_side_suspended(pair: Pair) -> None:
    stop = suspends(pair, B)
    pair.settle()

    with pytest.raises(RefusedError, match="no-target"):
        resumes(pair, A, stop)


def test_what_is_prepared_is_no_statement_yet(pair: Pair) -> None:
    size = pair.standing(A).mine.size
    prepared_draft(pair, A, "link.suspended", STOP)
    pair.settle()

    assert (pair.standing(A).mine.size, refusal(pair)) == (size, None)
