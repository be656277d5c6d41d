"""Drafts in the house: saved, disputed, chosen, closed; nothing that was typed is lost."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.drafts import actions
from parley.drafts.actions import ClosedError, Hand, LimitError
from parley.drafts.models import Saved
from parley.drafts.queries import (
    DraftRow,
    Origin,
    UnknownDraftError,
    draft_of,
    find_draft,
    history_of,
    list_begun,
    list_drafts,
    show_draft,
    values_of,
)

pytestmark = pytest.mark.django_db

LINK = "a-b"
NOON = 1_793_610_000


@pytest.fixture(autouse=True)
def fixture_officers() -> None:
    for number, name in ((4, "Chen"), (5, "Zhao")):
        Officer.objects.create(number=number, name=name, role=Role.OFFICER, language="en", password="!")


def hand(officer: int = 4, session: str = "one", *, later: int = 0) -> Hand:
    return Hand(officer=officer, session=session, now=NOON + later)


def draft(**fields: str) -> DraftRow:
    return actions.begin(LINK, purpose="inquiries", fields=fields, by=hand(session="begun"))


def test_a_draft_begins_with_what_is_known_and_has_a_number_to_say() -> None:
    begun = draft(purpose="fraud")

    assert begun.officer_name == "Chen"
    assert show_draft(begun.number).values == {"purpose": "fraud"}
    assert draft().number == begun.number + 1


def test_a_save_tells_the_revision_and_keeps_what_was_there() -> None:
    begun = draft(purpose="fraud")

    outcome = actions.save(begun.number, {"purpose": "phishing"}, base=begun.revision, by=hand(later=5))

    assert outcome.revision == begun.revision + 1
    assert [each.value for each in history_of(begun.number, "purpose")] == ["phishing", "fraud"]
    assert find_draft(begun.number).saved_at == NOON + 5


def test_nothing_new_is_no_revision() -> None:
    begun = draft(purpose="fraud")

    outcome = actions.save(begun.number, {"purpose": "fraud", "facts": ""}, base=begun.revision, by=hand())

    assert outcome.revision == begun.revision
    assert Saved.objects.filter(draft=begun.number).count() == 1


def test_two_tabs_that_change_one_field_keep_both_texts() -> None:
    begun = draft(purpose="fraud", facts="x")
    actions.save(begun.number, {"purpose": "theirs"}, base=begun.revision, by=hand(5, "tab 2", later=1))

    outcome = actions.save(
        begun.number,
        {"purpose": "mine", "facts": "also mine"},
        base=begun.revision,
        by=hand(4, "tab 1", later=2),
    )

    (conflict,) = outcome.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs, conflict.by) == (
        "purpose",
        "mine",
        "theirs",
        "Zhao",
    )
    shown = show_draft(begun.number)
    assert shown.values == {"purpose": "theirs", "facts": "also mine"}
    assert shown.conflicts == (conflict,)
    assert outcome.revision == begun.revision + 2


@pytest.mark.parametrize(("take_mine", "text"), [(True, "mine"), (False, "theirs")])
def test_somebody_chooses_and_both_texts_stay_in_the_history(take_mine: bool, text: str) -> None:  # noqa: FBT001 - a parameter of the test
    begun = draft(purpose="fraud")
    actions.save(begun.number, {"purpose": "theirs"}, base=begun.revision, by=hand(5, "tab 2"))
    outcome = actions.save(begun.number, {"purpose": "mine"}, base=begun.revision, by=hand(4, "tab 1"))

    for _twice in range(2):
        actions.resolve(begun.number, outcome.conflicts[0].number, take_mine=take_mine, by=hand(4, "tab 3"))

    shown = show_draft(begun.number)
    assert shown.values == {"purpose": text}
    assert shown.conflicts == ()
    assert {"mine", "theirs", "fraud"} == {each.value for each in history_of(begun.number, "purpose")}


def test_a_page_that_goes_on_typing_in_a_conflict_has_one_text_aside() -> None:
    begun = draft()
    actions.save(begun.number, {"purpose": "theirs"}, base=begun.revision, by=hand(5, "tab 2"))
    base = begun.revision
    for second, text in ((1, "m"), (2, "mi"), (200, "mine")):
        actions.save(begun.number, {"purpose": text}, base=base, by=hand(4, "t", later=second))

    assert [each.mine for each in show_draft(begun.number).conflicts] == ["mine"]

    actions.save(begun.number, {"purpose": "theirs"}, base=base, by=hand(4, "t", later=201))
    assert show_draft(begun.number).conflicts == ()


def test_a_page_learns_what_others_changed_and_chooses_by_bringing_its_text_again() -> None:
    begun = draft(facts="x")
    actions.save(begun.number, {"purpose": "theirs", "facts": "y"}, base=begun.revision, by=hand(5, "other"))

    outcome = actions.save(begun.number, {"purpose": "mine"}, base=begun.revision, by=hand(4, "page"))
    assert [(each.field, each.value, each.by) for each in outcome.changed] == [("facts", "y", "Zhao")]
    again = actions.save(begun.number, {"purpose": "mine"}, base=outcome.revision, by=hand(4, "page"))

    assert again.conflicts == ()
    assert show_draft(begun.number).values == {"purpose": "mine", "facts": "y"}
    assert show_draft(begun.number).conflicts == ()


def test_what_the_house_puts_is_no_text_that_an_old_page_knew() -> None:
    begun = draft()
    base = actions.save(begun.number, {"paste": "sites"}, base=begun.revision, by=hand(4, "page")).revision
    actions.put(begun.number, {"paste": "", "row.1": "{}"}, by=hand(4, "page", later=1), count=1)

    outcome = actions.save(begun.number, {"paste": "sites"}, base=base, by=hand(4, "page", later=2))

    assert outcome.conflicts == ()
    assert values_of(begun.number, ["paste", "row.1", "row.2"]) == {"paste": "", "row.1": "{}"}
    assert find_draft(begun.number).count == 1


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"facts": "字" * 700_000}, "value"),
        ({"f" * 65: "x"}, "name"),
        ({"": "x"}, "name"),
    ],
)
def test_a_limit_refuses_all_and_loses_nothing(fields: dict[str, str], what: str) -> None:
    begun = draft(purpose="fraud")

    with pytest.raises(LimitError) as caught:
        actions.save(begun.number, {"purpose": "new", **fields}, base=begun.revision, by=hand())

    assert caught.value.what == what
    assert show_draft(begun.number).values == {"purpose": "fraud"}


def test_a_draft_has_room_for_so_many_fields_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_FIELDS", 2)
    monkeypatch.setattr(actions, "MAX_SIZE", 100)
    begun = draft(purpose="fraud")

    with pytest.raises(LimitError, match="fields"):
        actions.save(begun.number, {"a": "1", "b": "2"}, base=begun.revision, by=hand())
    with pytest.raises(LimitError, match="size"):
        actions.save(begun.number, {"a": "1" * 101}, base=begun.revision, by=hand())

    assert show_draft(begun.number).values == {"purpose": "fraud"}


def test_a_closed_draft_is_read_and_written_no_more() -> None:
    begun = draft(purpose="fraud")
    actions.close(begun.number, outcome="sent", by=hand(later=1))
    actions.close(begun.number, outcome="again", by=hand(later=2))

    with pytest.raises(ClosedError):
        actions.save(begun.number, {"purpose": "late"}, base=begun.revision, by=hand())

    assert find_draft(begun.number).outcome == "sent"
    assert list_drafts(LINK, purpose="inquiries") == ()
    assert [each.number for each in list_drafts(LINK, purpose="inquiries", is_closed=True)] == [begun.number]


def test_a_draft_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownDraftError):
        find_draft(99)
    with pytest.raises(UnknownDraftError):
        actions.save(99, {}, base=0, by=hand())


def test_drafts_are_listed_for_their_link_the_newest_first() -> None:
    one, two = draft(), draft()
    actions.begin("a-c", purpose="inquiries", fields={}, by=hand())
    actions.put(one.number, {"facts": "x"}, by=hand(later=9), count=20)

    listed = list_drafts(LINK, purpose="inquiries")

    assert [(each.number, each.count) for each in listed] == [(one.number, 20), (two.number, 0)]


STEPS = st.lists(
    st.tuples(st.sampled_from([4, 5]), st.sampled_from(["a", "b"]), st.sampled_from("123"), st.booleans()),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_however_two_pages_save_every_text_is_still_there(
    steps: list[tuple[int, str, str, bool]],
) -> None:
    begun = draft()
    bases = Counter({4: begun.revision, 5: begun.revision})
    taken: dict[str, set[str]] = {"a": set(), "b": set()}
    numbers = count()
    for officer, field, text, is_anew in steps:
        number = next(numbers)
        if is_anew:
            bases[officer] = find_draft(begun.number).revision
        value = f"{text} {number}"
        outcome = actions.save(
            begun.number,
            {field: value},
            base=bases[officer],
            by=hand(officer, f"{officer} {number if is_anew else ''}", later=number * 100),
        )
        bases[officer] = outcome.revision
        taken[field].add(value)

    for field, texts in taken.items():
        assert {each.value for each in history_of(begun.number, field)} == texts


def test_what_a_page_shows_of_a_field_that_nobody_saved_is_no_change_and_can_be_cleared() -> None:
    begun = draft()
    first = {"row.1.url": "one.example"}

    def save(text: str, session: str, *, base: int) -> tuple[int, int]:
        said = actions.save(
            begun.number, {"row.1.url": text}, base=base, by=hand(session=session), first=first
        )
        return said.revision, len(said.conflicts)

    assert save("one.example", "1", base=begun.revision) == (begun.revision, 0)
    assert save("", "2", base=begun.revision) == (begun.revision + 1, 0)
    assert save("one.example", "3", base=begun.revision) == (begun.revision + 1, 0)
    assert save("two.example", "4", base=begun.revision) == (begun.revision + 2, 1)
    assert show_draft(begun.number).values == {"row.1.url": ""}


# ---- Drafts of a form about an inquiry


def origin(number: int | None = None, *, about: str = "i" * 43, purpose: str = "say:refuse") -> Origin:
    return Origin(link=LINK, purpose=purpose, about=about, number=number)


def test_a_page_begins_one_draft_and_goes_on_with_it() -> None:
    first = actions.keep(origin(), {"words": "a"}, by=hand(session="page"))
    second = actions.keep_all(origin(), {"words": "as agreed"}, by=hand(session="page", later=1))
    other = actions.keep(origin(), {"words": "b"}, by=hand(session="other"))

    assert first.number == second.number != other.number
    assert show_draft(first.number).values == {"words": "as agreed"}
    assert draft_of(origin(), page="page") == find_draft(first.number)
    assert draft_of(origin(), page="nowhere") is None


def test_a_draft_belongs_to_one_form_about_one_inquiry() -> None:
    kept = actions.keep(origin(), {"words": "a"}, by=hand(session="page"))

    for wrong in (origin(kept.number, about="o" * 43), origin(kept.number, purpose="say:admit"), origin(77)):
        with pytest.raises(UnknownDraftError):
            actions.keep(wrong, {"words": "b"}, by=hand(session="other"))
    with pytest.raises(UnknownDraftError):
        actions.keep(origin(about="o" * 43), {"words": "b"}, by=hand(session="page"))


def test_a_draft_that_cannot_take_its_first_word_is_not_begun() -> None:
    with pytest.raises(LimitError):
        actions.keep(origin(), {"words": "x" * (actions.MAX_VALUE + 1)}, by=hand(session="page"))

    assert draft_of(origin(), page="page") is None


def test_lists_tell_drafts_of_forms_from_drafts_of_inquiries() -> None:
    begun = draft(purpose="fraud")
    refusal = actions.keep(origin(), {"words": "a"}, by=hand(session="one"))
    later = actions.keep(origin(purpose="say:refuse-time"), {"words": "b"}, by=hand(session="two", later=1))

    assert [each.number for each in list_drafts(LINK, purpose="inquiries")] == [begun.number]
    assert [each.number for each in list_drafts(LINK, purpose="say:refuse", about="i" * 43)] == [
        refusal.number
    ]
    assert list_drafts(LINK, purpose="say:refuse") == ()
    assert [each.number for each in list_begun(LINK, purposes="say:")] == [later.number, refusal.number]
    assert list_begun(LINK, purposes="say:", about="o" * 43) == ()
    actions.close(later.number, outcome="said", by=hand())
    assert [each.number for each in list_begun(LINK, purposes="say:", about="i" * 43)] == [refusal.number]


def test_what_a_page_sent_earlier_and_comes_later_changes_nothing() -> None:
    """The browser gave a save up half way, and the last words of the page were quicker."""
    begun = draft(purpose="")
    early, late = (
        Hand(officer=4, session="tab", now=NOON, stroke=7),
        Hand(officer=4, session="tab", now=NOON, stroke=8),
    )

    actions.save_all(begun.number, {"purpose": "to the end"}, base=begun.revision, by=late)
    outcome = actions.save(begun.number, {"purpose": "to the e"}, base=begun.revision, by=early)
    actions.save_all(begun.number, {"purpose": "to the "}, base=begun.revision, by=early)

    assert outcome.conflicts == ()
    assert show_draft(begun.number).values == {"purpose": "to the end"}
