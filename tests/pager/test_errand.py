"""One way of one ring, whatever its providers answer and wherever a stop falls."""

from hypothesis import given
from hypothesis import strategies as st

from parley.gates.pager.deliveries import Delivery
from parley.gates.pager.errand import Errand, resume
from parley.gates.pager.ring import Outcome, Reason
from parley.gates.pager.wording import Invitation
from parley.watch.policy import Channel
from tests.pager.conftest import PHONE, call

NAMES = ("one", "two", "three")
ENDED = st.sampled_from([Outcome.ACCEPTED, Outcome.REFUSED, Outcome.FAILED, Outcome.UNKNOWN])
ANSWERS = st.lists(ENDED, min_size=3, max_size=3)
CHANNELS = st.sampled_from([Channel.SMS, Channel.WALL])


def errand(channel: Channel) -> Errand:
    return Errand(
        ring=call(),
        channel=channel,
        contact=0 if channel is Channel.WALL else 1,
        to=PHONE,
        invitation=Invitation(text="Parley: sign in."),
        providers=NAMES,
    )


def played(one: Errand, answers: list[Outcome]) -> list[str]:
    """Give each provider whose turn it is the next answer, and return whose turns there were."""
    turns = []
    for answer in answers:
        if one.provider is None:
            break
        turns.append(one.provider)
        one.go_on(answer)
    return turns


def row(number: int, one: Errand, provider: str, outcome: Outcome) -> Delivery:
    return Delivery(
        number=number,
        key=one.ring.key,
        person=4,
        contact=one.contact,
        channel=one.channel.value,
        turn=number,
        provider=provider,
        reason=Reason.CALL,
        written=number,
        ended=number,
        outcome=outcome,
        said="",
    )


@given(channel=CHANNELS, answers=ANSWERS)
def test_providers_are_asked_in_turn_until_one_takes_it_and_never_after(
    channel: Channel, answers: list[Outcome]
) -> None:
    one = errand(channel)

    turns = played(one, answers)

    last = answers[: len(turns)][-1]
    ends = {Outcome.ACCEPTED} | ({Outcome.UNKNOWN} if channel is Channel.WALL else set())
    assert turns == list(NAMES[: len(turns)])
    assert one.provider is None
    assert len(turns) == 3 or last in ends
    assert not any(answer in ends for answer in answers[: len(turns) - 1])
    assert (one.outcome is Outcome.ACCEPTED) == (last is Outcome.ACCEPTED)


@given(answers=ANSWERS)
def test_that_something_may_have_gone_out_is_not_forgotten(answers: list[Outcome]) -> None:
    one = errand(Channel.SMS)

    played(one, answers)

    if Outcome.UNKNOWN in answers and Outcome.ACCEPTED not in answers:
        assert one.outcome is Outcome.UNKNOWN


@given(channel=CHANNELS, answers=ANSWERS, stops_after=st.integers(0, 3))
def test_wherever_a_stop_falls_the_rest_is_done_and_nothing_that_was_answered_twice(
    channel: Channel, answers: list[Outcome], stops_after: int
) -> None:
    before = errand(channel)
    turns = played(before, answers[:stops_after])
    past = [
        row(number, before, name, answer)
        for number, (name, answer) in enumerate(zip(turns, answers, strict=False), start=1)
    ]
    interrupted = before.provider
    if interrupted is not None:
        # It was written down and the node stopped: what is "written" is "unknown" after a start.
        past.append(row(9, before, interrupted, Outcome.UNKNOWN))

    (after,) = resume([errand(channel)], past)

    if interrupted is None:
        # Nobody knows whether the node stopped in the middle of the last try or after it.
        is_doubtful = past[-1].outcome is Outcome.UNKNOWN and channel is not Channel.WALL
        assert after.provider == (past[-1].provider if is_doubtful else None)
    else:
        assert after.provider == (None if channel is Channel.WALL else interrupted)
