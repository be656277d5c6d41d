"""To whom what was delivered may be passed on, and who was asked. Spec §14.6."""

import pytest

from parley.protocol.inquiries.codes import Condition
from parley.protocol.sharing.codes import Audience, Tlp
from parley.protocol.sharing.passing import Passing, may_pass
from tests.protocol.sharers import Sharing
from tests.protocol.world import A, B


def test_a_question_whether_it_may_be_passed_on_has_one_answer() -> None:
    desks = Sharing()
    offer, delivery = desks.delivered(tlp="RED")
    first = desks.says("release_asked", delivery, by=B, to="providers")
    before = may_pass(desks.share(offer), Audience.PROVIDERS)
    desks.says("release_refused", first, by=A)
    refused = may_pass(desks.share(offer), Audience.PROVIDERS)
    again = desks.says("release_permitted", first, by=A)
    second = desks.says("release_asked", delivery, by=B, to="providers")
    desks.says("release_permitted", second, by=A)

    assert (before, refused) == (Passing.ASK, Passing.REFUSED)
    assert desks.verdict(again) == "void:wrong-state"
    assert may_pass(desks.share(offer), Audience.PROVIDERS) is Passing.PERMITTED
    assert may_pass(desks.share(offer), Audience.PUBLIC) is Passing.ASK


@pytest.mark.parametrize("tlp", Tlp, ids=lambda tlp: tlp.value)
def test_a_narrower_mark_and_one_more_condition_free_nobody(tlp: Tlp) -> None:
    wider = [*Tlp][max([*Tlp].index(tlp) - 1, 0)]

    def free(mark: Tlp, *conditions: str) -> set[Audience]:
        desks = Sharing()
        offer = desks.offers(tlp=mark.value, conditions=list(conditions))
        desks.delivers(
            desks.undertakes(offer, *conditions) if conditions else desks.says("accepted", offer, by=B)
        )
        share = desks.share(offer)
        return {to for to in Audience if may_pass(share, to) is Passing.FREE}

    assert free(tlp) <= free(wider)
    assert Audience.AUTHORITY in free(tlp)
    for condition in Condition:
        assert free(tlp, condition.value) <= free(tlp)
        assert Audience.PUBLIC not in free(tlp, condition.value)


def test_what_was_not_delivered_can_be_passed_on_to_nobody() -> None:
    desks = Sharing()

    with pytest.raises(ValueError, match="nothing was delivered"):
        may_pass(desks.share(desks.offers()), Audience.AUTHORITY)
