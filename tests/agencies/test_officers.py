"""Officers: who they are, and that only the right person is taken for one."""

import pytest

from parley.agencies import actions, queries
from parley.agencies.models import JournalEntry, Officer
from parley.agencies.policy import Role

pytestmark = pytest.mark.django_db

NOON = 1_790_000_000
SECRET = "correct-horse-battery"


def add(name: str = "Chen", *, role: Role = Role.OFFICER) -> queries.OfficerRow:
    return actions.add_officer(name, role=role, language="en", secret=SECRET, now=NOON)


def fail(times: int, *, now: int) -> None:
    for _attempt in range(times):
        with pytest.raises(actions.WrongSecretError):
            actions.recognise_officer("Chen", secret="wrong", now=now)


def test_officers_are_numbered_from_one_and_listed_by_number() -> None:
    add("Chen")
    add("Wu", role=Role.VIEWER)

    rows = queries.list_officers()

    assert [(row.number, row.name, row.role) for row in rows] == [
        (1, "Chen", Role.OFFICER),
        (2, "Wu", Role.VIEWER),
    ]


def test_the_table_holds_no_secret() -> None:
    add()

    stored = Officer.objects.get().password

    assert stored.startswith("argon2$argon2id$")
    assert SECRET not in stored


def test_a_name_is_given_once_even_after_its_officer_left() -> None:
    add("Chen")
    actions.disable_officer("Chen", now=NOON)

    with pytest.raises(actions.OfficerExistsError):
        add("Chen")


@pytest.mark.parametrize(
    "name", ["", " Chen", "Chen ", "a\nb", "a\x1b[31mb", "\u202echen", "x" * 65], ids=ascii
)
def test_a_name_that_cannot_be_shown_safely_is_refused(name: str) -> None:
    with pytest.raises(actions.OfficerNameError):
        add(name)


def test_the_same_name_in_another_unicode_form_is_the_same_name() -> None:
    add("Jose\u0301")

    with pytest.raises(actions.OfficerExistsError):
        add("Jos\u00e9")


@pytest.mark.parametrize("secret", ["", "short", "password12345"])
def test_an_easy_secret_is_refused_with_reasons(secret: str) -> None:
    with pytest.raises(actions.WeakSecretError) as refused:
        actions.add_officer("Chen", role=Role.OFFICER, language="en", secret=secret, now=NOON)

    assert refused.value.reasons
    assert not queries.list_officers()


def test_name_and_secret_together_are_recognised() -> None:
    added = add()

    assert actions.recognise_officer("Chen", secret=SECRET, now=NOON) == added


def test_a_wrong_secret_an_unknown_name_and_a_disabled_officer_look_the_same() -> None:
    add("Chen")
    add("Wu")
    actions.disable_officer("Wu", now=NOON)

    refusals = set()
    for name, secret in [("Chen", "wrong"), ("nobody", SECRET), ("Wu", SECRET)]:
        with pytest.raises(actions.WrongSecretError) as refused:
            actions.recognise_officer(name, secret=secret, now=NOON)
        refusals.add(str(refused.value))

    assert len(refusals) == 1


def test_after_five_failures_even_the_right_secret_waits() -> None:
    add()
    fail(5, now=NOON)

    with pytest.raises(actions.WaitError) as refused:
        actions.recognise_officer("Chen", secret=SECRET, now=NOON + 59)

    assert refused.value.seconds == 1
    assert actions.recognise_officer("Chen", secret=SECRET, now=NOON + 60).name == "Chen"


def test_the_wait_doubles_with_each_further_failure() -> None:
    add()
    fail(5, now=NOON)
    fail(1, now=NOON + 60)

    with pytest.raises(actions.WaitError) as refused:
        actions.recognise_officer("Chen", secret=SECRET, now=NOON + 60)

    assert refused.value.seconds == 120


def test_the_right_secret_clears_the_count() -> None:
    add()
    fail(4, now=NOON)
    actions.recognise_officer("Chen", secret=SECRET, now=NOON)

    fail(4, now=NOON)

    assert actions.recognise_officer("Chen", secret=SECRET, now=NOON).name == "Chen"


def test_the_wait_of_one_officer_is_not_that_of_another() -> None:
    add("Chen")
    add("Wu")
    fail(5, now=NOON)

    assert actions.recognise_officer("Wu", secret=SECRET, now=NOON).name == "Wu"


def test_every_act_on_an_officer_is_in_the_journal() -> None:
    add()
    fail(5, now=NOON)
    actions.disable_officer("Chen", now=NOON + 1)
    actions.disable_officer("Chen", now=NOON + 2)

    acts = JournalEntry.objects.order_by("number").values_list("number", "at", "act", "subject")

    assert list(acts) == [
        (1, NOON, "officer.added", "Chen"),
        (2, NOON, "officer.shut_out", "Chen"),
        (3, NOON + 1, "officer.disabled", "Chen"),
    ]


def test_nobody_is_found_under_an_unknown_name() -> None:
    with pytest.raises(queries.UnknownOfficerError):
        queries.find_officer("nobody")
    with pytest.raises(queries.UnknownOfficerError):
        actions.disable_officer("nobody", now=NOON)
